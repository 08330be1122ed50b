/** Removes tags from a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html */
import type { Operation } from "../../../core/types";
import { required, type Input } from "../input";
import type { IamState } from "../state";

export const untagRole = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  for (const key of (input["TagKeys"] ?? []) as string[]) role.tags.delete(key);
};
