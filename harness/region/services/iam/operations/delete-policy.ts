/** Deletes a managed policy that is attached to nothing. https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html */
import { required, type Input } from "../input";
import { AwsError, type Operation } from "../../../core/types";
import { conflict } from "../refusals";
import type { IamState } from "../state";

export const deletePolicy = (state: IamState): Operation<Input> => (input) => {
  const policy = state.policy(required(input, "PolicyArn"));
  if (state.awsPolicies.has(policy.arn)) throw new AwsError("AccessDenied", "Cannot perform the operation on the protected policy.", 403);
  if ([...state.roles.values()].some((role) => role.attachedPolicies.has(policy.arn))) throw conflict("Cannot delete a policy attached to entities.");
  if (policy.versions.size > 1) throw conflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.");
  state.policies.delete(policy.arn);
};
