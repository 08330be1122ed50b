/**
 * What an interruption may cost: the longest pause of the job, and the most work that it may lose, by the interruption's kind and the
 * conditions under which it struck. A limit is what physics takes (a launch, a boot, a save, a restore, the time until anything can be
 * known of the interruption) and the seconds that the system is granted for its own part; docs/results.md has the table.
 *
 * Saves and restores are those that the instances' logs measured. Launch, boot and an event's delivery are the region's own where the
 * target knows them, else those that were observed of the instance that went on with the job.
 */
import { eventsOf, finalOf, type EventOf, type History, type RegionTiming, type RunSeconds } from "./history";
import type { Limits } from "./result";
import type { Run } from "./runs";
import type { FaultKind, JobSpec } from "./scenario";

/** A fault with what it met. */
export interface Strike {
  fault: EventOf<"fault-injected">;
  /** The run that worked on the struck instance then; none while it booted, or waited for its predecessor. */
  run?: Run;
  /** The run with which the job went on; none when none was needed, or came. */
  next?: Run;
}

/** How an interruption reaches the job: with two minutes' warning, by a shutdown's signal, not at all… */
type Manner = "notice" | "signal" | "gone" | "silent" | "process" | "recommendation" | "stopped" | "none";
const MANNERS: Readonly<Record<FaultKind, Manner>> = {
  interrupt: "notice", "price-rise": "notice", reclaim: "notice", terminate: "signal", vanish: "gone", suspend: "silent", "network-cut": "silent",
  "kill-process": "process", rebalance: "recommendation", "stop-execution": "stopped", "no-capacity": "none", "storage-errors": "none", "checkpoint-damage": "none", "start-execution": "none",
};

/** What the watcher needs to tell of a machine that goes: to know it for one of its own, to find the wait for it, and to end that. */
const TELLS_OF_THE_GONE: ReadonlySet<string> = new Set(["ec2:DescribeInstances", "dynamodb:GetItem", "states:SendTaskFailure"]);

/** From a Spot notice to the end that it announces. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
export const NOTICE_SECONDS = 120;
/** How often the agent looks at its metadata. */
export const POLL_SECONDS = 5;
/** What the system is granted beyond launch, boot and restore, an event's delivery of one second included. */
const OVERHEAD_SECONDS = 5;
const EVENT_SECONDS = 1;
/** A planned handoff's: the successor's looks at the ledger, the owner's, a unit of work. */
const HANDOFF_SECONDS = 10;
/** Before its deadline the owner saves so much earlier than the save takes. */
const MARGIN_SECONDS = 10;
/** Taken by an owner for a save that it has not measured yet. */
const UNMEASURED_SAVE_SECONDS = 60;
/** A process that is run again on its instance. */
const RESTART_SECONDS = 15;
/** Of the shutdown's grace, for what comes after the save. */
const RELEASE_SECONDS = 1;

/** The limits of one strike among all of its job. */
export function limitsOf(history: History, job: JobSpec, strike: Strike, strikes: readonly Strike[], runs: readonly Run[]): Limits {
  return new Reckoner(history, job, strikes, runs).limits(strike);
}

const shown = (seconds: number): string => `${Number(seconds.toFixed(1))} s`;

class Reckoner {
  private readonly save: number;

  constructor(private readonly history: History, private readonly job: JobSpec, private readonly strikes: readonly Strike[], private readonly runs: readonly Run[]) {
    const stored = eventsOf(history, "agent-log", job.name).filter((log) => log.message === "committed").map((log) => Number(log.fields["seconds"] ?? 0));
    this.save = job.saveSeconds + Math.max(0, ...stored);
  }

  limits(strike: Strike): Limits {
    const pause = this.pause(strike);
    const lost = this.lost(strike);
    return { pauseSeconds: pause.seconds, lostWorkSeconds: lost.seconds, because: `pause: ${pause.because}; lost work: ${lost.because}` };
  }

  // ---- lost work -----------------------------------------------------------------------------------------------

