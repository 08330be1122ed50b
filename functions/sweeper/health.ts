/**
 * What is wrong with a job that runs, seen from outside: its instance makes no progress, or its attempts run out. Pure.
 * The job's own agent may be what hangs, so it is not asked.
 */
import type { OurInstance } from "../shared/instances";
import type { LedgerItem } from "../shared/ledger";

/** Without a new checkpoint for so many times the interval between two, and no less than that many seconds, a job makes no progress. */
const STALLED_INTERVALS = 3;
const LEAST_STALLED_SECONDS = 1800;
/** Attempts run out when less than this share of them is left, after the first. */
const SHORT_OF_ATTEMPTS = 0.2;

/** What is wrong with a job, by the metric that counts such jobs, with what the log says of it. */
export interface Ailment { metric: "stalledJobs" | "jobsShortOfAttempts"; event: string; [field: string]: unknown }

/**
 * @param instances the job's living ones, at least one
 * @param now milliseconds since the epoch
 */
export function ailments(item: LedgerItem | undefined, instances: readonly OurInstance[], now: number): Ailment[] {
  if (item === undefined || item["finished"]?.BOOL === true) return [];
  const number = (name: string): number => Number(item[name]?.N ?? 0);
  const found: Ailment[] = [];
  // What an instance restored and has not yet added to is not held against it.
  const since = Math.max(Number(item["last"]?.M?.["committedAt"]?.N ?? 0) * 1000, ...instances.map(({ launchedAt }) => launchedAt));
  const allowedSeconds = Math.max(STALLED_INTERVALS * number("checkpointSeconds"), LEAST_STALLED_SECONDS);
  const withoutSeconds = Math.round((now - since) / 1000);
  if (withoutSeconds > allowedSeconds) found.push({ metric: "stalledJobs", event: "stalled", withoutCheckpointSeconds: withoutSeconds, allowedSeconds, progressPercent: number("progressPercent") });
  const attempts = number("attempts");
  const maxAttempts = Number(item["maxAttempts"]?.N ?? Infinity);
  if (attempts > 1 && attempts > (1 - SHORT_OF_ATTEMPTS) * maxAttempts) found.push({ metric: "jobsShortOfAttempts", event: "short-of-attempts", attempts, maxAttempts });
  return found.map((ailment) => ({ ...ailment, epoch: number("ownerEpoch") }));
}
