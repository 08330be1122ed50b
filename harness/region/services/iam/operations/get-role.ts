/** A role with its trust policy. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
import type { Operation } from "../../../core/types";
import { describeRole } from "../describe";
import { required, type Input } from "../input";
import type { IamState } from "../state";

export const getRole = (state: IamState): Operation<Input> => (input) => {
  return { Role: describeRole(state.role(required(input, "RoleName"))) };
};
