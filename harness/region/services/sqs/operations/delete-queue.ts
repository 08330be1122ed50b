/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html */
import type { Operation } from "../../../core/types";
import type { SqsState } from "../state";

export const deleteQueue = (state: SqsState): Operation<{ QueueUrl?: string }> => ({ QueueUrl }) => {
  state.queues.delete(state.byUrl(QueueUrl).name);
};
