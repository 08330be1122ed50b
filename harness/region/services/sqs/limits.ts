/** What of SQS is refused by name. */
import type { RefusedMembers } from "../../core/unsupported";

export const REFUSED = {
  fifo: "FIFO queues",
} as const;

export const REFUSED_MEMBERS: RefusedMembers = {
  GetQueueUrl: { QueueOwnerAWSAccountId: [] },
  SendMessage: { MessageSystemAttributes: [], MessageDeduplicationId: [], MessageGroupId: [] },
  ReceiveMessage: { ReceiveRequestAttemptId: [] },
};
