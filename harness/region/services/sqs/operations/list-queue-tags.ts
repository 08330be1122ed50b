/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueueTags.html */
import type { Operation } from "../../../core/types";
import type { SqsState } from "../state";

export const listQueueTags = (state: SqsState): Operation<{ QueueUrl?: string }> => ({ QueueUrl }) => ({ Tags: Object.fromEntries(state.byUrl(QueueUrl).tags) });
