/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html and API_UntagQueue.html */
import type { Operation } from "../../../core/types";
import type { SqsState } from "../state";

export const tagQueue = (state: SqsState): Operation<{ QueueUrl?: string; Tags?: Record<string, string> }> => ({ QueueUrl, Tags = {} }) => {
  const { tags } = state.byUrl(QueueUrl);
  for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
};

export const untagQueue = (state: SqsState): Operation<{ QueueUrl?: string; TagKeys?: string[] }> => ({ QueueUrl, TagKeys = [] }) => {
  const { tags } = state.byUrl(QueueUrl);
  for (const key of TagKeys) tags.delete(key);
};
