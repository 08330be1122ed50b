/** A call, as the server's console shows it: when on the region's clock, by whom, what, and how it ended. */
import { clean } from "../console/text";
import type { ObservedCall } from "../region/core/types";
import { toDate, type Microseconds } from "../time/clock";

export const timeText = (now: Microseconds): string => toDate(now).toISOString();

export function callLine(now: Microseconds, { caller, service, operation, error }: ObservedCall): string {
  const ending = error === undefined ? "ok" : `${error.code || "error"} (${error.status})`;
  return clean(`${timeText(now)}  ${caller === undefined ? "nobody" : callerText(caller.arn)}  ${service}:${operation}  ${ending}`);
}

/** `administrator`, or the role and its session. */
function callerText(arn: string): string {
  const session = /:assumed-role\/(.+)$/.exec(arn)?.[1];
  return session ?? (arn.endsWith(":root") ? "administrator" : arn);
}
