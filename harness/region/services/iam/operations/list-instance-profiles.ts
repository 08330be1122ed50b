/** The instance profiles under a path. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html */
import type { Operation } from "../../../core/types";
import { describeInstanceProfile } from "../describe";
import { paged, type Input } from "../input";
import type { IamState } from "../state";

export const listInstanceProfiles = (state: IamState): Operation<Input> => (input) => {
  const prefix = String(input["PathPrefix"] ?? "/");
  const { items, ...rest } = paged(input, [...state.instanceProfiles.values()].filter(({ path }) => path.startsWith(prefix)));
  return { InstanceProfiles: items.map((profile) => describeInstanceProfile(state, profile)), ...rest };
};