  private lost(strike: Strike): { seconds: number | null; because: string } {
    if (this.mannerOf(strike) === "none") return { seconds: null, because: "it strikes no instance" };
    if (strike.run === undefined) return { seconds: 0, because: "the instance did not work" };
    // Of several faults that strike one run each may be what keeps it from saving.
    const together = this.strikes.filter((other) => other.run === strike.run && other.next === strike.next);
    const refused = this.wasKilled(strike);
    if (!refused && together.every((each) => this.saves(each))) return { seconds: 0, because: "there is time to save" };
    const interval = this.job.checkpointMinutes * 60;
    const damaged = this.strikes.some(({ fault, run }) => fault.kind === "checkpoint-damage" && run === strike.run && fault.atSeconds <= strike.fault.atSeconds);
    const intervals = damaged ? 2 : 1;
    return { seconds: intervals * interval + this.save, because: `${refused ? "the job did not save when it was asked to: " : ""}${damaged ? "the last checkpoint is damaged: 2 x " : ""}interval ${shown(interval)} + save ${shown(this.save)}` };
  }

  /** Whether the job had to be killed, since it did not end when it was asked to save. */
  private wasKilled({ fault }: Strike): boolean {
    return eventsOf(this.history, "agent-log", this.job.name).some((log) => log.message === "job-killed" && log.instanceId === fault.instanceId && log.atSeconds >= fault.atSeconds);
  }

  /** Whether there is time to save between the strike and the end. */
  private saves(strike: Strike): boolean {
    const manner = this.mannerOf(strike);
    if (manner === "recommendation" || manner === "none") return true;
    if (manner === "notice") return this.told() + this.save + MARGIN_SECONDS < NOTICE_SECONDS;
    if (manner === "signal" || manner === "stopped") return this.save + RELEASE_SECONDS < (this.history.timing?.shutdownGraceSeconds ?? Infinity);
    return false;
  }

  // ---- the pause -----------------------------------------------------------------------------------------------

  private pause(strike: Strike): { seconds: number | null; because: string } {
    const { next, run, fault } = strike;
    const manner = this.mannerOf(strike);
    if (manner === "none") return { seconds: null, because: fault.kind === "no-capacity" ? "the job waits until there is capacity" : "it strikes no instance" };
    if (fault.instanceId === undefined && manner !== "stopped") return { seconds: null, because: "it strikes no instance: nothing works yet" };
    if (next === undefined) return { seconds: null, because: "no other run followed" };
    if (manner === "process") return { seconds: RESTART_SECONDS, because: "it is run again on the same instance" };
    const restore = this.restoreSeconds(next);
    if (manner === "recommendation" && next.instanceId === fault.instanceId && run !== undefined) {
      return { seconds: this.save + restore + OVERHEAD_SECONDS, because: `save ${shown(this.save)} + restore ${shown(restore)} + ${shown(OVERHEAD_SECONDS)}` };
    }
    const timing = this.timingOf(next);
    if (timing === undefined) return { seconds: null, because: "launch and boot were not observed" };

    const together = this.together(next);
    // Who took over and never came to work is a successor like those that never took over.
    const owner = this.runs.slice(0, this.runs.indexOf(next)).findLast((each) => each.firstWorkSeconds !== undefined);
    const onOwner = together.filter((each) => each.run !== undefined && each.run === owner);
    const end = onOwner.map((each) => ({ each, at: this.endsAt(each) })).sort((a, b) => a.at - b.at)[0];
    const stops = Math.max(fault.atSeconds, Math.min(end?.at ?? (owner === undefined ? 0 : Infinity), ...this.stopsForOthers(owner, together)));
    const ready = [...this.readiness(next, together, onOwner, timing), ...this.storage(next)].sort((a, b) => b.at - a.at)[0]!;
    const wait = ready.at - stops;
    const planned = owner !== undefined && onOwner.every((each) => ["notice", "recommendation"].includes(this.mannerOf(each))) ? HANDOFF_SECONDS + this.save : 0;
    if (planned >= wait) return { seconds: planned + restore, because: `handoff ${shown(HANDOFF_SECONDS)} + save ${shown(this.save)} + restore ${shown(restore)}` };
    const before = stops > fault.atSeconds ? `, less the ${shown(stops - fault.atSeconds)} that there were to work on` : "";
    return { seconds: wait + restore, because: `${ready.because} + restore ${shown(restore)}${before}` };
  }

