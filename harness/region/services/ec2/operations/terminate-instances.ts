/**
 * The OS is shut down, unless SkipOsShutdown asks for a cut of the power. One bad id, and none is terminated; one that is protected
 * saves those in its zone with it.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 */
import { ec2Error } from "../errors";
import { flag, texts } from "../input";
import { stateOut } from "../render";
import type { Ec2Operation } from "./operation";

const MOST = 1000;

export const terminateInstances: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "InstanceId");
  if (ids.length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter InstanceId");
  const instances = core.instancesWithIds(ids);
  if (ids.length > MOST) throw ec2Error("InvalidParameterValue", `The maximum number of instances that can be terminated in one call is ${MOST}.`);
  const saved = instances.filter((instance) => instance.terminationProtected && !instance.isEnding);
  const zones = new Set(saved.map(({ subnet }) => subnet.zone));
  const skipOsShutdown = flag(input, "SkipOsShutdown") ?? false;
  const force = flag(input, "Force") ?? false;
  const changes = instances.filter(({ subnet }) => !zones.has(subnet.zone)).map((instance) => {
    const previousState = stateOut(instance.state);
    instance.end({ by: "user", spotStatus: "instance-terminated-by-user", skipOsShutdown, force });
    return { instanceId: instance.id, currentState: stateOut(instance.state), previousState };
  });
  if (saved.length > 0) throw ec2Error("OperationNotPermitted", `The instance '${saved[0]!.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`);
  return { instancesSet: changes };
};
