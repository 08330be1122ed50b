/** Listeners by ARN, or of a load balancer. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListeners.html */
import type { Operation } from "../../../core/types";
import { describeListener } from "../describe";
import { validation } from "../errors";
import { paged, textIn, textsIn, type Input } from "../input";
import type { ElbState } from "../state";

export const describeListeners = (state: ElbState): Operation<Input> => (input) => {
  const asked = textsIn(input, "ListenerArns").map((arn) => state.listener(arn));
  const balancer = textIn(input, "LoadBalancerArn");
  if (asked.length === 0 && balancer === undefined) throw validation("You must specify either listener ARNs or a load balancer ARN");
  const found = balancer === undefined ? asked : [...state.listeners.values()].filter(({ loadBalancerArn }) => loadBalancerArn === state.loadBalancer(balancer).arn);
  const { items, ...rest } = paged(input, found);
  return { Listeners: items.map(describeListener), ...rest };
};
