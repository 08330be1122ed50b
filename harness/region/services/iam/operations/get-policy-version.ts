/** A version of a managed policy, with its document. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html */
import type { Operation } from "../../../core/types";
import { encodeDocument, required, type Input } from "../input";
import { missing, type IamState } from "../state";

export const getPolicyVersion = (state: IamState): Operation<Input> => (input) => {
  const policy = state.policy(required(input, "PolicyArn"));
  const VersionId = required(input, "VersionId");
  const version = policy.versions.get(VersionId) ?? missing(`Policy ${policy.arn} version ${VersionId} does not exist or is not attachable.`);
  return { PolicyVersion: { Document: encodeDocument(version.document), VersionId, IsDefaultVersion: VersionId === policy.defaultVersionId, CreateDate: version.createDate } };
};
