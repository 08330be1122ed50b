/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html */
import type { Operation } from "../../../core/types";
import { constraint, invalidParameter } from "../errors";
import { firstIndex, type LogsStore } from "../store";

const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;

interface Input {
  logGroupName?: string; logGroupIdentifier?: string; logStreamName: string;
  startTime?: number; endTime?: number; limit?: number; nextToken?: string; startFromHead?: boolean;
}

/**
 * A page of a stream. Its tokens hold the position in the stream from which to read forward (`f/…`) or before which to
 * read backward (`b/…`); at either end the same token comes back.
 */
export const getLogEvents = (store: LogsStore): Operation<Input> => (input) => {
  const group = store.identified(input.logGroupIdentifier, input.logGroupName);
  const stream = store.stream(group, input.logStreamName);
  const limit = input.limit ?? MOST_EVENTS;
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_EVENTS) throw constraint(limit, "limit", limit < 1 ? "Member must have value greater than or equal to 1" : `Member must have value less than or equal to ${MOST_EVENTS}`);
  const events = store.visible(group, stream);
  const low = input.startTime === undefined ? 0 : firstIndex(events, input.startTime);
  const high = Math.max(low, input.endTime === undefined ? events.length : firstIndex(events, input.endTime));
  const token = readToken(input.nextToken);
  const forward = token ? token.forward : input.startFromHead === true;
  let start: number;
  let end: number;
  if (forward) {
    start = Math.min(Math.max(token?.position ?? low, low), high);
    end = start;
    for (let bytes = 0; end < high && end - start < limit; end++) {
      bytes += Buffer.byteLength(events[end]!.message) + 26;
      if (bytes > MOST_BYTES && end > start) break;
    }
  } else {
    end = Math.min(Math.max(token?.position ?? high, low), high);
    start = end;
    for (let bytes = 0; start > low && end - start < limit; start--) {
      bytes += Buffer.byteLength(events[start - 1]!.message) + 26;
      if (bytes > MOST_BYTES && end > start) break;
    }
  }
  return {
    events: events.slice(start, end).map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: writeToken("f", end),
    nextBackwardToken: writeToken("b", start),
  };
};

const writeToken = (direction: "f" | "b", position: number): string => `${direction}/${String(position).padStart(56, "0")}/s`;

function readToken(text: string | undefined): { forward: boolean; position: number } | undefined {
  if (text === undefined) return undefined;
  const match = /^([fb])\/(\d+)\/s$/.exec(text);
  if (!match) throw invalidParameter("The specified nextToken is invalid.");
  return { forward: match[1] === "f", position: Number(match[2]) };
}
