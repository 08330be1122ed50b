/**
 * The figures of a run, taken from its history and nothing else: attempts, interruptions with their pauses and lost
 * work, percent.
 *
 * Resolution. Work is seen through the job's samples, one every reporting period (duration / 360, from 1 to 60 s). The
 * beginning of an attempt's work is taken back from its first sample at the job's rate, which is exact for the default
 * workload; on a job of another speed it is as exact as one reporting period. What an instance did after its last
 * published sample is known only where a fault recorded the percent at which it struck.
 */
import type { EventOf, FinalState, History, HistoryEvent, RunSeconds } from "./history";
import type { Interruption } from "./result";
import type { Bounds, JobSpec } from "./scenario";
import { workSeconds } from "./work";

/** One instance's turn as owner of a job, in the order of epochs. */
export interface Ownership {
  epoch: number;
  launch: number;
  instanceId: string;
  /** When it took the job over, as seen. */
  fromSeconds: RunSeconds;
  /** When the next one took over; undefined for the last. */
  untilSeconds?: RunSeconds;
  /** Percent from which its work went on. */
  fromPercent: number;
  /** The most that it is known to have reached. */
  reachedPercent: number;
  /** When its work began; undefined when none of it was seen. */
  firstWorkSeconds?: RunSeconds;
  /** Its samples, in order of time. */
  samples: EventOf<"progress">[];
  /** When it worked, as far as its samples show. */
  stretches: { from: RunSeconds; to: RunSeconds }[];
}

