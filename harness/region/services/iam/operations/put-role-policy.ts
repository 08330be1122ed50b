/** Adds an inline policy to a role, or replaces it. https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
import type { Operation } from "../../../core/types";
import { documentIn, nameIn, required, type Input } from "../input";
import type { IamState } from "../state";

export const putRolePolicy = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  const name = nameIn(input, "PolicyName", 128);
  role.inlinePolicies.set(name, documentIn(input, "PolicyDocument", "identity"));
};
