/** An inline policy of a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
import type { Operation } from "../../../core/types";
import { encodeDocument, required, type Input } from "../input";
import { missing, type IamState } from "../state";

export const getRolePolicy = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  const name = required(input, "PolicyName");
  const document = role.inlinePolicies.get(name) ?? missing(`The role policy with name ${name} cannot be found.`);
  return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeDocument(document) };
};
