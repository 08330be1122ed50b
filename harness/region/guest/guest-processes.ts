/**
 * The processes of one guest on the virtual clock: actors and their seats, exits, signals, suspension, and the end of them all.
 * A process is registered before it is started, so that its place in time does not depend on how fast it starts.
 */
import type { Microseconds } from "../../time/clock";
import { afterRealMilliseconds } from "../../time/system-clock";
import type { Until, VirtualClock } from "../../time/virtual-clock";
import type { GuestActor } from "./actor";
import { GuestMemory, type Holders } from "./guest-memory";
import { GuestSignals, type Signalled } from "./guest-signals";
import type { Journal } from "./journal";
import type { LineSocket } from "./line-socket";
import type { MemoryBound } from "./oom-killer";
import { childrenOf, commandLine, environmentOf, hasProc, isAlive, processName, treeOf } from "./proc";
import { endAtOnce, signalProcess } from "./process-signals";
import { entryOf, type ProcessEntry, type ProcessTable } from "./process-tools";
import { ProgramTree, type TreeHost } from "./program-tree";
import { PythonProcess } from "./python-process";
import type { RunningCommand } from "./unit";
import { Withheld } from "./withheld";
import type { LaunchRequest, Processes, WorldHost } from "./world";

/** What the processes of a guest share with all others of their host. */
export interface ProcessHost extends WorldHost {
  readonly clock: VirtualClock;
  /** Shows guests the present time; called before each of their turns. */
  showPresent(): void;
  /** A text of this machine with the paths that the guest knows. */
  view(text: string): string;
  /** Whether the network drops what goes to that port of the region. */
  drops(port: number): boolean;
  /** A program that is not Python has had its turn. */
  programRan(): void;
}

export class GuestProcesses implements Processes, TreeHost, Signalled, Holders {
  private readonly byId = new Map<string, GuestActor>();
  private readonly starting = new Set<Promise<unknown>>();
  private registered = 0;
  private suspended = false;
  private dead = false;
  /** Closed sockets of helpers are of no interest any more; those of actors are awaited when the guest ends. */
  private readonly connections = new Set<LineSocket>();
  private readonly pids = new Set<number>();
  private readonly withheld = new Withheld();
  readonly signals = new GuestSignals(this);
  /** Undefined: what its processes hold has no bound. */
  private readonly memory: GuestMemory | undefined;
  /** Exit codes of actors that have gone and whose parents cannot collect them. */
  private readonly codes = new Map<string, number>();

  constructor(
    readonly guest: string,
    private readonly host: ProcessHost,
    private readonly journal: Journal,
    bound?: MemoryBound,
  ) {
    this.memory = bound && new GuestMemory(this, host, bound);
  }

  get isDead(): boolean {
    return this.dead;
  }

  get isSuspended(): boolean {
    return this.suspended;
  }

  actors(): Iterable<GuestActor> {
    return this.byId.values();
  }

  running(): GuestActor[] {
    return [...this.actors()].filter((actor) => !actor.isThread && actor.pid !== undefined && (actor.tree ? !actor.tree.isOver : !actor.exited));
  }

  allStarted(): Promise<unknown> {
    return Promise.all(this.starting);
  }

  /** Undefined once it has gone. */
  find(id: string): GuestActor | undefined {
    return this.byId.get(id);
  }

  /** Whether it has exited, and how, as far as that is known. */
  exitOf(id: string): { exited: boolean; code?: number } {
    const code = this.codes.get(id);
    return { exited: this.byId.get(id)?.exited ?? true, ...(code === undefined ? {} : { code }) };
  }

  /** A seat for a thread or process that is about to start. */
  register(name: string, unit: string, parent?: GuestActor, isThread = false, command = name): GuestActor {
    const id = `${this.guest}/${++this.registered}`;
    const seat = this.host.clock.register(`${id} ${name}`, () => this.turn(actor), () => this.host.showPresent());
    const actor: GuestActor = {
      id, name, command, seat, unit, parent, isForked: false, isThread, signals: [], isGranted: false, exited: false, waiters: new Set(), waitsForNews: false, onStarted: [],
    };
    if (this.suspended) seat.hold();
    this.byId.set(id, actor);
    return actor;
  }

