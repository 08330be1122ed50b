/** Deletes a role that has nothing attached. https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html */
import type { Operation } from "../../../core/types";
import { required, type Input } from "../input";
import { conflict } from "../refusals";
import type { IamState } from "../state";

export const deleteRole = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  if ([...state.instanceProfiles.values()].some(({ roleName }) => roleName === role.name)) throw conflict("Cannot delete entity, must remove roles from instance profile first.");
  if (role.attachedPolicies.size > 0) throw conflict("Cannot delete entity, must detach all policies first.");
  if (role.inlinePolicies.size > 0) throw conflict("Cannot delete entity, must delete policies first.");
  state.roles.delete(role.name);
};
