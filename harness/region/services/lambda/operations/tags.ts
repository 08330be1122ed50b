/** https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html and its neighbours */
import type { Operation } from "../../../core/types";
import type { LambdaStore } from "../store";

export const tagResource = (store: LambdaStore): Operation<{ Resource: string; Tags: Record<string, string> }> => (input) => {
  const { tags } = store.find(input.Resource).fn;
  for (const [key, value] of Object.entries(input.Tags ?? {})) tags.set(key, value);
};
export const untagResource = (store: LambdaStore): Operation<{ Resource: string; TagKeys: string[] }> => (input) => {
  const { tags } = store.find(input.Resource).fn;
  for (const key of input.TagKeys ?? []) tags.delete(key);
};
export const listTags = (store: LambdaStore): Operation<{ Resource: string }> => (input) => ({ Tags: Object.fromEntries(store.find(input.Resource).fn.tags) });
