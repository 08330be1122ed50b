/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html */
import type { Operation } from "../../../core/types";
import { invalidParameter } from "../errors";
import { compileFilterPattern } from "../filter-pattern";
import { firstIndex, page, type LogEvent, type LogsStore } from "../store";

interface Input {
  logGroupName?: string; logGroupIdentifier?: string; logStreamNames?: string[]; logStreamNamePrefix?: string;
  startTime?: number; endTime?: number; filterPattern?: string; limit?: number; nextToken?: string;
}

export const filterLogEvents = (store: LogsStore): Operation<Input> => (input) => {
  const group = store.identified(input.logGroupIdentifier, input.logGroupName);
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names && prefix !== undefined) throw invalidParameter("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
  const matches = compileFilterPattern(input.filterPattern ?? "");
  const streams = names ? names.map((name) => store.stream(group, name)) : [...group.streams.values()].filter((stream) => prefix === undefined || stream.name.startsWith(prefix));
  const found: (LogEvent & { logStreamName: string })[] = [];
  for (const stream of streams) {
    const events = store.visible(group, stream);
    const end = input.endTime === undefined ? events.length : firstIndex(events, input.endTime);
    for (let index = input.startTime === undefined ? 0 : firstIndex(events, input.startTime); index < end; index++) {
      const event = events[index]!;
      if (matches(event.message)) found.push({ ...event, logStreamName: stream.name });
    }
  }
  found.sort((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1));
  const { items, nextToken } = page(found, input.nextToken, input.limit, 10_000);
  return {
    events: items.map(({ id, logStreamName, timestamp, message, ingestionTime }) => ({ logStreamName, timestamp, message, ingestionTime, eventId: id })),
    searchedLogStreams: [],
    nextToken,
  };
};
