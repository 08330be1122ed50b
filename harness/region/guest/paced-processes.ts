/** The processes of one guest where time passes by itself: started, signalled, stopped and ended as an operating system does. */
import { constants } from "node:os";
import type { Clock, Microseconds } from "../../time/clock";
import { afterRealMilliseconds, everyRealMilliseconds } from "../../time/system-clock";
import type { Journal } from "./journal";
import { Memory } from "./memory";
import { inheritedScore, OomKiller, type Candidate, type MemoryBound } from "./oom-killer";
import { commandLine, environmentOf, hasProc, isAlive, parentOf, processName, sessionOf, treeOf } from "./proc";
import { endAtOnce, signalProcess } from "./process-signals";
import { entryOf, type ProcessTable } from "./process-tools";
import type { RunningCommand } from "./unit";
import { Withheld } from "./withheld";
import type { LaunchRequest, Processes, WorldHost } from "./world";

const { SIGKILL } = constants.signals;
/** How often what they wrote is taken in, in real milliseconds: the journal's times are as exact as that. */
const COLLECT_MILLISECONDS = 10;
/** How often what they hold is looked at, in real milliseconds. */
const MEMORY_MILLISECONDS = 100;

export class PacedProcesses implements Processes {
  /** Each unit's commands, by their processes, which are their sessions' first: what a command leaves behind is known by its session. */
  private readonly commands = new Map<number, { unit: string; command: string; runs: boolean }>();
  private readonly starting = new Set<Promise<unknown>>();
  private readonly stopCollecting: () => void;
  private readonly stopLooking: () => void = () => undefined;
  private readonly withheld = new Withheld();
  private suspended = false;
  private dead = false;

  constructor(
    private readonly guest: string,
    private readonly host: WorldHost,
    private readonly journal: Journal,
    private readonly view: (text: string) => string,
    private readonly clock: Clock,
    private readonly bound?: MemoryBound,
  ) {
    this.stopCollecting = everyRealMilliseconds(COLLECT_MILLISECONDS, () => journal.collect());
    if (!bound || !hasProc) return;
    const killer = new OomKiller(new Memory(bound.bytes), bound, {
      candidate: (pid) => this.candidate(pid),
      end: (pid) => send([pid], SIGKILL),
      panic: (text) => host.refused(guest, text),
    });
    this.stopLooking = everyRealMilliseconds(MEMORY_MILLISECONDS, () => void (this.dead || killer.relieve(() => this.living())));
  }

  launch({ unit, environment, onExit, ...rest }: LaunchRequest): RunningCommand {
    const exit = (code: number): void => {
      if (this.dead) return;
      this.journal.collect();
      onExit(code);
    };
    const start = this.host.zygote.fork({ ...rest, environment: environment(`${this.guest}/${unit}`), output: this.journal.outputFor(unit) }).then(
      (pid) => {
        const command = { unit, command: rest.arguments.join(" "), runs: true };
        this.commands.set(pid, command);
        if (this.suspended) signalProcess(pid, "SIGSTOP");
        this.host.watch(pid, (code) => {
          command.runs = false;
          exit(code);
        });
        return pid;
      },
      (error: Error) => {
        if (this.dead) return undefined;
        this.journal.note(unit, `spotproof: ${error.message}`);
        exit(127);
        return undefined;
      },
    ).finally(() => this.starting.delete(start));
    this.starting.add(start);
    return {
      signal: async (signal) => {
        const pid = await start;
        if (pid !== undefined) await send([pid], signal);
      },
    };
  }

  /** That number is a new process's, or is about to be. */
  forget(pid: number): void {
    this.commands.delete(pid);
    this.bound?.gone(pid);
  }

  async signalUnit(unit: string, signal: number): Promise<void> {
    await Promise.all(this.starting);
    await send(this.living(unit), signal);
  }

  hasProcesses(unit: string): boolean {
    return this.living(unit).length > 0;
  }