  /** When storage that answered with errors meanwhile lets the next run go on. */
  private storage(next: Run): { at: RunSeconds; because: string }[] {
    return this.strikes.filter(({ fault }) => fault.kind === "storage-errors" && fault.atSeconds < (next.firstWorkSeconds ?? Infinity)).map(({ fault }) => ({
      at: fault.atSeconds + (this.history.run.faults[fault.fault]?.durationSeconds ?? 0) + OVERHEAD_SECONDS,
      because: `until storage answers again + ${shown(OVERHEAD_SECONDS)}`,
    }));
  }

  /** When the owner had stopped for a successor that was struck then: it does not work again. */
  private stopsForOthers(owner: Run | undefined, together: readonly Strike[]): RunSeconds[] {
    const logged = eventsOf(this.history, "agent-log", this.job.name).find((log) => log.message === "released" && log.fields["epoch"] === owner?.epoch);
    const released = (logged ?? eventsOf(this.history, "ownership-released", this.job.name).find((event) => event.epoch === owner?.epoch))?.atSeconds ?? Infinity;
    const handoff = HANDOFF_SECONDS + this.save;
    return together.filter(({ run, fault }) => run !== owner && released <= fault.atSeconds + handoff).map(({ fault }) => fault.atSeconds - handoff);
  }

  /** All that struck before the run with which the job went on, and that it had to wait for. */
  private together(next: Run): Strike[] {
    return this.strikes.filter((each) => each.next === next && this.mannerOf(each) !== "none" && !this.overBefore(each));
  }

  /** A machine that stood still, or was cut off, and went on before something else struck it. */
  private overBefore({ fault, run }: Strike): boolean {
    if (MANNERS[fault.kind] !== "silent" || run === undefined) return false;
    const ended = eventsOf(this.history, "fault-ended", fault.job).find((event) => event.fault === fault.fault);
    return ended !== undefined && this.strikes.some((other) => other.run === run && other.fault.atSeconds > ended.atSeconds);
  }

  /** When the owner cannot work any more, by that fault. */
  private endsAt(strike: Strike): RunSeconds {
    const { atSeconds } = strike.fault;
    const manner = this.mannerOf(strike);
    if (manner === "recommendation") return Infinity;
    if (manner === "notice") return atSeconds + NOTICE_SECONDS - this.expectedSave(strike) - MARGIN_SECONDS;
    return atSeconds + (this.noticeLost(strike) ? NOTICE_SECONDS : 0);
  }

  /** What the owner takes its save to last, when it has its notice: as it measured, if it has. */
  private expectedSave({ fault, run }: Strike): number {
    const saved = eventsOf(this.history, "checkpoint-committed", this.job.name).some((commit) => commit.epoch === run?.epoch && commit.atSeconds <= fault.atSeconds);
    return saved ? this.save : Math.max(this.save, UNMEASURED_SAVE_SECONDS);
  }

