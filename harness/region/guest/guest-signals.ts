/**
 * Signals to the processes of one guest on the virtual clock: delivered as messages when a process has its turn, but for those
 * that the operating system carries out itself.
 */
import { constants } from "node:os";
import { afterRealMilliseconds } from "../../time/system-clock";
import type { GuestActor } from "./actor";
import { isAlive, processGroup } from "./proc";
import { endAtOnce, signalProcess } from "./process-signals";

const { SIGKILL, SIGSTOP, SIGCONT } = constants.signals;

/** The processes that signals go to. */
export interface Signalled {
  actors(): Iterable<GuestActor>;
  /** First actors of processes that have not ended. */
  running(): GuestActor[];
  readonly isSuspended: boolean;
  /** Resolves once those that are being started have their pids. */
  allStarted(): Promise<unknown>;
}

export class GuestSignals {
  /** By SIGSTOP, until SIGCONT. */
  private readonly stopped = new Set<GuestActor>();

  constructor(private readonly guest: Signalled) {}

  isStopped(actor: GuestActor): boolean {
    return this.stopped.has(actor);
  }

  /** It has ended. */
  forget(actor: GuestActor): void {
    this.stopped.delete(actor);
  }

  /** A signal to a process, delivered as a message when it has its turn; SIGKILL at once, and awaited. */
  async send(actor: GuestActor, signal: number, pid?: number | "everything"): Promise<void> {
    if (actor.exited || signal === 0) return;
    const target = actor.isThread ? (actor.process?.main ?? actor) : actor;
    if (signal === SIGKILL) return this.end(target, pid);
    if (signal === SIGSTOP || signal === SIGCONT) {
      for (const each of target.process?.actors ?? [target]) {
        if (signal === SIGSTOP) {
          this.stopped.add(each);
          each.seat.hold();
        } else if (this.stopped.delete(each) && !this.guest.isSuspended) each.seat.release();
      }
    }
    if (signal === SIGSTOP) return;
    if (target.tree) target.tree.signal(signal, pid);
    else if (signal !== SIGCONT) target.signals.push(signal);
    target.seat.wake();
  }

  /** To the process with that pid; false when the guest has none. */
  async toPid(pid: number, signal: number): Promise<boolean> {
    for (const actor of this.guest.actors()) {
      const isIt = actor.tree ? actor.tree.has(pid) : actor.pid === pid && !actor.isThread;
      if (!isIt || actor.exited) continue;
      await this.send(actor, signal, actor.tree ? pid : undefined);
      return true;
    }
    return false;
  }

  /** To all processes of a group; false when the guest has none. */
  async toGroup(group: number, signal: number): Promise<boolean> {
    let found = false;
    for (const actor of this.guest.running()) {
      for (const pid of actor.tree?.pids ?? [actor.pid!]) {
        // The first process of a group that is being made has its number before it has the group.
        if (pid !== group && (actor.group ?? processGroup(pid)) !== group) continue;
        found = true;
        await this.send(actor, signal, actor.tree ? pid : undefined);
      }
    }
    return found;
  }

  /** To all processes of a unit. */
  async toUnit(unit: string, signal: number): Promise<void> {
    const actors = this.guest.running().filter((actor) => actor.unit === unit);
    if (signal === SIGKILL) endAtOnce(actors.flatMap((actor) => actor.tree?.pids ?? [actor.pid!]));
    for (const actor of actors) await this.send(actor, signal, actor.tree ? "everything" : undefined);
  }

  private async end(actor: GuestActor, pid?: number | "everything"): Promise<void> {
    const own = actor.tree ? (pid === "everything" ? actor.tree.pids : [pid ?? actor.tree.rootPid]) : [actor.pid];
    if (actor.pid === undefined) await this.guest.allStarted();
    for (const each of own) signalProcess(each ?? actor.pid, "SIGKILL");
    if (actor.tree) {
      for (const each of own) while (each !== undefined && isAlive(each)) await afterRealMilliseconds(1);
      actor.seat.wake();
    } else if (actor.process) await actor.process.gone;
    else while (!actor.exited && actor.pid !== undefined && isAlive(actor.pid)) await afterRealMilliseconds(1);
  }
}
