/**
 * Virtual time: the clock on which an hour of waiting costs nothing and a run is the same every time. Actors that are
 * asynchronous functions of this process, on top of the turns that they share with guests.
 */
import { MICROSECONDS_PER_SECOND, type Actor, type Clock, type Gate, type Microseconds } from "./clock";
import type { RootClock, UncaughtHandler } from "./root-clock";
import { Turns, type Seat, type StuckError, type TurnSeat } from "./turns";

export { StuckError, TurnError, type Seat, type Until } from "./turns";

export interface VirtualClockOptions {
  /** What the clock shows at the start. */
  startMicroseconds: Microseconds;
  /** Real seconds for which one actor may hold its turn before the run is ended as stuck; 0: no limit. */
  watchdogSeconds?: number;
  /**
   * For a world that others visit: time runs whenever every actor waits, also while no body of `run` is under way, and stands
   * still when nothing is due. Then a body of `run` is a visitor, who comes at the present time.
   */
  isFree?: boolean;
  /** Told of an actor that holds its turn too long, instead of the run being ended as stuck. */
  onSlow?(error: StuckError): void;
  /** Time cannot go on. The bodies of `run` reject with the error too; nobody gets a turn after it. */
  onStuck?(error: StuckError): void;
  /**
   * An actor's error that nobody joined: reported when it fails, or, if the actor that spawned it is in a `join`
   * at that moment, when that one ends without having joined it. Default: thrown as an unhandled rejection.
   */
  onUncaught?: UncaughtHandler;
}

export interface VirtualClock extends RootClock {
  readonly kind: "virtual";
  /**
   * A seat for an actor outside this process's functions. It is due at once; `onTurn` is called whenever a turn of its
   * own begins, and the seat holds it until `block` or `finish`. A host handler that runs in such a turn may use the
   * clock as any actor does: the seat is parked and the handler resumed, without `onTurn`.
   * `beforeTurn` is called before either.
   */
  register(name: string, onTurn: () => void, beforeTurn?: () => void): Seat;
  /** Who holds the turn: undefined when nobody does. */
  holder(): Seat | undefined;
}

export const isVirtual = (clock: Clock): clock is VirtualClock => clock.kind === "virtual";

interface VirtualActor extends Actor {
  seat: TurnSeat;
  settled: boolean;
  failed: boolean;
  error: unknown;
  joined: boolean;
  joiners: TurnSeat[];
  /** Failed children, held back while this actor is in a join. */
  heldErrors: VirtualActor[];
  joining: boolean;
}

