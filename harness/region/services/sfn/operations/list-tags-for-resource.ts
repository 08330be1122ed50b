/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListTagsForResource.html */
import type { Operation } from "../../../core/types";
import { checkArn } from "../names";
import type { SfnStore } from "../store";
import { listTags, taggedMachine } from "../tags";

export const listTagsForResource = (store: SfnStore): Operation<{ resourceArn?: string }> => ({ resourceArn }) =>
  ({ tags: listTags(taggedMachine(store, checkArn(resourceArn, "resourceArn")).tags) });
