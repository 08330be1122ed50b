/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html */
import type { Operation } from "../../../core/types";
import type { SqsState } from "../state";

export const deleteMessage = (state: SqsState): Operation<{ QueueUrl?: string; ReceiptHandle?: string }> => ({ QueueUrl, ReceiptHandle = "" }) => {
  const queue = state.byUrl(QueueUrl);
  const message = queue.byReceipt(ReceiptHandle);
  if (message) queue.remove(message);
};
