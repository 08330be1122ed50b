/** Load balancers by ARN or name. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html */
import type { Operation } from "../../../core/types";
import { describeLoadBalancer } from "../describe";
import { loadBalancerNotFound } from "../errors";
import { paged, textsIn, type Input } from "../input";
import type { ElbState } from "../state";

export const describeLoadBalancers = (state: ElbState): Operation<Input> => (input) => {
  const names = textsIn(input, "Names");
  const asked = textsIn(input, "LoadBalancerArns").map((arn) => state.loadBalancer(arn).arn);
  const all = [...state.loadBalancers.values()];
  if (names.some((name) => !all.some((balancer) => balancer.name === name))) throw loadBalancerNotFound();
  const { items, ...rest } = paged(input, all.filter(({ name, arn }) => (names.length === 0 || names.includes(name)) && (asked.length === 0 || asked.includes(arn))));
  return { LoadBalancers: items.map(describeLoadBalancer), ...rest };
};
