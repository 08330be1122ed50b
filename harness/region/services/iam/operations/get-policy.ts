/** A managed policy, without its document. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html */
import type { Operation } from "../../../core/types";
import { describePolicy } from "../describe";
import { required, type Input } from "../input";
import type { IamState } from "../state";

export const getPolicy = (state: IamState): Operation<Input> => (input) => {
  return { Policy: describePolicy(state, state.policy(required(input, "PolicyArn"))) };
};
