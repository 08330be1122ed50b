/**
 * A target group's attributes.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroupAttributes.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroupAttributes.html
 */
import type { Operation } from "../../../core/types";
import { checkAttribute } from "../attributes";
import { describeAttributes } from "../describe";
import { listIn, type Input } from "../input";
import type { ElbState } from "../state";
import { kindOf } from "../target-group";

export const describeTargetGroupAttributes = (state: ElbState): Operation<Input> => (input) => describeAttributes(state.targetGroup(String(input["TargetGroupArn"])).attributes);

export const modifyTargetGroupAttributes = (state: ElbState): Operation<Input> => (input) => {
  const group = state.targetGroup(String(input["TargetGroupArn"]));
  const changes = listIn(input, "Attributes").map(({ Key, Value }) => [String(Key), String(Value ?? "")] as const);
  for (const [key, value] of changes) checkAttribute(key, value, kindOf(group.protocol));
  for (const [key, value] of changes) group.attributes.set(key, value);
  return describeAttributes(group.attributes);
};
