/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
import { dateOf } from "../../../wire/scalars";
import type { Random } from "../../../../time/clock";
import type { Operation } from "../../../core/types";
import type { Deliveries } from "../delivery";
import { envelope } from "../envelope";
import { constraint, validation } from "../errors";
import type { EventsStore } from "../store";

const MOST_BYTES = 1_048_576;
/** What an event's time counts towards its size. */
const TIME_BYTES = 14;

interface Entry { Time?: Date | number | string; Source?: string; Resources?: string[]; DetailType?: string; Detail?: string; EventBusName?: string }

export const putEvents = (store: EventsStore, deliveries: Deliveries, random: Random): Operation<{ Entries: Entry[] }> => (input) => {
  const entries = input.Entries;
  if (!Array.isArray(entries) || entries.length < 1 || entries.length > 10) {
    throw constraint(JSON.stringify(entries) ?? "null", "entries", `Member must have length ${Array.isArray(entries) && entries.length > 10 ? "less than or equal to 10" : "greater than or equal to 1"}`);
  }
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes > MOST_BYTES) throw validation("Total size of the entries in the request is over the limit.");
  const results = entries.map((entry) => {
    const refusal = refused(entry);
    if (refusal) return { ErrorCode: refusal[0], ErrorMessage: refusal[1] };
    const event = envelope(store.region, random, {
      source: entry.Source!, "detail-type": entry.DetailType!, resources: entry.Resources ?? [], detail: JSON.parse(entry.Detail!) as unknown,
      time: dateOf(entry.Time, "entries.time"),
    });
    const bus = entry.EventBusName === undefined ? store.bus(undefined).name : entry.EventBusName.slice(entry.EventBusName.lastIndexOf("/") + 1);
    // An unknown bus takes events too: AWS gives them an id and drops them.
    deliveries.send(event, bus);
    return { EventId: event.id };
  });
  return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
function entryBytes(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ""), entry.Time === undefined ? 0 : TIME_BYTES);
}

function refused(entry: Entry): [code: string, message: string] | undefined {
  if (!entry.Source) return ["InvalidArgument", "Parameter Source is not valid. Reason: Source is a required argument."];
  if (!entry.DetailType) return ["InvalidArgument", "Parameter DetailType is not valid. Reason: DetailType is a required argument."];
  if (!entry.Detail) return ["InvalidArgument", "Parameter Detail is not valid. Reason: Detail is a required argument."];
  if (/^aws\./.test(entry.Source)) return ["NotAuthorizedForSourceException", "Not authorized for the source."];
  try {
    const detail = JSON.parse(entry.Detail) as unknown;
    if (typeof detail === "object" && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {
    // told below
  }
  return ["MalformedDetail", "Detail is malformed."];
}
