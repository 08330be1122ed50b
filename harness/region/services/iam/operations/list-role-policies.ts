/** The names of a role's inline policies. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html */
import type { Operation } from "../../../core/types";
import { paged, required, type Input } from "../input";
import type { IamState } from "../state";

export const listRolePolicies = (state: IamState): Operation<Input> => (input) => {
  const { items, ...rest } = paged(input, [...state.role(required(input, "RoleName")).inlinePolicies.keys()].sort());
  return { PolicyNames: items, ...rest };
};