  launch(request: LaunchRequest): RunningCommand {
    const command = request.arguments.join(" ");
    const actor = this.register(command.slice(0, 80), request.unit, undefined, false, command);
    actor.isForked = true;
    actor.onExit = request.onExit;
    const { unit, environment, onExit: _, ...rest } = request;
    const start = this.host.zygote
      .fork({ ...rest, environment: environment(actor.id), output: this.journal.outputFor(unit) })
      .then((pid) => this.started(actor, pid, !request.python), (error: Error) => {
        if (this.dead) return;
        this.journal.note(unit, `spotproof: ${error.message}`);
        this.exit(actor, 127);
        this.finish(actor);
      })
      .finally(() => this.starting.delete(start));
    this.starting.add(start);
    return { signal: (signal) => this.signals.send(actor, signal) };
  }

  /** The process of a registered actor runs under that pid. */
  started(actor: GuestActor, pid: number, isProgram: boolean): void {
    actor.pid = pid;
    if (this.memory) actor.oomScoreAdjust = this.memory.firstScoreOf(actor);
    this.pids.add(pid);
    if (isProgram) {
      actor.tree = new ProgramTree(actor, pid, this);
      if (!hasProc) {
        this.refuse(actor, `"${actor.name}" is not Python, and only Linux shows what other programs wait for: use Python`);
        signalProcess(pid, "SIGKILL");
      }
    }
    if (actor.isForked) this.host.watch(pid, (code) => this.collected(actor, code));
    for (const callback of actor.onStarted.splice(0)) callback();
    if (actor.isGranted) this.turn(actor);
  }

  /** Calls back once the actor's process is known to run: a process may be faster than the word of its start. */
  whenStarted(actor: GuestActor, callback: () => void): void {
    if (actor.isThread || actor.pid !== undefined) callback();
    else actor.onStarted.push(callback);
  }

  /** It could not be started. */
  failed(actor: GuestActor): void {
    this.exit(actor, undefined);
    this.finish(actor);
  }

  /** A thread says hello on a new connection. */
  hello(actor: GuestActor, pid: number, socket: LineSocket): GuestActor {
    let self = actor;
    if (actor.tree || actor.connection || actor.exited) {
      // Python below a program: it shares its first ancestor's name, and gets a seat of its own.
      self = this.register(`python ${pid}`, actor.unit, actor);
      actor.tree?.adopt(pid, self);
    }
    const owner = self.isThread ? self.parent?.process : undefined;
    self.process = owner ?? new PythonProcess(pid, self, (process, code) => this.processGone(process, code));
    self.pid ??= pid;
    self.connection = socket;
    self.process.join(self);
    this.pids.add(pid);
    this.connections.add(socket);
    if (self.isGranted) this.turn(self);
    return self;
  }

  connectionClosed(actor: GuestActor, socket: LineSocket): void {
    this.connections.delete(socket);
    const isOver = actor.exited && actor.isThread;
    actor.process?.connectionClosed(isOver);
  }

  /** A thread has said that it is over. */
  threadOver(actor: GuestActor): void {
    this.exit(actor, undefined);
    this.finish(actor);
    this.news(actor);
  }

  /** Parks an actor that holds the turn; a signal that is due brings it back at once. */
  block(actor: GuestActor, until: Until, waitingFor: string): void {
    actor.seat.block(actor.signals.length > 0 ? this.host.clock.now() : until, waitingFor);
    this.news(actor);
  }

  /** Parks until something happens in the guest. */
  blockForNews(actor: GuestActor, isFirst: boolean): void {
    actor.waitsForNews = true;
    actor.seat.block(actor.signals.length > 0 ? this.host.clock.now() : "never", "a child's output");
    if (isFirst) this.news(actor);
  }

  waitForExit(actor: GuestActor, child: GuestActor, until: Until): void {
    if (child.exited) return this.answer(actor);
    child.waiters.add(actor);
    actor.waitsFor = child;
    this.block(actor, until, `the end of ${child.id} ${child.name}`);
  }

  waitForKey(actor: GuestActor, key: string, until: Until): void {
    actor.key = key;
    this.block(actor, until, "a lock, a condition or a queue");
  }

  withhold(isDropped: () => boolean): Promise<boolean> {
    const holder = this.host.clock.holder();
    const actor = [...this.actors()].find(({ seat }) => seat === holder);
    return new Promise((resolve) => {
      const key = this.withheld.keep(isDropped, resolve);
      if (actor?.connection) actor.connection.send(`H ${key}`);
      else if (actor) this.refuse(actor, `"${actor.name}" waits for an answer that the network withholds, and only Python's sockets have their time-outs on the clock`);
    });
  }

