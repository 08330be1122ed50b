/** Target groups by ARN, by name, or of a load balancer. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html */
import type { Operation } from "../../../core/types";
import { describeTargetGroup } from "../describe";
import { targetGroupNotFound } from "../errors";
import { paged, textIn, textsIn, type Input } from "../input";
import type { ElbState } from "../state";

export const describeTargetGroups = (state: ElbState): Operation<Input> => (input) => {
  const names = textsIn(input, "Names");
  const asked = textsIn(input, "TargetGroupArns").map((arn) => state.targetGroup(arn).arn);
  const balancer = textIn(input, "LoadBalancerArn");
  if (balancer !== undefined) state.loadBalancer(balancer);
  const all = [...state.targetGroups.values()];
  if (names.some((name) => !all.some((group) => group.name === name))) throw targetGroupNotFound();
  const found = all.filter((group) => (names.length === 0 || names.includes(group.name)) && (asked.length === 0 || asked.includes(group.arn)) && (balancer === undefined || state.usersOf(group).includes(balancer)));
  const { items, ...rest } = paged(input, found);
  return { TargetGroups: items.map((group) => describeTargetGroup(state, group)), ...rest };
};
