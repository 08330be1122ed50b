/** The instance profiles that hold a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html */
import type { Operation } from "../../../core/types";
import { describeInstanceProfile } from "../describe";
import { paged, required, type Input } from "../input";
import type { IamState } from "../state";

export const listInstanceProfilesForRole = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  const { items, ...rest } = paged(input, [...state.instanceProfiles.values()].filter(({ roleName }) => roleName === role.name));
  return { InstanceProfiles: items.map((profile) => describeInstanceProfile(state, profile)), ...rest };
};
