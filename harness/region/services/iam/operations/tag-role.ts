/** Adds tags to a role, or replaces their values. https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html */
import type { Operation } from "../../../core/types";
import { required, tagsIn, type Input } from "../input";
import type { IamState } from "../state";

export const tagRole = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  for (const [key, value] of tagsIn(input)) role.tags.set(key, value);
};
