/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
import type { Operation } from "../../../core/types";
import { checkAttributes } from "../attributes";
import type { SqsState } from "../state";

export const setQueueAttributes = (state: SqsState): Operation<{ QueueUrl?: string; Attributes?: Record<string, string> }> => ({ QueueUrl, Attributes = {} }) => {
  const queue = state.byUrl(QueueUrl);
  for (const [name, value] of Object.entries(checkAttributes(Attributes))) queue.attributes.set(name, value);
  queue.modified = queue.clock.now();
};