export function createVirtualClock(options: VirtualClockOptions): VirtualClock {
  const actorOf = new WeakMap<TurnSeat, VirtualActor>();
  /** How to end each body of `run` when time cannot go on. */
  const foreground = new Set<(error: unknown) => void>();
  const turns = new Turns({
    startMicroseconds: options.startMicroseconds,
    watchdogSeconds: options.watchdogSeconds ?? 60,
    isFree: options.isFree ?? false,
    onSlow: options.onSlow && ((error) => options.onSlow!(error)),
    onStuck(error) {
      for (const reject of [...foreground]) reject(error);
      options.onStuck?.(error);
    },
  });

  const parkHolder = (what: string, until: Microseconds | "never", waitingFor: string): Promise<void> => {
    const seat = turns.needHolder(what);
    return new Promise((resolve) => turns.park(seat, until, resolve, waitingFor));
  };

  const report = (actor: VirtualActor): void => {
    if (actor.joined) return;
    if (!options.onUncaught) void Promise.reject(actor.error);
    else options.onUncaught(actor.error, actor.name);
  };

  /** Starts a body as an actor; `parent` hears of its failure when nobody joins it. */
  const begin = <T>(name: string, body: () => Promise<T>, isForeground: boolean, isRun: boolean, isBackground = false): { actor: VirtualActor; result: Promise<T> } => {
    const parent = turns.holder && actorOf.get(turns.holder);
    let settle!: { resolve(value: T): void; reject(error: unknown): void };
    const result = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
    const done = result.then(() => undefined);
    // A failure is reported below; only one spawned from outside without a handler is left to Node's own report.
    if (!isForeground || isRun || options.onUncaught) done.catch(() => undefined);

    const over = (outcome: { value: T } | { error: unknown }): void => {
      if (actor.settled) return;
      actor.settled = true;
      if ("error" in outcome) {
        actor.failed = true;
        actor.error = outcome.error;
        settle.reject(outcome.error);
        if (isForeground) {
          if (!isRun && !actor.joined) options.onUncaught?.(outcome.error, name);
        } else if (!actor.joined && parent?.joining) parent.heldErrors.push(actor);
        else report(actor);
      } else settle.resolve(outcome.value);
      for (const held of actor.heldErrors) report(held);
      for (const joiner of actor.joiners) turns.rouse(joiner);
      if (isForeground) {
        foreground.delete(settle.reject);
        turns.changeForeground(-1);
      }
      turns.end(actor.seat);
    };
    const seat = turns.seat(name, () => {
      seat.lastCommand = "runs in this process";
      let promise: Promise<T>;
      try {
        promise = body();
      } catch (error) {
        return over({ error });
      }
      promise.then((value) => over({ value }), (error: unknown) => over({ error }));
    }, undefined, isBackground);
    const actor: VirtualActor = {
      id: seat.id, name, done, seat,
      settled: false, failed: false, error: undefined, joined: false, joiners: [], heldErrors: [], joining: false,
    };
    actorOf.set(seat, actor);
    if (isForeground) {
      foreground.add(settle.reject);
      turns.changeForeground(1);
    }
    return { actor, result };
  };

  return {
    kind: "virtual",
    now: () => turns.now,
    sleep(duration) {
      const until = turns.now + Math.max(0, Math.round(duration));
      return parkHolder("sleep", until, "a time");
    },
    sleepUntil: (time) => parkHolder("sleepUntil", Math.round(time), "a time"),
    spawn(name, body) {
      return begin(name, body, turns.holder === undefined, false).actor;
    },
    spawnBackground: (name, body) => begin(name, body, false, false, true).actor,
    async join(actor) {
      const target = actor as VirtualActor;
      target.joined = true;
      if (!target.settled) {
        const seat = turns.needHolder("join");
        const self = actorOf.get(seat);
        if (self) self.joining = true;
        target.joiners.push(seat);
        try {
          await parkHolder("join", "never", `the end of ${target.name}`);
        } finally {
          if (self) self.joining = false;
        }
      }
      if (target.failed) throw target.error;
    },
    gate: (name = "a gate") => createGate(turns, name),
    run: (name, body) => begin(name, body, true, true).result,
    idle: () => turns.idle(),
    close: () => turns.close(),
    register: (name, onTurn, beforeTurn) => turns.seat(name, onTurn, beforeTurn),
    holder: () => turns.holder,
  };
}

function createGate(turns: Turns, name: string): Gate {
  let waiting: { seat: TurnSeat; opened: boolean }[] = [];
  return {
    async wait(timeout) {
      const seat = turns.needHolder("Gate.wait");
      const waiter = { seat, opened: false };
      waiting.push(waiter);
      const until = timeout === undefined ? "never" : turns.now + Math.max(0, Math.round(timeout));
      await new Promise<void>((resolve) => turns.park(seat, until, resolve, name));
      if (!waiter.opened) waiting = waiting.filter((other) => other !== waiter);
      return waiter.opened;
    },
    open() {
      const all = waiting;
      waiting = [];
      for (const waiter of all) {
        waiter.opened = true;
        turns.rouse(waiter.seat);
      }
    },
  };
}

/** Turns an instant of the calendar into the clock's microseconds: `startAt("2026-01-01T00:00:00Z")`. Throws RangeError. */
export function startAt(iso: string): Microseconds {
  const milliseconds = Date.parse(iso);
  if (Number.isNaN(milliseconds)) throw new RangeError(`not an instant in ISO 8601: ${iso}`);
  return (milliseconds / 1000) * MICROSECONDS_PER_SECOND;
}
