/** Puts a role into an instance profile, which holds at most one. https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html */
import { required, type Input } from "../input";
import { AwsError, type Operation } from "../../../core/types";
import type { IamState } from "../state";

export const addRoleToInstanceProfile = (state: IamState): Operation<Input> => (input) => {
  const profile = state.instanceProfile(required(input, "InstanceProfileName"));
  const role = state.role(required(input, "RoleName"));
  if (profile.roleName !== undefined) throw new AwsError("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1", 409);
  profile.roleName = role.name;
};
