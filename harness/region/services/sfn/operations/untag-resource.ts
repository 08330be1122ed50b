/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_UntagResource.html */
import type { Operation } from "../../../core/types";
import { checkArn } from "../names";
import type { SfnStore } from "../store";
import { taggedMachine } from "../tags";

export const untagResource = (store: SfnStore): Operation<{ resourceArn?: string; tagKeys?: string[] }> => ({ resourceArn, tagKeys = [] }) => {
  const machine = taggedMachine(store, checkArn(resourceArn, "resourceArn"));
  for (const key of tagKeys) machine.tags.delete(key);
  return {};
};
