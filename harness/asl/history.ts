/**
 * An execution's history: what AWS's GetExecutionHistory tells. Events are kept as references to the interpreter's own
 * values and are written out only when someone asks.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
import type { Microseconds } from "../time/clock";
import type { EventType } from "./event-types";
import type { Json } from "./json";

/** A text that a caller handed over: the history keeps it as it was written, where values of the interpreter's own are written without spaces. */
export class GivenText {
  constructor(readonly text: string) {}
}

/** Members of an event's details. `input`, `output`, `parameters` and `assignedVariables` are values, not yet text. */
export type EventDetails = Readonly<Record<string, unknown>>;

export interface HistoryEvent {
  id: number;
  previousEventId: number;
  time: Microseconds;
  /** AWS's name: `PassStateEntered`, `TaskScheduled`. */
  type: EventType;
  details: EventDetails | undefined;
}

/** More events than this end an execution: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAXIMUM_EVENTS = 25_000;

export class History {
  readonly events: HistoryEvent[] = [];
  constructor(private readonly now: () => Microseconds) {}

  append(type: EventType, previousEventId: number, details?: EventDetails): HistoryEvent {
    const event = { id: this.events.length + 1, previousEventId, time: this.now(), type, details };
    this.events.push(event);
    return event;
  }
}

/** Details whose member in the API's event is not simply the type's own name. */
const DETAILS_OF_KIND: readonly [suffix: string, member: string][] = [
  ["StateEntered", "stateEnteredEventDetails"],
  ["StateExited", "stateExitedEventDetails"],
];
const TRUNCATION: Readonly<Record<string, string>> = { input: "inputDetails", output: "outputDetails", assignedVariables: "assignedVariablesDetails" };

const detailsMember = (type: string): string =>
  DETAILS_OF_KIND.find(([suffix]) => type.endsWith(suffix))?.[1] ?? `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;

/**
 * One event in the shape of the API model (timestamps are Dates). Without the execution's data, inputs and outputs are
 * left out, as `includeExecutionData: false` asks.
 */
export function toApiEvent(event: HistoryEvent, includeData = true): Record<string, unknown> {
  const base = { timestamp: new Date(event.time / 1000), type: event.type, id: event.id, previousEventId: event.previousEventId };
  if (event.details === undefined) return base;
  const details: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(event.details)) {
    if (value === undefined) continue;
    const truncation = TRUNCATION[key];
    if (truncation !== undefined) {
      if (!includeData) continue;
      details[key] = key === "assignedVariables" ? mapValues(value as Record<string, Json>) : value instanceof GivenText ? value.text : JSON.stringify(value);
      details[truncation] = { truncated: false };
    } else if (key === "parameters") {
      details[key] = JSON.stringify(value);
    } else {
      details[key] = value;
    }
  }
  return { ...base, [detailsMember(event.type)]: details };
}

const mapValues = (variables: Record<string, Json>): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)]));