  transfer(until: Microseconds): Promise<boolean> {
    const holder = this.host.clock.holder();
    const actor = [...this.actors()].find(({ seat }) => seat === holder);
    return new Promise((resolve) => {
      // Whoever has no turn takes no time either.
      if (!actor) return resolve(!this.dead);
      const key = this.withheld.keep(() => this.host.clock.now() < until, resolve);
      if (actor.connection) actor.connection.send(`T ${key} ${until}`);
      else this.refuse(actor, `"${actor.name}" sends or receives what takes time, and only Python's sockets take it on the clock`);
    });
  }

  /** A key to wait for, when the network drops a connection to that port; undefined when it does not. */
  dropped(port: number): string | undefined {
    return this.host.drops(port) ? this.withheld.keep(() => this.host.drops(port)) : undefined;
  }

  /** Parks until what is withheld may go on, or the time is over. */
  awaitWithheld(actor: GuestActor, key: string, until: Until): void {
    actor.awaits = key;
    if (this.withheld.isFree(key)) return this.answer(actor);
    this.block(actor, until, "an answer that the network withholds");
  }

  networkChanged(): void {
    const freed = this.withheld.free();
    for (const actor of this.actors()) if (actor.awaits !== undefined && freed.includes(actor.awaits)) actor.seat.wake();
  }

  relieveMemory(actor: GuestActor): Promise<void> | undefined {
    return this.memory?.relieve(actor);
  }

  notifyKey(key: string): void {
    for (const actor of this.actors()) if (actor.key === key) actor.seat.wake();
  }

  signalUnit(unit: string, signal: number): Promise<void> {
    return this.signals.toUnit(unit, signal);
  }

  hasProcesses(unit: string): boolean {
    return this.running().some((actor) => actor.unit === unit);
  }

  readonly table: ProcessTable = {
    list: () => this.running().flatMap((actor): ProcessEntry[] => {
      if (actor.tree) return actor.tree.pids.filter(isAlive).map((pid) => entryOf(pid, this.host.view(commandLine(pid)), processName(pid)));
      return actor.process ? [entryOf(actor.pid!, this.host.view(actor.isForked ? actor.command : commandLine(actor.pid!)))] : [];
    }),
    signal: (pid, signal) => this.signals.toPid(pid, signal),
  };

  suspend(): void {
    this.suspended = true;
    for (const actor of this.actors()) actor.seat.hold();
  }

  resume(): void {
    this.suspended = false;
    for (const actor of this.actors()) if (!this.signals.isStopped(actor)) actor.seat.release();
  }

  /**
   * Ends everything at this moment. Resolves once the operating system has closed every connection and no process is left;
   * nobody's time moves meanwhile when the caller holds a turn.
   */
  async kill(): Promise<void> {
    this.dead = true;
    this.memory?.close();
    this.withheld.abandon();
    const actors = [...this.actors()];
    for (const actor of actors) {
      actor.exited = true;
      actor.seat.finish();
    }
    this.killPids();
    await this.allStarted();
    this.killPids();
    await Promise.all([...this.connections].map((socket) => socket.closed));
    for (let round = 0; this.living().length > 0; round++) {
      if (round % 20 === 0) this.killPids();
      await afterRealMilliseconds(1);
    }
    this.byId.clear();
    this.pids.clear();
  }

  // What a tree tells.

  now(): Microseconds {
    return this.host.clock.now();
  }

  *pythonPids(): Iterable<number> {
    for (const actor of this.actors()) if (actor.process?.main === actor && !actor.exited) yield actor.process.pid;
  }

  /** The pre-imported parent is who inherits them. One that is about to become another program has no variables for a moment. */
  orphansOf(actor: GuestActor): { pids: number[]; unclear: boolean } {
    const zygote = this.host.zygote.pid;
    const inherited = !hasProc || zygote === undefined ? [] : childrenOf(zygote).filter((pid) => pid !== actor.pid).map((pid) => ({ pid, variables: environmentOf(pid) }));
    const mark = `SPOTPROOF_ACTOR=${actor.id}`;
    return {
      pids: inherited.filter(({ variables }) => variables?.includes(mark)).map(({ pid }) => pid),
      unclear: inherited.some(({ pid, variables }) => variables?.join("") === "" && isAlive(pid)),
    };
  }

  rootExited(actor: GuestActor, code: number | undefined): void {
    this.exit(actor, code);
  }

  parked(actor: GuestActor): void {
    this.news(actor);
    this.host.programRan();
    if (actor.tree?.isOver) this.finish(actor);
  }

