/**
 * On-Demand Instances only: a Spot Instance of a one-time request cannot be stopped, and there are no others here.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StopInstances.html
 */
import { ec2Error, unsupported } from "../errors";
import { flag, texts } from "../input";
import { REFUSED } from "../limits";
import { stateOut } from "../render";
import type { Ec2Operation } from "./operation";

/** States in which there is something to stop, or nothing more to do. */
const STOPPABLE = new Set(["running", "stopping", "stopped"]);

export const stopInstances: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "InstanceId");
  if (ids.length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter InstanceId");
  if (flag(input, "Hibernate")) throw unsupported(REFUSED.hibernation);
  const instances = core.instancesWithIds(ids);
  for (const { id, lifecycle, state } of instances) {
    if (!STOPPABLE.has(state)) throw ec2Error("IncorrectInstanceState", `This instance '${id}' is not in a state from which it can be stopped.`);
    if (lifecycle === "spot") {
      throw ec2Error("UnsupportedOperation", `You can't stop the Spot Instance '${id}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`);
    }
  }
  const skipOsShutdown = flag(input, "SkipOsShutdown") ?? false;
  return {
    instancesSet: instances.map((instance) => {
      const previousState = stateOut(instance.state);
      instance.stop("user", skipOsShutdown);
      return { instanceId: instance.id, currentState: stateOut(instance.state), previousState };
    }),
  };
};