  readonly table: ProcessTable = {
    // One that was forked from the pre-imported parent has that one's command line.
    list: () => this.living().map((pid) => {
      const known = this.commands.get(pid)?.command;
      return known === undefined || known.startsWith("/bin/sh") ? entryOf(pid, this.view(commandLine(pid)), processName(pid)) : entryOf(pid, this.view(known));
    }),
    signal: async (pid, signal) => {
      const isThere = this.living().includes(pid);
      if (isThere) await send([pid], signal);
      return isThere;
    },
  };

  /** Sockets keep their own time-outs, in real seconds: what was given up meanwhile is answered to nobody. */
  withhold(isDropped: () => boolean): Promise<boolean> {
    return new Promise((resolve) => void this.withheld.keep(isDropped, resolve));
  }

  /** So slow a network keeps a socket waiting longer than its time-out, where a real one would have let it send on. */
  transfer(until: Microseconds): Promise<boolean> {
    return new Promise((resolve) => {
      this.clock.spawn("a transfer", async () => {
        await this.clock.sleepUntil(until);
        resolve(!this.dead);
      });
    });
  }

  networkChanged(): void {
    for (const key of this.withheld.free()) this.withheld.settle(key);
  }

  suspend(): void {
    this.suspended = true;
    // One that is just being stopped may have started another.
    for (let seen = -1, pids = this.living(); pids.length !== seen; seen = pids.length, pids = this.living()) for (const pid of pids) signalProcess(pid, "SIGSTOP");
  }

  resume(): void {
    this.suspended = false;
    for (const pid of this.living()) signalProcess(pid, "SIGCONT");
  }

  async kill(): Promise<void> {
    this.dead = true;
    this.withheld.abandon();
    this.stopCollecting();
    this.stopLooking();
    endAtOnce(this.living());
    await Promise.all(this.starting);
    for (let round = 0, pids = this.living(); pids.length > 0; round++, pids = this.living()) {
      if (round % 20 === 0) endAtOnce(pids);
      await afterRealMilliseconds(1);
    }
  }

  private candidate(pid: number): Candidate | undefined {
    const unit = [...new Set([...this.commands.values()].map((command) => command.unit))].find((each) => this.living(each).includes(pid));
    return unit === undefined ? undefined : { unit, name: this.table.list().find((entry) => entry.pid === pid)?.name ?? processName(pid), oomScoreAdjust: this.scoreOf(unit, pid) };
  }

  /** A process's oom_score_adj: what it was given, or has from the nearest above it that was given one. */
  private scoreOf(unit: string, pid: number): number {
    const { pid: zygote } = this.host.zygote;
    const above = (each: number): number | undefined => {
      const parent = parentOf(each);
      return parent === zygote ? undefined : parent;
    };
    return inheritedScore(pid, above, zygote, this.bound!) ?? this.bound!.unitScore(unit);
  }

  /** All processes of a unit, or of the guest: below its commands, of their sessions, or with the guest's mark. */
  private living(unit?: string): number[] {
    const own = new Map([...this.commands].filter(([, command]) => unit === undefined || command.unit === unit));
    if (own.size === 0) return [];
    const { pid: parent } = this.host.zygote;
    const marks = [...new Set([...own.values()].map((command) => command.unit))].map((name) => `SPOTPROOF_ACTOR=${this.guest}/${name}`);
    const left = parent === undefined ? [] : treeOf([parent]).filter((pid) => pid !== parent && (own.has(sessionOf(pid) ?? -1) || marks.some((mark) => environmentOf(pid)?.includes(mark))));
    const commands = [...own].filter(([, { runs }]) => runs).map(([pid]) => pid);
    return [...new Set([...treeOf(commands), ...left])].filter(isAlive);
  }
}

/** A signal to each; of SIGKILL the end is awaited. */
async function send(pids: readonly number[], signal: number): Promise<void> {
  if (signal === SIGKILL) endAtOnce(pids);
  else for (const pid of pids) signalProcess(pid, signal);
  if (signal === SIGKILL) while (pids.some(isAlive)) await afterRealMilliseconds(1);
}
