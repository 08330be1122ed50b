/**
 * When a fault is to strike: now, at a time that is known, or to be asked again. A moment of the job's work is reckoned
 * from its reports, so that it need not be asked for all the time; shortly before it comes the job is looked at again.
 */
import type { Fault } from "../model/scenario";
import { seconds, type Microseconds } from "../time/clock";
import type { WatchedInstance } from "./instance-watch";
import type { JobWatch } from "./job-watch";

export type Moment =
  /** Strike at that time, or at once when it has passed; `instance`: the one to strike, where the trigger says which. */
  | { strikeAt: Microseconds; instance?: WatchedInstance }
  /** Nothing is known yet; look again by then. */
  | { lookBy: Microseconds };

/** How finely, and how rarely, to look. Microseconds. */
export interface Pace { fine: Microseconds; close: Microseconds; far: Microseconds }

export function momentOf(fault: Fault, watch: JobWatch, now: Microseconds, pace: Pace): Moment {
  const { at } = fault;
  const offset = seconds(at.offsetSeconds ?? 0);
  const attempt = watch.ledger?.ownerLaunch ?? 0;
  const later: Moment = { lookBy: now + pace.far };
  if (at.phase === "boot") return boot(at.attempt, offset, watch, now, pace);
  if (at.afterSeconds !== undefined) {
    const started = watch.executions[0]?.startedAt;
    return started === undefined ? later : { strikeAt: started + seconds(at.afterSeconds) + offset };
  }
  if (at.attempt !== undefined && attempt !== at.attempt) return later;
  if (at.phase === "restore") return restore(offset, watch, now, pace);
  const job = watch.spec;
  if (at.checkpoint !== undefined) return checkpoint(at.checkpoint, offset, watch, now, pace);
  const share = at.percent ?? Math.min(100, ((at.duringSave ?? 0) * job.checkpointMinutes * 100) / job.durationMinutes);
  const reached = watch.timeOfPercent(share);
  if (reached === undefined) return later;
  return { strikeAt: reached + (at.duringSave === undefined ? 0 : seconds(job.saveSeconds / 2)) + offset };
}

/** An instance boots: counted from when it was seen running. */
function boot(attempt: number | undefined, offset: Microseconds, watch: JobWatch, now: Microseconds, pace: Pace): Moment {
  const candidates = [...watch.instances.values()].filter((instance) => attempt === undefined || instance.launch === attempt);
  const booting = candidates.find((instance) => instance.runningAt !== undefined && instance.state === "running");
  if (booting !== undefined) return { strikeAt: booting.runningAt! + offset, instance: booting };
  if (candidates.some((instance) => instance.state === "pending")) watch.wantInstances();
  return { lookBy: now + pace.close };
}

/** An instance has taken over a job that has a checkpoint to bring back. */
function restore(offset: Microseconds, watch: JobWatch, now: Microseconds, pace: Pace): Moment {
  const owner = watch.owner;
  if (owner !== undefined && watch.ledger?.last !== undefined && (watch.ledger.ownerEpoch ?? 0) > (watch.ledger.last.epoch ?? 0)) return { strikeAt: watch.takenAt + offset, instance: owner };
  const boots = [...watch.instances.values()].some((instance) => instance.state === "running" && instance !== owner);
  return { lookBy: now + (boots ? pace.fine : pace.close) };
}

/** The k-th commit: seen, or foretold and then looked for finely. */
function checkpoint(k: number, offset: Microseconds, watch: JobWatch, now: Microseconds, pace: Pace): Moment {
  const commit = watch.commits.get(k);
  // Seen between two looks: the later of the two is the one at which it is certain.
  if (commit !== undefined) return { strikeAt: (commit.to - commit.from > pace.close ? commit.from : commit.to) + offset };
  if ((watch.ledger?.sequence ?? 0) >= k) return { strikeAt: now + offset };
  const { spec: job } = watch;
  const interval = (job.checkpointMinutes / job.durationMinutes) * 100;
  const next = Math.min(100, (Math.floor(watch.committedPercent / interval + 1e-9) + (k - (watch.ledger?.sequence ?? 0))) * interval);
  const reached = watch.timeOfPercent(next);
  if (reached === undefined) return { lookBy: now + pace.far };
  const early = reached + seconds(job.saveSeconds) - pace.close;
  // With a long offset the commit need not be caught in the act.
  const step = offset >= 2 * pace.close ? pace.close : pace.fine;
  return { lookBy: now < early ? early : now + step };
}
