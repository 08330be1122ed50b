/**
 * The system's clock behind the same interface, for AWS itself and for jobs that burn CPU instead of sleeping. At scale
 * N a virtual second passes N times a real one. Actors run concurrently here, as everything in Node does; there are no turns.
 *
 * The only file that may read the system's clock or set its timers; the few others that need a real one (a watchdog, a
 * poll of the operating system) use the helpers at its end.
 */
import type { Actor, Clock, Gate, Microseconds, Pace } from "./clock";
import type { RootClock, UncaughtHandler } from "./root-clock";

export interface SystemClockOptions {
  /** Virtual seconds per real second; 1 is the real clock. */
  scale?: number;
  /** What the clock shows at the start; default: the present. */
  startMicroseconds?: Microseconds;
  /** Default: rethrown as an unhandled rejection, which ends the process. */
  onUncaught?: UncaughtHandler;
}

/** The longest that one timer of Node's can wait, in milliseconds. */
const TIMER_LIMIT_MILLISECONDS = 2_000_000_000;

/** Throws RangeError for a scale that is not a positive number. */
export function createSystemClock(options: SystemClockOptions = {}): RootClock {
  const scale = options.scale ?? 1;
  if (!(scale > 0) || !Number.isFinite(scale)) throw new RangeError(`a clock's scale must be a positive number, was given ${scale}`);
  const pace: Pace = { scale, microseconds: options.startMicroseconds ?? presentMicroseconds(), monotonicNanoseconds: process.hrtime.bigint() };
  const timers = new Set<() => void>();
  const joined = new WeakSet<Actor>();
  const running = new Set<Promise<unknown>>();
  let nextId = 1;
  let closed = false;

  const now = (): Microseconds => pace.microseconds + Math.round((Number(process.hrtime.bigint() - pace.monotonicNanoseconds) / 1000) * scale);

  /** Calls back when the clock shows that time; returns what cancels it. */
  const at = (time: Microseconds, callback: () => void): (() => void) => {
    let timer: NodeJS.Timeout | undefined;
    const cancel = () => {
      clearTimeout(timer);
      timers.delete(cancel);
    };
    const arm = () => {
      const left = (time - now()) / scale / 1000;
      if (left <= 0 && timer) {
        timers.delete(cancel);
        return callback();
      }
      timer = setTimeout(arm, Math.min(Math.max(Math.ceil(left), 0), TIMER_LIMIT_MILLISECONDS));
    };
    timers.add(cancel);
    if (!closed) arm();
    return cancel;
  };

  const sleepUntil = (time: Microseconds) => new Promise<void>((resolve) => void at(time, resolve));

  const start_ = <T>(name: string, body: () => Promise<T>, foreground: boolean, background = false): Actor & { result: Promise<T> } => {
    const result = Promise.resolve().then(body);
    const actor = { id: nextId++, name, result, done: result.then(() => undefined) };
    const settled = result.then(
      () => undefined,
      (error) => {
        if (foreground || joined.has(actor) || closed) return;
        if (!options.onUncaught) throw error;
        options.onUncaught(error, name);
      },
    );
    actor.done.catch(() => undefined);
    if (!background) running.add(settled);
    void settled.finally(() => running.delete(settled)).catch(() => undefined);
    return actor;
  };

  const clock: RootClock = {
    kind: scale === 1 ? "real" : "scaled",
    pace,
    now,
    sleep: (duration) => sleepUntil(now() + Math.max(0, duration)),
    sleepUntil,
    spawn: (name, body) => start_(name, body, false),
    spawnBackground: (name, body) => start_(name, body, false, true),
    join(actor) {
      joined.add(actor);
      return actor.done;
    },
    gate: () => createGate(clock, at),
    run: (name, body) => start_(name, body, true).result,
    async idle() {
      while (running.size > 0) await Promise.allSettled([...running]);
    },
    close() {
      closed = true;
      for (const cancel of [...timers]) cancel();
    },
  };
  return clock;
}

function createGate(clock: Clock, at: (time: Microseconds, callback: () => void) => () => void): Gate {
  const waiting = new Set<() => void>();
  return {
    wait: (timeout) =>
      new Promise((resolve) => {
        const cancel = timeout === undefined ? () => undefined : at(clock.now() + Math.max(0, timeout), () => {
          waiting.delete(opened);
          resolve(false);
        });
        const opened = () => {
          cancel();
          resolve(true);
        };
        waiting.add(opened);
      }),
    open() {
      const all = [...waiting];
      waiting.clear();
      for (const opened of all) opened();
    },
  };
}

/** The real time, for a clock that begins at the present. */
export const presentMicroseconds = (): Microseconds => Math.round(Date.now() * 1000);

/** Real seconds since some moment, for figures about the harness itself (never in a history). */
export const wallSeconds = (): number => Number(process.hrtime.bigint()) / 1e9;

/** Waits on the real clock, for a poll of the operating system. */
export const afterRealMilliseconds = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Calls back again and again on the real clock; keeps no process alive by itself. Returns what stops it. */
export function everyRealMilliseconds(milliseconds: number, callback: () => void): () => void {
  const timer = setInterval(callback, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * What the promise gives, or the result of `late` when it has not settled after so much real time: for what the
 * operating system should do within moments and may not do at all.
 */
export async function withinRealSeconds<T>(seconds: number, promise: Promise<T>, late: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }, seconds * 1000);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
