/** Detaches a managed policy from a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html */
import type { Operation } from "../../../core/types";
import { required, type Input } from "../input";
import { missing, type IamState } from "../state";

export const detachRolePolicy = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  const arn = required(input, "PolicyArn");
  if (!role.attachedPolicies.delete(arn)) missing(`Policy ${arn} was not found.`);
};
