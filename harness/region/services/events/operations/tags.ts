/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TagResource.html and its neighbours. */
import type { Operation } from "../../../core/types";
import { setTags, type EventsStore, type Tag } from "../store";

export const tagResource = (store: EventsStore): Operation<{ ResourceARN: string; Tags: Tag[] }> => (input) => setTags(store.tagged(input.ResourceARN), input.Tags);
export const untagResource = (store: EventsStore): Operation<{ ResourceARN: string; TagKeys: string[] }> => (input) => {
  const tags = store.tagged(input.ResourceARN);
  for (const key of input.TagKeys ?? []) tags.delete(key);
};
export const listTagsForResource = (store: EventsStore): Operation<{ ResourceARN: string }> => (input) => ({ Tags: [...store.tagged(input.ResourceARN)].map(([Key, Value]) => ({ Key, Value })) });
