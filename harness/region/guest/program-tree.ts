/**
 * A program that is not Python, with all that it starts: nothing in it knows of the clock, so it is followed from outside.
 * It holds its turn while anything in it runs, and gives it up when everything in it waits: for its own `sleep` (the guest's
 * version, which asks the clock), for a child, for data. What waits for a time of the real clock is refused by name.
 */
import { afterRealMilliseconds, wallSeconds, withinRealSeconds } from "../../time/system-clock";
import type { Microseconds } from "../../time/clock";
import type { ActorTree, GuestActor } from "./actor";
import type { LineSocket } from "./line-socket";
import { commandLine, isAlive, lookAt, restingSignature, type TreeState } from "./proc";

/** What a tree needs of the guest that it runs in. */
export interface TreeHost {
  now(): Microseconds;
  /** The guest's processes that are on the clock by themselves. */
  pythonPids(): Iterable<number>;
  /** Processes that descend from the actor's first one, and have lost their parent; `unclear`: of one it cannot be told now whether it does. */
  orphansOf(actor: GuestActor): { pids: number[]; unclear: boolean };
  /** The tree's first process has ended. */
  rootExited(actor: GuestActor, code: number | undefined): void;
  /** Processes end, should it have spent the guest's memory in its turn; undefined when it has not. */
  relieveMemory(actor: GuestActor): Promise<void> | undefined;
  /** It has parked, having done something in its turn. */
  parked(actor: GuestActor): void;
  /** It does what no program of a guest may. */
  refuse(actor: GuestActor, text: string): void;
}

interface Sleeper {
  due: Microseconds | "never";
  socket: LineSocket;
}

/** Lets what has arrived on sockets be heard. */
const eventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** How long everything must stand still for a real clock's sake before that is refused: short real waits do pass. */
const TIMED_SECONDS = 1;
const REAL_CLOCK = "waits on the real clock, which a guest on virtual time does not have";
/** A process that has just changed its identity or is about to end cannot be looked at for a moment. */
const HIDDEN_SECONDS = 2;
const LONGEST_PAUSE_MILLISECONDS = 5;

export class ProgramTree implements ActorTree {
  private roots: Set<number>;
  private readonly sleepers = new Map<number, Sleeper>();
  /** Processes in it that are on the clock by themselves: Python. */
  private readonly managed = new Map<number, GuestActor>();
  private readonly signals: { signal: number; pid: number | "everything" }[] = [];
  private last: TreeState | undefined;
  private rootEnded = false;
  /** The exit code of a root that the pre-imported parent collected. */
  private status: number | undefined;
  private poke: () => void = () => undefined;
  private settling = false;
  /** The seat has ended: nothing of it is left. */
  private over = false;

  constructor(
    private readonly actor: GuestActor,
    readonly rootPid: number,
    private readonly host: TreeHost,
  ) {
    this.roots = new Set([rootPid]);
  }

  get pids(): number[] {
    return this.last?.pids ?? [this.rootPid];
  }

  get waitsForData(): boolean {
    return this.last?.waitsForData ?? false;
  }

  get isOver(): boolean {
    return this.over;
  }

  has(pid: number): boolean {
    return pid === this.rootPid || this.pids.includes(pid);
  }

  takeTurn(): void {
    for (const { signal, pid } of this.signals.splice(0)) this.deliver(signal, pid);
    const now = this.host.now();
    for (const [pid, sleeper] of this.sleepers) {
      if (sleeper.due !== "never" && sleeper.due <= now) {
        this.sleepers.delete(pid);
        sleeper.socket.send("over");
      }
    }
    void this.settle();
  }

  sleep(pid: number, due: Microseconds | "never", socket: LineSocket): void {
    this.sleepers.set(pid, { due, socket });
    this.poke();
  }

  sleeperGone(pid: number, socket: LineSocket): void {
    if (this.sleepers.get(pid)?.socket !== socket) return;
    this.sleepers.delete(pid);
    this.poke();
    this.actor.seat.wake();
  }

  adopt(pid: number, actor: GuestActor): void {
    this.managed.set(pid, actor);
    this.poke();
  }

  signal(signal: number, pid: number | "everything" = this.rootPid): void {
    this.signals.push({ signal, pid });
  }

  collected(code: number): void {
    this.status = code;
    this.poke();
  }

  private deliver(signal: number, pid: number | "everything"): void {
    for (const each of pid === "everything" ? [...this.pids] : [pid]) {
      const managed = this.managed.get(each);
      if (managed && !managed.exited) {
        managed.signals.push(signal);
        managed.seat.wake();
        continue;
      }
      try {
        process.kill(each, signal);
      } catch {
        // It has gone meanwhile.
      }
    }
  }