  refuse(actor: GuestActor, text: string): void {
    this.journal.note(actor.unit, `spotproof: ${text}`);
    this.host.refused(this.guest, text);
  }

  /** The clock gives the actor its turn, or it can take the one that it was given. */
  private turn(actor: GuestActor): void {
    actor.isGranted = true;
    if (actor.tree) {
      actor.isGranted = false;
      actor.tree.takeTurn();
    } else if (actor.connection) this.answer(actor);
    else if (actor.pid !== undefined && !actor.isForked) void this.watchStart(actor);
  }

  private answer(actor: GuestActor): void {
    actor.isGranted = false;
    actor.waitsFor?.waiters.delete(actor);
    delete actor.waitsFor;
    delete actor.key;
    actor.waitsForNews = false;
    const signal = actor.signals.shift();
    // With a signal it asks again; without one its wait is over.
    if (actor.awaits !== undefined && signal === undefined) this.withheld.settle(actor.awaits);
    delete actor.awaits;
    actor.connection!.send(signal === undefined ? "G" : `I ${signal}`);
  }

  /** A child of a guest's process that was given the turn and has not said hello: it may have ended before it could. */
  private async watchStart(actor: GuestActor): Promise<void> {
    while (actor.isGranted && !actor.exited && !actor.connection) {
      if (!isAlive(actor.pid!)) {
        this.failed(actor);
        this.news(actor);
        return;
      }
      await afterRealMilliseconds(2);
    }
  }

  /** The pre-imported parent has collected the process. */
  private collected(actor: GuestActor, code: number): void {
    this.pids.delete(actor.pid!);
    if (this.dead || actor.exited) return;
    if (actor.tree) {
      actor.tree.collected(code);
      actor.seat.wake();
    } else if (actor.process) actor.process.collected(code);
    else {
      this.exit(actor, code);
      this.finish(actor);
      this.news(actor);
    }
  }

  private processGone(process: PythonProcess, code: number | undefined): void {
    this.pids.delete(process.pid);
    this.memory?.forget(process.pid);
    if (this.dead) return;
    for (const actor of [...this.actors()]) {
      // A thread or child that it had registered and never started goes with it.
      const isOwn = process.actors.has(actor) || (actor.parent !== undefined && process.actors.has(actor.parent) && (actor.isThread || actor.pid === undefined));
      if (!isOwn || actor.exited) continue;
      this.exit(actor, actor === process.main ? code : undefined);
      if (actor !== process.main) this.finish(actor);
    }
    this.finish(process.main);
    this.news(process.main);
    for (const actor of this.actors()) if (actor.tree) actor.seat.wake();
  }

  private finish(actor: GuestActor): void {
    this.byId.delete(actor.id);
    this.signals.forget(actor);
    // Its number may soon be another's, who must not be taken for it when the guest ends.
    if (!actor.isThread && actor.pid !== undefined && actor.process?.main !== actor) this.pids.delete(actor.pid);
    actor.seat.finish();
  }

  private exit(actor: GuestActor, code: number | undefined): void {
    if (actor.exited) return;
    actor.exited = true;
    if (code !== undefined) this.codes.set(actor.id, code);
    for (const waiter of actor.waiters) waiter.seat.wake();
    actor.waiters.clear();
    this.journal.collect();
    actor.onExit?.(code);
  }

  /** An actor has parked or ended: what it wrote is taken in, and who waits for its output looks again. */
  private news(from: GuestActor): void {
    if (this.dead) return;
    this.journal.collect();
    for (const actor of this.actors()) {
      if (actor !== from && (actor.waitsForNews || actor.tree?.waitsForData)) actor.seat.wake();
    }
  }

  private killPids(): void {
    endAtOnce(this.living());
  }

  /** All processes of this guest that the operating system still has: those known, what is below them, and what bears the guest's mark. */
  private living(): number[] {
    const known = treeOf([...this.pids, ...[...this.actors()].flatMap((actor) => actor.tree?.pids ?? [])]);
    const zygote = this.host.zygote.pid;
    const mark = `SPOTPROOF_GUEST=${this.guest}`;
    const marked = hasProc && zygote !== undefined ? treeOf([zygote]).filter((pid) => pid !== zygote && environmentOf(pid)?.includes(mark)) : [];
    return [...new Set([...known, ...marked])].filter((pid) => pid !== zygote && isAlive(pid));
  }
}
