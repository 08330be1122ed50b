/** Deletes a load balancer with its listeners; one that is not there is no error. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html */
import type { Operation } from "../../../core/types";
import type { Input } from "../input";
import type { ElbState } from "../state";

export const deleteLoadBalancer = (state: ElbState): Operation<Input> => (input) => {
  const arn = state.requireArn(String(input["LoadBalancerArn"]), "load balancer");
  state.loadBalancers.delete(arn);
  for (const listener of [...state.listeners.values()]) if (listener.loadBalancerArn === arn) state.listeners.delete(listener.arn);
  return {};
};
