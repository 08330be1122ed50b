/**
 * A job's work as runs of its command, taken from a history: who owned the job when, and how often each owner ran the job. Most owners
 * run it once. One whose job was killed, or which saved on a rebalance recommendation, runs it again within its ownership, from its last
 * checkpoint; the instance's log tells when. Where that log is gone with the instance, the samples do: progress that falls back to what
 * is committed, and no further than the job can have worked since.
 *
 * Resolution. Work is seen through the job's samples, one every reporting period (duration / 360, from 1 to 60 s). The
 * beginning of a run's work is taken back from its first sample at the job's rate, which is exact for the default
 * workload; on a job of another speed it is as exact as one reporting period. What an instance did after its last
 * published sample is known only where a fault recorded the percent at which it struck.
 */
import { eventsOf, type EventOf, type History, type RunSeconds } from "./history";
import type { JobSpec } from "./scenario";
import { workSeconds } from "./work";

/** One run of the job's command on one instance. */
export interface Run {
  epoch: number;
  launch: number;
  instanceId: string;
  /** The first of its ownership: it began with the takeover. */
  first: boolean;
  /** When it began: the takeover, as seen; later ones when their checkpoint was restored. */
  fromSeconds: RunSeconds;
  /** When the next one began, whoever ran it; undefined for the last. */
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

export const total = (sample: EventOf<"progress">): number => sample.checkpointedPercent + sample.unsavedPercent;

/** Below this, in percent, two figures of progress count as the same: metrics are rounded on their way. */
export const PERCENT_TOLERANCE = 0.01;

/** To the millisecond: finer than anything that AWS tells. */
export const milliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** Between two samples of a job, in seconds. */
export const reportSeconds = (job: JobSpec): number => Math.min(60, Math.max(1, (job.durationMinutes * 60) / 360));

/** Where a run begins. */
interface Start { atSeconds: RunSeconds; notBeforeSeconds: RunSeconds; epoch: number; launch: number; instanceId: string; first: boolean; fromPercent: number }

/** The runs of one job, in order. */
export function runsOf(history: History, job: JobSpec): Run[] {
  const samples = eventsOf(history, "progress", job.name);
  const faults = eventsOf(history, "fault-injected", job.name);
  const starts = withUnlogged(startsOf(history, job), samples, job, new Set(eventsOf(history, "agent-log", job.name).map((log) => log.instanceId)));
  const bySample = assignSamples(starts, samples);
  return starts.map((start, index): Run => {
    const until = starts[index + 1]?.atSeconds;
    const own = bySample[index]!;
    const struck = faults.filter((fault) => fault.instanceId === start.instanceId && fault.atSeconds >= start.atSeconds && (until === undefined || fault.atSeconds < until));
    // A run that went back further than what it was thought to restore shows it in its own samples.
    const fromPercent = Math.min(start.fromPercent, ...own.slice(0, 1).map(total));
    const worked = own.find((sample) => total(sample) > fromPercent + PERCENT_TOLERANCE);
    const firstWorkSeconds = worked === undefined ? undefined : Math.max(start.atSeconds, worked.atSeconds - workSeconds(job, total(worked) - fromPercent));
    const { epoch, launch, instanceId, first } = start;
    return {
      epoch, launch, instanceId, first, fromSeconds: start.atSeconds, untilSeconds: until, fromPercent,
      reachedPercent: Math.max(fromPercent, ...own.map(total), ...struck.map((fault) => fault.percent)),
      firstWorkSeconds,
      samples: own,
      stretches: stretchesOf(job, fromPercent, firstWorkSeconds, own),
    };
  });
}

/** Takeovers, and the further runs that instances' logs tell of. */
function startsOf(history: History, job: JobSpec): Start[] {
  const logs = eventsOf(history, "agent-log", job.name);
  return eventsOf(history, "ownership-taken", job.name).flatMap((taken): Start[] => {
    const { epoch, launch, instanceId, atSeconds, fromPercent } = taken;
    const begun = logs.filter((log) => log.instanceId === instanceId && log.fields["epoch"] === epoch && (log.message === "restored" || log.message === "fresh-start"));
    const again = begun.slice(1).map((log): Start => ({
      atSeconds: log.atSeconds, notBeforeSeconds: log.atSeconds, epoch, launch, instanceId, first: false, fromPercent: Number(log.fields["percent"] ?? 0),
    }));
    return [{ atSeconds, notBeforeSeconds: Math.min(atSeconds, taken.notBeforeSeconds ?? atSeconds), epoch, launch, instanceId, first: true, fromPercent }, ...again];
  }).sort((a, b) => a.epoch - b.epoch || a.atSeconds - b.atSeconds);
}

/** The starts, and those that only the samples of an instance without a log tell of. */
function withUnlogged(starts: Start[], samples: readonly EventOf<"progress">[], job: JobSpec, logged: ReadonlySet<string>): Start[] {
  const bySample = assignSamples(starts, samples);
  return starts.flatMap((start, index) => {
    if (logged.has(start.instanceId)) return [start];
    const own = bySample[index]!;
    const again = own.slice(1).flatMap((sample, before): Start[] => {
      const earlier = own[before]!;
      const unsaved = workSeconds(job, sample.unsavedPercent);
      const runAgain = total(sample) < total(earlier) - PERCENT_TOLERANCE && sample.checkpointedPercent >= earlier.checkpointedPercent - PERCENT_TOLERANCE && unsaved <= sample.atSeconds - earlier.atSeconds + 1;
      return runAgain ? [{ ...start, first: false, atSeconds: sample.atSeconds - unsaved, notBeforeSeconds: earlier.atSeconds, fromPercent: sample.checkpointedPercent }] : [];
    });
    return [start, ...again];
  });
}

/**
 * Whose each sample is. A sample carries no epoch, its time is rounded down to a second, and a takeover is known to lie
 * between two looks; a sample from that span is the later run's if it falls back behind the earlier one's.
 */
function assignSamples(starts: readonly Start[], samples: readonly EventOf<"progress">[]): EventOf<"progress">[][] {
  const own: EventOf<"progress">[][] = starts.map(() => []);
  let current = -1;
  let reached = 0;
  for (const sample of samples) {
    for (let next = starts[current + 1]; next !== undefined; next = starts[current + 1]) {
      const certain = sample.atSeconds >= next.atSeconds;
      const possible = sample.atSeconds >= next.notBeforeSeconds - 1 && (current < 0 || total(sample) < reached - PERCENT_TOLERANCE);
      if (!certain && !possible) break;
      current++;
      reached = 0;
    }
    if (current < 0) continue;
    own[current]!.push(sample);
    reached = Math.max(reached, total(sample));
  }
  return own;
}

/** Work of one run that the next did not go on from, in seconds of work. */
export function lostBetween(job: JobSpec, former: Run, next: Run): number {
  const percent = former.reachedPercent - next.fromPercent;
  return percent > PERCENT_TOLERANCE ? workSeconds(job, percent) : 0;
}

/** The longest time without work from `at` until the first work of `next`. Redone work is work. */
export function longestGap(at: RunSeconds, next: Run, runs: readonly Run[]): number {
  let cursor = at;
  let longest = 0;
  for (const { from, to } of [...runs.slice(0, runs.indexOf(next)).flatMap((run) => run.stretches), { from: next.firstWorkSeconds!, to: Infinity }]) {
    longest = Math.max(longest, from - cursor);
    cursor = Math.max(cursor, to);
  }
  return longest;
}

/**
 * When work went on, between samples: what a sample shows beyond the one before was done in the time between the two,
 * at the job's rate, and is taken to have been done at its beginning (what stops work stops it for the rest).
 */
function stretchesOf(job: JobSpec, fromPercent: number, firstWorkSeconds: RunSeconds | undefined, samples: readonly EventOf<"progress">[]): Run["stretches"] {
  if (firstWorkSeconds === undefined) return [];
  const stretches: Run["stretches"] = [];
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
