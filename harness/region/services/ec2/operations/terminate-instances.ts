/**
 * All the instances named, or none: the OS is shut down, unless SkipOsShutdown asks for a cut of the power.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
 */
import { ec2Error } from "../errors";
import { flag, texts } from "../input";
import { stateOut } from "../render";
import type { Ec2Operation } from "./operation";

export const terminateInstances: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "InstanceId");
  if (ids.length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter InstanceId");
  const instances = core.instancesWithIds(ids);
  for (const instance of instances) {
    if (instance.plan.terminationProtected && !instance.isEnding) {
      throw ec2Error("OperationNotPermitted", `The instance '${instance.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`);
    }
  }
  const skipOsShutdown = flag(input, "SkipOsShutdown") ?? false;
  const force = flag(input, "Force") ?? false;
  return {
    instancesSet: instances.map((instance) => {
      const previousState = stateOut(instance.state);
      instance.end({ by: "user", spotStatus: "instance-terminated-by-user", skipOsShutdown, force });
      return { instanceId: instance.id, currentState: stateOut(instance.state), previousState };
    }),
  };
};