  /** By when the next run could take over, by each of the faults and by the capacity that there was. */
  private readiness(next: Run, together: readonly Strike[], onOwner: readonly Strike[], { launchSeconds, bootSeconds }: Pick<RegionTiming, "launchSeconds" | "bootSeconds">): { at: RunSeconds; because: string }[] {
    const start = launchSeconds + bootSeconds;
    const boots = `launch ${shown(launchSeconds)} + boot ${shown(bootSeconds)}`;
    const first = onOwner.reduce<Strike | undefined>((found, each) => (found === undefined || each.fault.atSeconds < found.fault.atSeconds ? each : found), undefined);
    const noticed = onOwner.find((each) => this.mannerOf(each) === "notice");
    const ready = together.flatMap((each) => {
      // An owner that works on under its notice's lease has no heartbeat: what nothing tells of is known when the lease is over.
      const leased = noticed !== undefined && onOwner.includes(each) && each.fault.atSeconds > noticed.fault.atSeconds;
      const known = leased ? this.knownUnderLease(each, noticed.fault.atSeconds + NOTICE_SECONDS) : this.known(each, start);
      const { atSeconds, kind } = each.fault;
      // A later fault of the owner finds a successor on its way: it has to be known, no more.
      const launches = each === first || !onOwner.includes(each);
      const of = together.length > 1 ? ` from the ${kind} at ${shown(atSeconds)} on` : "";
      const itself = onOwner.includes(each) ? undefined : this.worksItself(each, start);
      if (itself !== undefined) return [{ at: itself, because: "the successor has its notice's two minutes to work" }];
      const saving = this.mannerOf(each) === "signal" ? [{ at: atSeconds + this.save + (this.noticeLost(each) ? NOTICE_SECONDS : 0) + OVERHEAD_SECONDS, because: `save ${shown(this.save)} + ${shown(OVERHEAD_SECONDS)}` }] : [];
      return [{ at: atSeconds + known.seconds + (launches ? start : 0), because: `${launches ? `${boots} + ` : ""}${known.because}${of}` }, ...saving];
    });
    const launched = eventsOf(this.history, "instance-launched", this.job.name).find((event) => event.instanceId === next.instanceId);
    const from = Math.min(...together.map((each) => each.fault.atSeconds));
    const refused = launched !== undefined && eventsOf(this.history, "launch-refused", this.job.name).some((event) => event.atSeconds >= from && event.atSeconds <= launched.atSeconds);
    return refused ? [...ready, { at: launched.atSeconds + start + OVERHEAD_SECONDS, because: `no capacity until ${shown(launched.atSeconds)} + ${boots} + ${shown(OVERHEAD_SECONDS)}` }] : ready;
  }

  /** From when a successor that Spot takes back before it owned the job can have it for the rest of its time; undefined when it has none. */
  private worksItself(strike: Strike, startSeconds: number): RunSeconds | undefined {
    const { fault } = strike;
    const launchedAt = eventsOf(this.history, "instance-launched", this.job.name).find((event) => event.instanceId === fault.instanceId)?.atSeconds;
    if (this.mannerOf(strike) !== "notice" || launchedAt === undefined) return undefined;
    const booted = launchedAt + startSeconds;
    const up = booted <= fault.atSeconds ? fault.atSeconds : booted + OVERHEAD_SECONDS;
    return up < this.endsAt(strike) ? up : undefined;
  }

  private knownUnderLease(strike: Strike, endsAt: RunSeconds): { seconds: number; because: string } {
    const known = this.known(strike, 0);
    const left = Math.max(0, endsAt - strike.fault.atSeconds) + OVERHEAD_SECONDS;
    return this.isSilent(strike) || known.seconds > left ? { seconds: left, because: `the notice's end after ${shown(left - OVERHEAD_SECONDS)} + ${shown(OVERHEAD_SECONDS)}` } : known;
  }

  /** Nothing tells of it but that nothing is heard any more. */
  private isSilent(strike: Strike): boolean {
    const manner = this.mannerOf(strike);
    const { stateChangeEvents, deniedAction, deniedTo } = this.history.run.region ?? {};
    const mayNotTell = deniedTo === "watcher" && deniedAction !== undefined && TELLS_OF_THE_GONE.has(deniedAction);
    return manner === "silent" || (manner === "gone" && (stateChangeEvents === 0 || mayNotTell));
  }

