/** The faults of a run that struck a job, each with what it cost: the pause, the work lost, and the limits of both. */
import { eventsOf, type EventOf, type History } from "./history";
import { limitsOf, type Strike } from "./limits";
import type { Interruption } from "./result";
import { longestGap, lostBetween, milliseconds, type Run } from "./runs";
import type { JobSpec } from "./scenario";

/** In order of time. */
export function interruptionsOf(history: History, job: JobSpec, runs: readonly Run[]): Interruption[] {
  const strikes = eventsOf(history, "fault-injected", job.name).map((fault) => strikeOf(fault, runs));
  return strikes.map((strike): Interruption => {
    const { fault, run } = strike;
    // Of several faults that struck one run, or one instance that boots, the last one ended it.
    const outdone = strikes.some((other) => isLater(other.fault, fault) && other.fault.instanceId === fault.instanceId && other.fault.instanceId !== undefined && other.run === run);
    const next = outdone ? undefined : strike.next;
    const follower = run === undefined ? undefined : runs[runs.indexOf(run) + 1];
    return {
      kind: fault.kind,
      atSeconds: fault.atSeconds,
      job: fault.job,
      atPercent: fault.percent,
      pauseSeconds: next === undefined ? null : milliseconds(longestGap(fault.atSeconds, next, runs)),
      lostWorkSeconds: outdone || run === undefined || follower === undefined ? 0 : milliseconds(lostBetween(job, run, follower)),
      limits: limitsOf(history, job, { ...strike, ...(outdone ? { next: undefined } : {}) }, strikes, runs),
    };
  });
}

const isLater = (one: EventOf<"fault-injected">, other: EventOf<"fault-injected">): boolean => one.atSeconds > other.atSeconds || (one.atSeconds === other.atSeconds && one.fault > other.fault);

function strikeOf(fault: EventOf<"fault-injected">, runs: readonly Run[]): Strike {
  const at = fault.atSeconds;
  const present = runs.find((run) => run.fromSeconds <= at && (run.untilSeconds === undefined || at < run.untilSeconds));
  const next = runs.find((run) => run.fromSeconds > at && run.firstWorkSeconds !== undefined);
  // A further execution of the job must not touch it.
  if (fault.kind === "start-execution") return { fault };
  // Whoever stops an execution stops the one who works.
  if (fault.instanceId === undefined) return { fault, ...(present === undefined || fault.kind !== "stop-execution" ? {} : { run: present }), ...(next === undefined ? {} : { next }) };
  if (present?.instanceId === fault.instanceId) return { fault, run: present, ...(next === undefined ? {} : { next }) };
  // A former owner has nothing to lose any more.
  if (runs.some((run) => run.instanceId === fault.instanceId && run.fromSeconds <= at)) return { fault };
  return { fault, ...(next === undefined ? {} : { next }) };
}
