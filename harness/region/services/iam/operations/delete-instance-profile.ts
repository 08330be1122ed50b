/** Deletes an instance profile that holds no role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html */
import type { Operation } from "../../../core/types";
import { required, type Input } from "../input";
import { conflict } from "../refusals";
import type { IamState } from "../state";

export const deleteInstanceProfile = (state: IamState): Operation<Input> => (input) => {
  const profile = state.instanceProfile(required(input, "InstanceProfileName"));
  if (profile.roleName !== undefined) throw conflict("Cannot delete entity, must remove roles from instance profile first.");
  state.instanceProfiles.delete(profile.name);
};
