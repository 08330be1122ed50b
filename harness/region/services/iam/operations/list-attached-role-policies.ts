/** The managed policies attached to a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html */
import type { Operation } from "../../../core/types";
import { paged, required, type Input } from "../input";
import type { IamState } from "../state";

export const listAttachedRolePolicies = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  const { items, ...rest } = paged(input, [...role.attachedPolicies]);
  return { AttachedPolicies: items.map((arn) => ({ PolicyName: state.policy(arn).name, PolicyArn: arn })), ...rest };
};
