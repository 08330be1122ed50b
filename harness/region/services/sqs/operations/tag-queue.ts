/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html */
import type { Operation } from "../../../core/types";
import type { SqsState } from "../state";

export const tagQueue = (state: SqsState): Operation<{ QueueUrl?: string; Tags?: Record<string, string> }> => ({ QueueUrl, Tags = {} }) => {
  const { tags } = state.byUrl(QueueUrl);
  for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
};
