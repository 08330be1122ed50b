/** The versions of a managed policy. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html */
import type { Operation } from "../../../core/types";
import { paged, required, type Input } from "../input";
import type { IamState } from "../state";

export const listPolicyVersions = (state: IamState): Operation<Input> => (input) => {
  const policy = state.policy(required(input, "PolicyArn"));
  const { items, ...rest } = paged(input, [...policy.versions]);
  return { Versions: items.map(([VersionId, { createDate }]) => ({ VersionId, IsDefaultVersion: VersionId === policy.defaultVersionId, CreateDate: createDate })), ...rest };
};
