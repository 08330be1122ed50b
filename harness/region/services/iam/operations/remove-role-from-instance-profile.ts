/** Takes the role out of an instance profile. https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html */
import type { Operation } from "../../../core/types";
import { required, type Input } from "../input";
import { missing, type IamState } from "../state";

export const removeRoleFromInstanceProfile = (state: IamState): Operation<Input> => (input) => {
  const profile = state.instanceProfile(required(input, "InstanceProfileName"));
  const name = required(input, "RoleName");
  if (profile.roleName !== name) missing(`The role with name ${name} cannot be found.`);
  delete profile.roleName;
};
