/** Deletes an inline policy of a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html */
import type { Operation } from "../../../core/types";
import { required, type Input } from "../input";
import { missing, type IamState } from "../state";

export const deleteRolePolicy = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  const name = required(input, "PolicyName");
  if (!role.inlinePolicies.delete(name)) missing(`The role policy with name ${name} cannot be found.`);
};
