/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
import type { CallContext, Operation } from "../../../core/types";
import { constraint, invalidParameter } from "../errors";
import { putFilteredMetrics } from "../metric-filters";
import { checkGroupName, firstIndex, type LogEvent, type LogsStore } from "../store";

const DAY = 86_400_000;
const MOST_EVENTS = 10_000;
const MOST_BYTES = 1_048_576;
/** What each event counts beyond its message. */
const EVENT_BYTES = 26;

interface InputEvent { timestamp: number; message: string }
interface Input { logGroupName: string; logStreamName: string; logEvents: InputEvent[]; sequenceToken?: string }

export const putLogEvents = (store: LogsStore): Operation<Input> => async (input, context: CallContext) => {
  const group = store.group(checkGroupName(input.logGroupName));
  const stream = store.stream(group, input.logStreamName);
  const events = input.logEvents;
  check(events);
  const now = store.now();
  const tooNew = now + 2 * 3_600_000;
  const expired = group.retentionInDays === undefined ? -Infinity : now - group.retentionInDays * DAY;
  const tooOld = now - 14 * DAY;
  const rejected: { tooNewLogEventStartIndex?: number; tooOldLogEventEndIndex?: number; expiredLogEventEndIndex?: number } = {};
  const accepted: LogEvent[] = [];
  for (const [index, { timestamp, message }] of events.entries()) {
    if (timestamp > tooNew) rejected.tooNewLogEventStartIndex ??= index;
    else if (timestamp < expired) rejected.expiredLogEventEndIndex = index + 1;
    else if (timestamp < tooOld) rejected.tooOldLogEventEndIndex = index + 1;
    else accepted.push({ id: store.eventId(), timestamp, message, ingestionTime: now });
  }
  insert(stream.events, accepted);
  if (accepted.length > 0) stream.lastIngestionTime = now;
  if (group.metricFilters.size > 0) await putFilteredMetrics(group, accepted, context);
  return { nextSequenceToken: String(stream.events.length).padStart(56, "4"), ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}) };
};

function check(events: unknown): asserts events is InputEvent[] {
  if (!Array.isArray(events) || events.length === 0) throw constraint(events ?? "null", "logEvents", events === undefined ? "Member must not be null" : "Member must have length greater than or equal to 1");
  if (events.length > MOST_EVENTS) throw constraint(`${events.length} events`, "logEvents", `Member must have length less than or equal to ${MOST_EVENTS}`);
  let bytes = 0;
  let before = -Infinity;
  for (const [index, event] of (events as InputEvent[]).entries()) {
    if (typeof event?.timestamp !== "number" || event.timestamp < 0) throw constraint(event?.timestamp ?? "null", `logEvents.${index + 1}.member.timestamp`, "Member must have value greater than or equal to 0");
    if (typeof event.message !== "string" || event.message.length === 0) throw constraint(event.message ?? "null", `logEvents.${index + 1}.member.message`, "Member must have length greater than or equal to 1");
    if (event.timestamp < before) throw invalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
    before = event.timestamp;
    bytes += Buffer.byteLength(event.message) + EVENT_BYTES;
  }
  if (bytes > MOST_BYTES) throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MOST_BYTES}`);
  if (before - (events as InputEvent[])[0]!.timestamp > DAY) throw invalidParameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
}

/** Adds events, themselves in order, so that the stream stays sorted by time; nearly always at its end. */
function insert(events: LogEvent[], added: readonly LogEvent[]): void {
  const last = events[events.length - 1];
  const first = added[0];
  if (!first) return;
  if (!last || last.timestamp <= first.timestamp) events.push(...added);
  else for (const event of added) events.splice(firstIndex(events, event.timestamp + 1), 0, event);
}
