/** The clock of whatever AWS_ENDPOINT_URL points at: AWS keeps the system's, an embedded region says which is its own. */
import { UsageError } from "../model/errors";
import { CLOCK_PATH, type ClockPage } from "../region/core/clock-page";
import type { SystemClockOptions } from "../time/system-clock";

/** An endpoint that does not answer is for the first call to report. */
const ANSWER_SECONDS = 5;

/** How the endpoint's time passes; nothing special without one, or when it does not say. Throws UsageError when nobody outside can follow it. */
export async function endpointPace(environment: NodeJS.ProcessEnv = process.env): Promise<Pick<SystemClockOptions, "scale" | "startMicroseconds">> {
  const endpoint = environment["AWS_ENDPOINT_URL"];
  if (endpoint === undefined || endpoint === "") return {};
  const page = await read(endpoint);
  if (page === undefined) return {};
  if (page.scale === undefined) {
    throw new UsageError(`The region at ${endpoint} is on virtual time, which passes at once and cannot be followed from another process.`, "Start it on a clock that passes by itself: npm run region -- --clock scaled=30 --load cdktf.out");
  }
  return { scale: page.scale, startMicroseconds: page.now };
}

async function read(endpoint: string): Promise<ClockPage | undefined> {
  try {
    const answer = await fetch(`${endpoint.replace(/\/+$/, "")}${CLOCK_PATH}`, { signal: AbortSignal.timeout(ANSWER_SECONDS * 1000) });
    if (!answer.ok) return undefined;
    const page = (await answer.json()) as Partial<ClockPage> | null;
    return typeof page?.now === "number" && typeof page.kind === "string" ? (page as ClockPage) : undefined;
  } catch {
    return undefined;
  }
}
