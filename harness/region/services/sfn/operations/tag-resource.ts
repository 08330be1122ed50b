/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_TagResource.html */
import type { Operation } from "../../../core/types";
import { checkArn } from "../names";
import type { SfnStore } from "../store";
import { readTags, taggedMachine, type Tag } from "../tags";

export const tagResource = (store: SfnStore): Operation<{ resourceArn?: string; tags?: Tag[] }> => ({ resourceArn, tags }) => {
  const machine = taggedMachine(store, checkArn(resourceArn, "resourceArn"));
  for (const [key, value] of readTags(tags)) machine.tags.set(key, value);
  return {};
};
