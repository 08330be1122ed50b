/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html */
import type { Operation } from "../../../core/types";
import { invalidParameter } from "../errors";
import { page, type LogsStore } from "../store";

interface Input { logGroupName?: string; logGroupIdentifier?: string; logStreamNamePrefix?: string; orderBy?: string; descending?: boolean; limit?: number; nextToken?: string }

export const describeLogStreams = (store: LogsStore): Operation<Input> => (input) => {
  const group = store.identified(input.logGroupIdentifier, input.logGroupName);
  const byTime = input.orderBy === "LastEventTime";
  if (byTime && input.logStreamNamePrefix !== undefined) throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
  const streams = [...group.streams.values()].filter((stream) => input.logStreamNamePrefix === undefined || stream.name.startsWith(input.logStreamNamePrefix));
  const described = streams.map((stream) => {
    const events = store.visible(group, stream);
    return {
      logStreamName: stream.name,
      creationTime: stream.creationTime,
      firstEventTimestamp: events[0]?.timestamp,
      lastEventTimestamp: events[events.length - 1]?.timestamp,
      lastIngestionTime: stream.lastIngestionTime,
      uploadSequenceToken: String(events.length),
      arn: stream.arn,
      storedBytes: 0,
    };
  });
  described.sort((a, b) => (byTime ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0) : 0) || (a.logStreamName < b.logStreamName ? -1 : 1));
  if (input.descending) described.reverse();
  const { items, nextToken } = page(described, input.nextToken, input.limit, 50);
  return { logStreams: items, nextToken };
};
