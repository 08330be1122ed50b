/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html */
import type { Operation } from "../../../core/types";
import type { SqsState } from "../state";

export const getQueueUrl = (state: SqsState): Operation<{ QueueName?: string }> => ({ QueueName = "" }) => ({ QueueUrl: state.byName(QueueName).url });
