/**
 * When a fault is to strike: now, at a time that is known, or to be asked again. A moment of the job's work is reckoned
 * from its reports, so that it need not be asked for all the time; shortly before it comes the job is looked at again.
 */
import type { Fault, SeenPhase } from "../model/scenario";
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

/** @param spared instances that the fault has struck already */
export function momentOf(fault: Fault, watch: JobWatch, now: Microseconds, pace: Pace, spared: ReadonlySet<string> = new Set()): Moment {
  const { at } = fault;
  const offset = seconds(at.offsetSeconds ?? 0);
  const attempt = watch.ledger?.ownerLaunch ?? 0;
  const later: Moment = { lookBy: now + pace.far };
  if (at.phase !== undefined) {
    const found = PHASES[at.phase as SeenPhase](watch, (instance) => !spared.has(instance.instanceId) && (at.attempt === undefined || instance.launch === at.attempt), now, pace);
    return "lookBy" in found ? found : { ...found, strikeAt: found.strikeAt + offset };
  }
  if (at.afterEnd === true) {
    const { execution } = watch;
    return execution === undefined || execution.status === "RUNNING" ? later : { strikeAt: (execution.stoppedAt ?? now) + offset };
  }
  if (at.afterSeconds !== undefined) {
    const started = watch.executions[0]?.startedAt;
    return started === undefined ? later : { strikeAt: started + seconds(at.afterSeconds) + offset };
  }
  if (at.attempt !== undefined && attempt !== at.attempt) return later;
  const job = watch.spec;
  if (at.checkpoint !== undefined) return checkpoint(at.checkpoint, offset, watch, now, pace);
  const share = at.percent ?? Math.min(100, ((at.duringSave ?? 0) * job.checkpointMinutes * 100) / job.durationMinutes);
  const reached = watch.timeOfPercent(share);
  if (reached === undefined) return later;
  return { strikeAt: reached + (at.duringSave === undefined ? 0 : seconds(job.saveSeconds / 2)) + offset };
}

type Wanted = (instance: WatchedInstance) => boolean;

/** When each phase began, and of which instance; or when to look again. */
const PHASES: Readonly<Record<SeenPhase, (watch: JobWatch, wanted: Wanted, now: Microseconds, pace: Pace) => Moment>> = {
  launch(watch, wanted, now, pace) {
    const launched = [...watch.instances.values()].findLast((instance) => wanted(instance) && (instance.state === "pending" || instance.state === "running"));
    return launched === undefined ? { lookBy: now + pace.close } : { strikeAt: launched.launchedAt, instance: launched };
  },
  boot(watch, wanted, now, pace) {
    const candidates = [...watch.instances.values()].filter(wanted);
    const booting = candidates.find((instance) => instance.runningAt !== undefined && instance.state === "running");
    if (booting !== undefined) return { strikeAt: booting.runningAt!, instance: booting };
    if (candidates.some((instance) => instance.state === "pending")) watch.wantInstances();
    return { lookBy: now + pace.close };
  },
  restore(watch, wanted, now, pace) {
    const { owner } = watch;
    const restores = owner !== undefined && wanted(owner) && watch.ledger?.last !== undefined && (watch.ledger.ownerEpoch ?? 0) > (watch.ledger.last.epoch ?? 0);
    return restores ? { strikeAt: watch.takenAt, instance: owner } : { lookBy: now + whileOthersBoot(watch, pace) };
  },
  work(watch, wanted, now, pace) {
    const { owner } = watch;
    const since = watch.seenAt.get("working");
    return owner !== undefined && wanted(owner) && since !== undefined ? { strikeAt: since, instance: owner } : { lookBy: now + pace.close };
  },
  handoff: (watch, wanted, now, pace) => duringHandoff(watch.ledger?.ownerState === "handing-over" ? watch.seenAt.get("handing-over") : undefined, watch, wanted, now, pace),
  ready: (watch, wanted, now, pace) => duringHandoff(watch.seenAt.get("ready"), watch, wanted, now, pace),
};

/** Closely while another instance than the owner runs. */
const whileOthersBoot = (watch: JobWatch, pace: Pace): Microseconds =>
  ([...watch.instances.values()].some((instance) => instance.state === "running" && instance !== watch.owner) ? pace.fine : pace.close);

/** The owner is the one to strike, where the fault does not say otherwise. */
function duringHandoff(since: Microseconds | undefined, watch: JobWatch, wanted: Wanted, now: Microseconds, pace: Pace): Moment {
  const { owner, successor } = watch;
  if (since !== undefined && owner !== undefined && successor !== undefined && wanted(owner)) return { strikeAt: since, instance: owner };
  return { lookBy: now + whileOthersBoot(watch, pace) };
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
