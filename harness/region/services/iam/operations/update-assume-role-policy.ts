/** Replaces the trust policy of a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html */
import type { Operation } from "../../../core/types";
import { documentIn, required, type Input } from "../input";
import type { IamState } from "../state";

export const updateAssumeRolePolicy = (state: IamState): Operation<Input> => (input) => {
  const role = state.role(required(input, "RoleName"));
  role.trustPolicy = documentIn(input, "PolicyDocument", "trust");
};
