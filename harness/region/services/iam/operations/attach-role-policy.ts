/** Attaches a managed policy to a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html */
import type { Operation } from "../../../core/types";
import { required, type Input } from "../input";
import { missing, type IamState } from "../state";

export const attachRolePolicy = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  const arn = required(input, "PolicyArn");
  if (!state.findPolicy(arn)) missing(`Policy ${arn} does not exist or is not attachable.${state.whyUnknown(arn)}`);
  role.attachedPolicies.add(arn);
};
