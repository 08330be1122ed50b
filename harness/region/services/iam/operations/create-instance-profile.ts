/** Creates an instance profile without a role. https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html */
import type { Operation } from "../../../core/types";
import { describeInstanceProfile } from "../describe";
import { nameIn, pathIn, tagsIn, type Input } from "../input";
import { exists } from "../refusals";
import type { IamState } from "../state";

export const createInstanceProfile = (state: IamState): Operation<Input> => (input) => {
  const name = nameIn(input, "InstanceProfileName", 128);
  const path = pathIn(input);
  if (state.instanceProfiles.has(name)) throw exists(`Instance Profile ${name} already exists.`);
  const profile = { name, path, arn: state.arn("instance-profile", path, name), id: state.newId("AIPA"), createDate: state.now(), tags: tagsIn(input) };
  state.instanceProfiles.set(name, profile);
  return { InstanceProfile: describeInstanceProfile(state, profile) };
};
