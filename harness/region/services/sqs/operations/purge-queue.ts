/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
import type { Operation } from "../../../core/types";
import type { SqsState } from "../state";

export const purgeQueue = (state: SqsState): Operation<{ QueueUrl?: string }> => ({ QueueUrl }) => {
  const queue = state.byUrl(QueueUrl);
  queue.messages.length = 0;
  state.report(queue);
};
