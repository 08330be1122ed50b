/** The figures of a run, taken from its history and nothing else: attempts, interruptions with their pauses and lost work, percent. */
import { eventsOf, finalOf, type History } from "./history";
import { interruptionsOf } from "./interruptions";
import type { Interruption } from "./result";
import { lostBetween, milliseconds, runsOf, type Run } from "./runs";
import type { Bounds, JobSpec } from "./scenario";

export interface JobFigures {
  job: string;
  /** Committed at the end. */
  percent: number;
  /** Instances launched. */
  attempts: number;
  runs: Run[];
  interruptions: Interruption[];
  /** From each run to the next, whether a fault of the scenario brought it about or not. */
  lostWorkSeconds: number;
}

export interface Figures {
  jobs: JobFigures[];
  /** Of the jobs' the lowest. */
  percent: number;
  /** Of the jobs' the highest. */
  attempts: number;
  lostWorkSeconds: number;
  /** Of all jobs, in order of time. */
  interruptions: Interruption[];
}

export function figuresOf(history: History): Figures {
  const jobs = history.run.jobs.map((job) => jobFigures(history, job));
  return {
    jobs,
    percent: Math.min(...jobs.map((job) => job.percent)),
    attempts: Math.max(...jobs.map((job) => job.attempts)),
    lostWorkSeconds: milliseconds(jobs.reduce((sum, job) => sum + job.lostWorkSeconds, 0)),
    interruptions: jobs.flatMap((job) => job.interruptions).sort((a, b) => a.atSeconds - b.atSeconds),
  };
}

function jobFigures(history: History, job: JobSpec): JobFigures {
  const runs = runsOf(history, job);
  return {
    job: job.name,
    percent: committedPercent(history, job.name),
    attempts: eventsOf(history, "instance-launched", job.name).length,
    runs,
    interruptions: interruptionsOf(history, job, runs),
    lostWorkSeconds: milliseconds(runs.slice(1).reduce((sum, run, index) => sum + lostBetween(job, runs[index]!, run), 0)),
  };
}

/** What the ledger holds as committed at the end; without a ledger item, the last commit that was seen. */
function committedPercent(history: History, job: string): number {
  const ledger = finalOf(history, job)?.ledger;
  const last = ledger?.["last"] as { percent?: number } | undefined;
  if (ledger !== undefined) return last?.percent ?? 0;
  return eventsOf(history, "checkpoint-committed", job).at(-1)?.percent ?? 0;
}

/** Whether a figure keeps its bounds. */
export const within = (value: number, bounds: Bounds, tolerance = 0): boolean =>
  (bounds.atLeast === undefined || value >= bounds.atLeast - tolerance) && (bounds.atMost === undefined || value <= bounds.atMost + tolerance);

/** "at least 1 and at most 2", or "2" when both are the same. */
export function boundsText(bounds: Bounds, unit = ""): string {
  const shown = (value: number): string => `${value}${unit}`;
  if (bounds.atLeast !== undefined && bounds.atLeast === bounds.atMost) return shown(bounds.atLeast);
  return [bounds.atLeast === undefined ? "" : `at least ${shown(bounds.atLeast)}`, bounds.atMost === undefined ? "" : `at most ${shown(bounds.atMost)}`].filter((part) => part !== "").join(" and ");
}
