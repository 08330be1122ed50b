/**
 * The region's clock, for programs that follow it from outside: `GET /_spotproof/clock`. No bucket's name has an underscore, so the path is
 * nobody else's. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
import type { Clock } from "../../time/clock";
import type { WireRequest, WireResponse } from "./types";

export const CLOCK_PATH = "/_spotproof/clock";

export interface ClockPage {
  kind: Clock["kind"];
  /** Microseconds since the epoch. */
  now: number;
  /** Seconds of the region's in a real one; absent on virtual time. */
  scale?: number;
}

export const asksForClock = (request: WireRequest): boolean => request.path === CLOCK_PATH && request.method === "GET";

export function clockPage(clock: Clock): WireResponse {
  const page: ClockPage = { kind: clock.kind, now: clock.now(), ...(clock.pace === undefined ? {} : { scale: clock.pace.scale }) };
  return { status: 200, headers: { "content-type": "application/json" }, body: `${JSON.stringify(page)}\n` };
}
