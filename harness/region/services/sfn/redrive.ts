/** Which executions can be redriven. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
import { MAXIMUM_EVENTS } from "../../../asl/history";
import { seconds, type Microseconds } from "../../../time/clock";
import type { ExecutionRecord } from "./store";

const DAY: Microseconds = seconds(24 * 3600);
/** From the end of an execution. */
const REDRIVABLE_PERIOD = 14 * DAY;
/** How long an execution may be open: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAXIMUM_OPEN_TIME = 365 * DAY;

/** Why an execution cannot be redriven now, in the service's words; undefined when it can. */
export function whyNotRedrivable({ execution, machine }: ExecutionRecord, now: Microseconds): string | undefined {
  const { status, startTime, endTime } = execution;
  if (status === "RUNNING" || status === "SUCCEEDED") return `Execution is ${status} and cannot be redriven`;
  if (machine.status === "DELETING") return "State machine is in DELETING status";
  if (execution.events.length >= MAXIMUM_EVENTS - 1) return "Execution history event limit exceeded";
  if (now - startTime > MAXIMUM_OPEN_TIME) return "Execution has exceeded the max execution time";
  if (now - (endTime as Microseconds) > REDRIVABLE_PERIOD) return "Execution redrivable period exceeded";
  return undefined;
}
