/** An instance profile with its role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html */
import type { Operation } from "../../../core/types";
import { describeInstanceProfile } from "../describe";
import { required, type Input } from "../input";
import type { IamState } from "../state";

export const getInstanceProfile = (state: IamState): Operation<Input> => (input) => {
  return { InstanceProfile: describeInstanceProfile(state, state.instanceProfile(required(input, "InstanceProfileName"))) };
};