  /** How long until the system can know of a fault and has asked for a successor. */
  private known(strike: Strike, startSeconds: number): { seconds: number; because: string } {
    const region = this.history.run.region;
    const manner = this.mannerOf(strike);
    const heartbeat = finalOf(this.history, this.job.name)?.heartbeatSeconds ?? 0;
    if (this.isSilent(strike)) return { seconds: heartbeat, because: `heartbeat ${shown(heartbeat)}` };
    if (manner === "gone") return granted(OVERHEAD_SECONDS - EVENT_SECONDS + this.eventSeconds);
    if (manner === "stopped") return granted(OVERHEAD_SECONDS + (this.history.run.faults[strike.fault.fault]?.durationSeconds ?? 0));
    if (manner === "signal") return granted(OVERHEAD_SECONDS + (this.noticeLost(strike) ? NOTICE_SECONDS : 0));
    // Who has not booted yet reads no metadata.
    const booting = strike.run === undefined && region?.noticeEvents === 0 ? startSeconds : 0;
    return granted(Math.max(this.told(), booting) + OVERHEAD_SECONDS - EVENT_SECONDS);
  }

  // ---- what is known of the conditions -------------------------------------------------------------------------

  /** A notice that nothing tells of ends in a shutdown, of which its signal is the first sign. */
  private mannerOf({ fault }: Strike): Manner {
    const manner = MANNERS[fault.kind];
    return manner === "notice" && this.told() >= NOTICE_SECONDS ? "signal" : manner;
  }

  private noticeLost({ fault }: Strike): boolean {
    return MANNERS[fault.kind] === "notice" && this.told() >= NOTICE_SECONDS;
  }

  /** From a notice until the first to tell of it, the metadata or an event. */
  private told(): number {
    const region = this.history.run.region;
    const metadata = region?.noticeInMetadata === false ? Infinity : (region?.noticeDelaySeconds ?? 0) + POLL_SECONDS;
    return Math.min(metadata, region?.noticeEvents === 0 ? Infinity : this.eventSeconds + (region?.noticeEventDelaySeconds ?? 0));
  }

  private get eventSeconds(): number {
    return this.history.timing?.eventDeliverySeconds ?? EVENT_SECONDS;
  }

  private timingOf({ instanceId }: Run): Pick<RegionTiming, "launchSeconds" | "bootSeconds"> | undefined {
    if (this.history.timing !== undefined) return this.history.timing;
    const name = this.job.name;
    const launched = eventsOf(this.history, "instance-launched", name).find((event) => event.instanceId === instanceId)?.atSeconds;
    const running = eventsOf(this.history, "instance-state", name).find((event) => event.instanceId === instanceId && event.state === "running")?.atSeconds;
    const booted = eventsOf(this.history, "agent-log", name).find((log) => log.instanceId === instanceId && log.message === "booted")?.atSeconds
      ?? eventsOf(this.history, "ownership-taken", name).find((event) => event.instanceId === instanceId)?.atSeconds;
    if (launched === undefined || booted === undefined) return undefined;
    const up = Math.min(running ?? booted, booted);
    return { launchSeconds: up - launched, bootSeconds: booted - up };
  }

  /** From its takeover until a run's checkpoint was restored, as its instance's log says; else the longest of the job's. */
  private restoreSeconds(next: Run): number {
    const logs = eventsOf(this.history, "agent-log", this.job.name);
    const measured = logs.filter((log) => log.message === "took-over").flatMap((taken) => {
      const same = (log: EventOf<"agent-log">): boolean => log.instanceId === taken.instanceId && log.fields["epoch"] === taken.fields["epoch"];
      const restored = logs.find((log) => same(log) && (log.message === "restored" || log.message === "fresh-start"));
      return restored === undefined ? [] : [{ instanceId: taken.instanceId, seconds: restored.atSeconds - taken.atSeconds }];
    });
    const own = measured.filter((each) => each.instanceId === next.instanceId);
    return Math.max(0, ...(own.length > 0 ? own : measured).map((each) => each.seconds));
  }
}

const granted = (seconds: number): { seconds: number; because: string } => ({ seconds, because: shown(seconds) });