  /** Looks until everything in the tree waits, then gives the turn up; or ends it when nothing is left. */
  private async settle(): Promise<void> {
    if (this.settling) return;
    this.settling = true;
    const before = this.last?.signature;
    let timedSince: number | undefined;
    let hiddenSince: number | undefined;
    let unclearSince: number | undefined;
    for (let round = 0; ; round++) {
      if (!this.actor.seat.holdsTurn) break;
      this.noticeRoot();
      const first = this.look();
      const orphans = first.state === "busy" ? "none" : this.takeInOrphans();
      if (orphans === "some") continue;
      if (orphans === "none") unclearSince = undefined;
      else if (wallSeconds() - (unclearSince ??= wallSeconds()) <= HIDDEN_SECONDS) {
        await this.pause(round);
        continue;
      }
      if (first.pids.length === 0 && this.managed.size === 0 && this.rootEnded && (await this.isHeard())) {
        if (!this.actor.seat.holdsTurn) break;
        // While others of their parent's children end, a look may miss one: https://man7.org/linux/man-pages/man5/proc_tid_children.5.html
        if (this.takeInOrphans() === "some") continue;
        this.over = true;
        this.actor.seat.finish();
        this.host.parked(this.actor);
        break;
      }
      if (first.state !== "busy" && (first.pids.length > 0 || this.managed.size > 0)) {
        // Equal in two looks: between them everything waited.
        const isHeard = await this.isHeard();
        if (!this.actor.seat.holdsTurn) break;
        const second = this.look();
        if (isHeard && second.signature === first.signature && second.state === first.state && (this.rootEnded || isAlive(this.rootPid))) {
          if (second.state === "waiting") {
            const relief = this.host.relieveMemory(this.actor);
            if (relief) {
              await relief;
              continue;
            }
            this.park(second.signature !== before);
            break;
          }
          timedSince ??= wallSeconds();
          if (wallSeconds() - timedSince > TIMED_SECONDS) this.refuse(second.timedPid!, REAL_CLOCK);
        }
      } else timedSince = undefined;
      if (first.hiddenPid === undefined) hiddenSince = undefined;
      else if (wallSeconds() - (hiddenSince ??= wallSeconds()) > HIDDEN_SECONDS) this.refuse(first.hiddenPid, "cannot be followed: this machine does not show what it waits for (ptrace is denied)");
      await this.pause(round);
    }
    this.settling = false;
  }

  /** Whether what it told the guest's Python processes (a signal) has come to them, and what they said of it to the clock. */
  private async isHeard(): Promise<boolean> {
    const before = restingSignature(this.host.pythonPids());
    await eventLoop();
    await eventLoop();
    return before !== undefined && before === restingSignature(this.host.pythonPids());
  }

  private look(): TreeState {
    let leaving = false;
    for (const [pid, managed] of [...this.managed]) {
      if (!isAlive(pid)) this.managed.delete(pid);
      else if (managed.exited) leaving = true;
    }
    if (this.rootEnded) this.roots = new Set([...this.roots].filter(isAlive));
    this.last = lookAt(this.roots, this.managed, this.sleepers);
    // The clock knows of its end, and the operating system is about to tell its parent.
    if (leaving) this.last.state = "busy";
    return this.last;
  }

  /** What lost its parent between two looks is not seen from the roots any more; whether there is any, as far as can be told. */
  private takeInOrphans(): "some" | "none" | "unclear" {
    const known = new Set(this.pids);
    const { pids, unclear } = this.host.orphansOf(this.actor);
    const found = pids.filter((pid) => !known.has(pid) && !this.managed.has(pid) && isAlive(pid));
    for (const pid of found) this.roots.add(pid);
    return found.length > 0 ? "some" : unclear ? "unclear" : "none";
  }

  /** When the first process has ended, what it leaves behind goes on as roots of their own. */
  private noticeRoot(): void {
    if (this.rootEnded || (this.actor.isForked ? this.status === undefined : isAlive(this.rootPid))) return;
    this.rootEnded = true;
    this.roots = new Set([...this.roots, ...this.pids].filter((pid) => pid !== this.rootPid && isAlive(pid)));
    this.host.rootExited(this.actor, this.status);
  }

  private park(didSomething: boolean): void {
    const dues = [...this.sleepers.values()].map((sleeper) => sleeper.due).filter((due) => due !== "never");
    const pending = this.signals.length > 0;
    this.actor.seat.block(pending ? this.host.now() : dues.length > 0 ? Math.min(...dues) : "never", dues.length > 0 ? "its sleep" : "a child, data or a signal");
    if (didSomething) this.host.parked(this.actor);
  }

  private refuse(pid: number, why: string): void {
    const text = `"${commandLine(pid)}" ${why}: run it on a scaled clock (--clock scaled=N)`;
    this.host.refuse(this.actor, text);
    for (const each of this.pids) {
      try {
        process.kill(each, "SIGKILL");
      } catch {
        // It has gone meanwhile.
      }
    }
  }

  /** Until something is known to have changed, or a moment has passed. */
  private async pause(round: number): Promise<void> {
    if (round < 3) return eventLoop();
    const milliseconds = Math.min(1 + round / 20, LONGEST_PAUSE_MILLISECONDS);
    const poked = new Promise<void>((resolve) => (this.poke = resolve));
    if (round < 20) await withinRealSeconds(milliseconds / 1000, poked, () => undefined);
    else await Promise.race([poked, afterRealMilliseconds(milliseconds)]);
  }
}
