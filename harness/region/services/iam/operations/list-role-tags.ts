/** The tags of a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html */
import type { Operation } from "../../../core/types";
import { paged, required, tagList, type Input } from "../input";
import type { IamState } from "../state";

export const listRoleTags = (state: IamState): Operation<Input> => (input) => {
  const { items, ...rest } = paged(input, tagList(state.role(required(input, "RoleName")).tags));
  return { Tags: items, ...rest };
};
