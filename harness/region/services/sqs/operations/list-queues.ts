/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html */
import { pageOf } from "../../../core/paging";
import type { Operation } from "../../../core/types";
import type { SqsState } from "../state";

export const listQueues = (state: SqsState): Operation<{ QueueNamePrefix?: string; MaxResults?: number; NextToken?: string }> => ({ QueueNamePrefix = "", MaxResults = 1000, NextToken }) => {
  const urls = [...state.queues.values()].filter(({ name }) => name.startsWith(QueueNamePrefix)).map(({ url }) => url).sort();
  const { items, nextToken } = pageOf(urls, MaxResults, NextToken, "InvalidParameterValue");
  return { QueueUrls: items, NextToken: nextToken };
};
