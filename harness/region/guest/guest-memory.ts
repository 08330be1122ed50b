/**
 * The memory of one guest on the virtual clock. What its processes hold is looked at when one of them has had its turn, and now and then
 * within a long one; when it is more than there is, processes end, as Linux ends them.
 */
import { constants } from "node:os";
import { everyRealMilliseconds } from "../../time/system-clock";
import type { Seat, VirtualClock } from "../../time/virtual-clock";
import type { GuestActor } from "./actor";
import { LOOK_MILLISECONDS, Memory, WITHIN_TURN } from "./memory";
import { inheritedScore, OomKiller, type Candidate, type MemoryBound } from "./oom-killer";
import { commandLine, hasProc, parentOf, processName } from "./proc";
import { entryOf } from "./process-tools";
import type { WorldHost } from "./world";

const { SIGKILL } = constants.signals;

/** The guest's processes, which hold memory. */
export interface Holders {
  readonly guest: string;
  readonly isDead: boolean;
  readonly isSuspended: boolean;
  actors(): Iterable<GuestActor>;
  /** First actors of processes that have not ended. */
  running(): GuestActor[];
  readonly signals: { toPid(pid: number, signal: number): Promise<boolean> };
}

export interface MemoryHost extends Pick<WorldHost, "zygote" | "refused"> {
  readonly clock: Pick<VirtualClock, "holder">;
  /** A text of this machine with the paths that the guest knows. */
  view(text: string): string;
}

export class GuestMemory {
  private readonly memory: Memory | undefined;
  private readonly killer: OomKiller | undefined;
  private readonly stopLooking: () => void = () => undefined;
  /** Who had the turn when memory was looked at within one. */
  private lastHolder: Seat | undefined;

  constructor(
    private readonly processes: Holders,
    private readonly host: MemoryHost,
    private readonly bound: MemoryBound,
  ) {
    if (!hasProc) return;
    this.memory = new Memory(bound.bytes);
    this.killer = new OomKiller(this.memory, bound, {
      candidate: (pid) => this.candidate(pid),
      end: (pid) => processes.signals.toPid(pid, SIGKILL),
      panic: (text) => host.refused(processes.guest, text),
    });
    this.stopLooking = everyRealMilliseconds(LOOK_MILLISECONDS, () => this.lookWithinTurn());
  }

  /** The oom_score_adj that a process begins with: its parent's, or its unit's. */
  firstScoreOf({ parent, unit }: GuestActor): number {
    return parent ? this.scoreOf(parent, parent.process?.pid ?? parent.pid) : this.bound.unitScore(unit);
  }

  /**
   * What the actor has done in its turn may have spent the guest's memory: then processes end before the turn does, it among them
   * or not. Undefined when nothing has to.
   */
  relieve(actor: GuestActor): Promise<void> | undefined {
    const { memory, killer } = this;
    if (!memory || !killer || this.processes.isDead) return undefined;
    let mayBeSpent = false;
    // What a program starts comes and goes with its turns.
    const looked = actor.tree ? new Set([...memory.pids, ...actor.tree.pids]) : [actor.process?.pid ?? actor.pid!];
    for (const pid of looked) mayBeSpent = memory.mayBeSpent(pid);
    return mayBeSpent ? killer.relieve(() => memory.pids) : undefined;
  }

  /** A process has ended. */
  forget(pid: number): void {
    this.memory?.forget(pid);
    this.bound.gone(pid);
  }

  close(): void {
    this.stopLooking();
    this.memory?.close();
  }

  /** Whoever has the turn may take all of this machine's memory before it gives it up. */
  private lookWithinTurn(): void {
    const holder = this.host.clock.holder();
    const isLong = holder !== undefined && holder === this.lastHolder;
    this.lastHolder = holder;
    const actor = isLong ? [...this.processes.actors()].find(({ seat }) => seat === holder) : undefined;
    if (!actor || this.processes.isDead || this.processes.isSuspended) return;
    const own = actor.tree?.pids ?? [actor.process?.pid ?? actor.pid].filter((pid) => pid !== undefined);
    const pids = [...this.memory!.pids, ...own];
    if (this.memory!.spentBy(pids, WITHIN_TURN) !== undefined) void this.killer!.relieve(() => pids);
  }

  private candidate(pid: number): Candidate | undefined {
    const actor = this.processes.running().find((each) => (each.tree ? each.tree.has(pid) : each.process?.pid === pid));
    if (!actor) return undefined;
    const name = actor.tree ? processName(pid) : entryOf(pid, this.host.view(actor.isForked ? actor.command : commandLine(pid))).name;
    return { unit: actor.unit, name, oomScoreAdjust: this.scoreOf(actor, pid) };
  }

  /** A process's oom_score_adj: what it was given, or has from whoever started it. */
  private scoreOf(actor: GuestActor, pid: number | undefined): number {
    const above = (each: number): number | undefined => (actor.tree && each !== actor.tree.rootPid ? parentOf(each) : undefined);
    return inheritedScore(pid, above, this.host.zygote.pid, this.bound) ?? actor.process?.main.oomScoreAdjust ?? actor.oomScoreAdjust ?? this.bound.unitScore(actor.unit);
  }
}
