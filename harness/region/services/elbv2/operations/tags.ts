/**
 * Tags of load balancers, listeners and target groups.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RemoveTags.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
 */
import type { Operation } from "../../../core/types";
import { tagList } from "../describe";
import { refuseTooMany, tagsIn, textsIn, type Input } from "../input";
import type { ElbState } from "../state";

export const addTags = (state: ElbState): Operation<Input> => (input) => {
  const added = tagsIn(input);
  const all = textsIn(input, "ResourceArns").map((arn) => state.tagsOf(arn));
  for (const tags of all) refuseTooMany(new Map([...tags, ...added]));
  for (const tags of all) for (const [key, value] of added) tags.set(key, value);
  return {};
};

export const removeTags = (state: ElbState): Operation<Input> => (input) => {
  const all = textsIn(input, "ResourceArns").map((arn) => state.tagsOf(arn));
  for (const tags of all) for (const key of textsIn(input, "TagKeys")) tags.delete(key);
  return {};
};

export const describeTags = (state: ElbState): Operation<Input> => (input) => ({
  TagDescriptions: textsIn(input, "ResourceArns").map((ResourceArn) => ({ ResourceArn, Tags: tagList(state.tagsOf(ResourceArn)) })),
});