export interface JobFigures {
  job: string;
  /** Committed at the end. */
  percent: number;
  /** Instances launched. */
  attempts: number;
  ownerships: Ownership[];
  interruptions: Interruption[];
  /** Over all changes of owner, whether a fault of the scenario brought them about or not. */
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

/** Events of one type, of one job where given. */
export function eventsOf<T extends HistoryEvent["type"]>(history: History, type: T, job?: string): EventOf<T>[] {
  return history.events.filter((event) => event.type === type && (job === undefined || ("job" in event && event.job === job))) as EventOf<T>[];
}

export const total = (sample: EventOf<"progress">): number => sample.checkpointedPercent + sample.unsavedPercent;

/** Below this, in percent, two figures of progress count as the same: metrics are rounded on their way. */
export const PERCENT_TOLERANCE = 0.01;

export function figuresOf(history: History): Figures {
  const jobs = history.run.jobs.map((job) => jobFigures(history, job));
  return {
    jobs,
    percent: Math.min(...jobs.map((job) => job.percent)),
    attempts: Math.max(...jobs.map((job) => job.attempts)),
    lostWorkSeconds: round(jobs.reduce((sum, job) => sum + job.lostWorkSeconds, 0)),
    interruptions: jobs.flatMap((job) => job.interruptions).sort((a, b) => a.atSeconds - b.atSeconds),
  };
}

function jobFigures(history: History, job: JobSpec): JobFigures {
  const ownerships = ownershipsOf(history, job);
  const faults = eventsOf(history, "fault-injected", job.name);
  const lost = ownerships.slice(0, -1).map((ownership, index) => lostBetween(job, ownership, ownerships[index + 1]!));
  return {
    job: job.name,
    percent: committedPercent(history, job.name),
    attempts: eventsOf(history, "instance-launched", job.name).length,
    ownerships,
    interruptions: faults.map((fault) => interruptionOf(fault, faults, ownerships, lost)),
    lostWorkSeconds: round(lost.reduce((sum, value) => sum + value, 0)),
  };
}

/** What the ledger holds as committed at the end; without a ledger item, the last commit that was seen. */
function committedPercent(history: History, job: string): number {
  const ledger = finalOf(history, job)?.ledger;
  const last = ledger?.["last"] as { percent?: number } | undefined;
  if (ledger !== undefined) return last?.percent ?? 0;
  return eventsOf(history, "checkpoint-committed", job).at(-1)?.percent ?? 0;
}

export const finalOf = (history: History, job: string): FinalState | undefined => history.finals.find((final) => final.job === job);

function ownershipsOf(history: History, job: JobSpec): Ownership[] {
  const taken = eventsOf(history, "ownership-taken", job.name);
  const samples = eventsOf(history, "progress", job.name);
  const faults = eventsOf(history, "fault-injected", job.name);
  const bySample = assignSamples(taken, samples);
  return taken.map((event, index): Ownership => {
    const until = taken[index + 1]?.atSeconds;
    const own = bySample[index]!;
    const struck = faults.filter((fault) => fault.instanceId === event.instanceId && fault.atSeconds >= event.atSeconds && (until === undefined || fault.atSeconds < until));
    // An attempt that went back further than what it was thought to restore shows it in its own samples.
    const fromPercent = Math.min(event.fromPercent, ...own.slice(0, 1).map(total));
    const first = own.find((sample) => total(sample) > fromPercent + PERCENT_TOLERANCE);
    const firstWorkSeconds = first === undefined ? undefined : Math.max(event.atSeconds, first.atSeconds - workSeconds(job, total(first) - fromPercent));
    return {
      epoch: event.epoch, launch: event.launch, instanceId: event.instanceId,
      fromSeconds: event.atSeconds, untilSeconds: until, fromPercent,
      reachedPercent: Math.max(fromPercent, ...own.map(total), ...struck.map((fault) => fault.percent)),
      firstWorkSeconds,
      samples: own,
      stretches: stretchesOf(job, fromPercent, firstWorkSeconds, own),
    };
  });
}

/**
 * Whose each sample is. A sample carries no epoch, its time is rounded down to a second, and a takeover is known to lie
 * between two looks; a sample from that span is the new owner's if it falls back behind the former owner's.
 */
function assignSamples(taken: readonly EventOf<"ownership-taken">[], samples: readonly EventOf<"progress">[]): EventOf<"progress">[][] {
  const own: EventOf<"progress">[][] = taken.map(() => []);
  let owner = -1;
  let reached = 0;
  for (const sample of samples) {
    for (let next = taken[owner + 1]; next !== undefined; next = taken[owner + 1]) {
      const certain = sample.atSeconds >= next.atSeconds;
      const possible = sample.atSeconds >= Math.min(next.atSeconds, next.notBeforeSeconds ?? next.atSeconds) - 1 && (owner < 0 || total(sample) < reached - PERCENT_TOLERANCE);
      if (!certain && !possible) break;
      owner++;
      reached = 0;
    }
    if (owner < 0) continue;
    own[owner]!.push(sample);
    reached = Math.max(reached, total(sample));
  }
  return own;
}

/** Work of one ownership that the next did not go on from, in seconds of work. */
const lostBetween = (job: JobSpec, former: Ownership, next: Ownership): number => {
  const percent = former.reachedPercent - next.fromPercent;
  return percent > PERCENT_TOLERANCE ? workSeconds(job, percent) : 0;
};

function interruptionOf(fault: EventOf<"fault-injected">, faults: readonly EventOf<"fault-injected">[], ownerships: readonly Ownership[], lost: readonly number[]): Interruption {
  const at = fault.atSeconds;
  // Of several faults that struck one instance the last one ended it.
  const laterOnSame = faults.some((other) => other !== fault && other.instanceId === fault.instanceId && other.instanceId !== undefined && (other.atSeconds > at || (other.atSeconds === at && other.fault > fault.fault)));
  const next = laterOnSame ? undefined : ownerships.find((ownership) => ownership.instanceId !== fault.instanceId && ownership.firstWorkSeconds !== undefined && ownership.firstWorkSeconds > at);
  const struck = ownerships.findIndex((ownership) => ownership.instanceId === fault.instanceId && ownership.fromSeconds <= at && (ownership.untilSeconds === undefined || at < ownership.untilSeconds));
  return {
    kind: fault.kind,
    atSeconds: at,
    job: fault.job,
    atPercent: fault.percent,
    pauseSeconds: next === undefined ? null : round(longestGap(at, next, ownerships)),
    lostWorkSeconds: laterOnSame || struck < 0 ? 0 : round(lost[struck] ?? 0),
  };
}

/** The longest time without work from `at` until the first work of `next`. Redone work is work. */
function longestGap(at: RunSeconds, next: Ownership, ownerships: readonly Ownership[]): number {
  let cursor = at;
  let longest = 0;
  for (const { from, to } of [...ownerships.slice(0, ownerships.indexOf(next)).flatMap((ownership) => ownership.stretches), { from: next.firstWorkSeconds!, to: Infinity }]) {
    longest = Math.max(longest, from - cursor);
    cursor = Math.max(cursor, to);
  }
  return longest;
}

/**
 * When work went on, between samples: what a sample shows beyond the one before was done in the time between the two,
 * at the job's rate, and is taken to have been done at its beginning (what stops work stops it for the rest).
 */
function stretchesOf(job: JobSpec, fromPercent: number, firstWorkSeconds: RunSeconds | undefined, samples: readonly EventOf<"progress">[]): Ownership["stretches"] {
  if (firstWorkSeconds === undefined) return [];
  const stretches: Ownership["stretches"] = [];
  let before = { at: firstWorkSeconds, percent: fromPercent };
  for (const sample of samples) {
    const done = total(sample) - before.percent;
    if (done > PERCENT_TOLERANCE && sample.atSeconds > before.at) {
      stretches.push({ from: before.at, to: Math.min(sample.atSeconds, before.at + workSeconds(job, done)) });
    }
    before = { at: Math.max(before.at, sample.atSeconds), percent: Math.max(before.percent, total(sample)) };
  }
  return stretches;
}

/** To the millisecond: finer than anything that AWS tells. */
const round = (value: number): number => Math.round(value * 1000) / 1000;

/** Whether a figure keeps its bounds. */
export const within = (value: number, bounds: Bounds, tolerance = 0): boolean =>
  (bounds.atLeast === undefined || value >= bounds.atLeast - tolerance) && (bounds.atMost === undefined || value <= bounds.atMost + tolerance);

/** "at least 1 and at most 2", or "2" when both are the same. */
export function boundsText(bounds: Bounds, unit = ""): string {
  const shown = (value: number): string => `${value}${unit}`;
  if (bounds.atLeast !== undefined && bounds.atLeast === bounds.atMost) return shown(bounds.atLeast);
  return [bounds.atLeast === undefined ? "" : `at least ${shown(bounds.atLeast)}`, bounds.atMost === undefined ? "" : `at most ${shown(bounds.atMost)}`].filter((part) => part !== "").join(" and ");
}
