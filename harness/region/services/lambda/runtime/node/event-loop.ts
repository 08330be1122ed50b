/**
 * The event loop of one execution environment, on the region's clock. A function's code runs only in the turn of the
 * actor that invokes it; that actor parks when the code waits for nothing but timers and calls.
 *
 * A call of the code into the region is an actor of its own, so that several may be under way; what it gives is handed
 * to the code in the invoking actor's turn. Between invocations the environment is frozen: nothing runs.
 */
import type { Clock, Gate, Microseconds } from "../../../../../time/clock";

interface Timer { id: number; due: Microseconds; every: Microseconds | undefined; run: () => void; isReferenced: boolean }

/** Why `run` came back: the condition held; nothing is left to do; the deadline passed; or the code threw out of a callback. */
export type Outcome = { kind: "done" } | { kind: "idle" } | { kind: "deadline" } | { kind: "threw"; error: unknown };

export class EventLoop {
  readonly #gate: Gate;
  readonly #timers = new Map<number, Timer>();
  readonly #ready: (() => void)[] = [];
  #lastTimer = 0;
  /** Calls into the region under way. */
  #calls = 0;
  /** Work of Node's own threads under way: it takes no time on the clock, but real time. */
  #realWork = 0;
  #wakeRealWaiter: (() => void) | undefined;
  #thrown: { error: unknown } | undefined;
  /** The environment is no more; what still comes back is dropped. */
  #closed = false;

  constructor(readonly clock: Clock, readonly name: string) {
    this.#gate = clock.gate(`the event loop of ${name}`);
  }

  close(): void {
    this.#closed = true;
    this.#timers.clear();
    this.#ready.length = 0;
    this.#gate.open();
  }

  /** Runs the code's callbacks until the condition holds. Called by the invoking actor. */
  async run(done: () => boolean, deadline: Microseconds): Promise<Outcome> {
    for (;;) {
      await settle();
      if (this.#thrown) {
        const { error } = this.#thrown;
        this.#thrown = undefined;
        return { kind: "threw", error };
      }
      if (done()) return { kind: "done" };
      if (this.#realWork > 0) {
        await new Promise<void>((resolve) => (this.#wakeRealWaiter = resolve));
        continue;
      }
      const ready = this.#ready.shift();
      if (ready) {
        this.guard(ready);
        continue;
      }
      const now = this.clock.now();
      if (now >= deadline) return { kind: "deadline" };
      const timer = this.#nextTimer();
      if (timer && timer.due <= now) {
        this.#fire(timer);
        continue;
      }
      if (this.#calls === 0 && ![...this.#timers.values()].some(({ isReferenced }) => isReferenced)) return { kind: "idle" };
      await this.#gate.wait(Math.min(timer?.due ?? Infinity, deadline) - now);
    }
  }

  /** Runs a callback of the code; what it throws ends the invocation. */
  guard(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.throwOut(error);
    }
  }

  /** An error that no code caught. */
  throwOut(error: unknown): void {
    this.#thrown ??= { error };
    this.#wakeRealWaiter?.();
    this.#gate.open();
  }

  /** Lets a callback run after what is under way. */
  enqueue(callback: () => void): void {
    if (this.#closed) return;
    this.#ready.push(callback);
    this.#gate.open();
  }

  addTimer(run: () => void, milliseconds: number, repeats: boolean): number {
    // As Node's: at least a millisecond, and one when it is no number.
    const duration = (milliseconds >= 1 && milliseconds <= 2 ** 31 - 1 ? Math.trunc(milliseconds) : 1) * 1000;
    const id = ++this.#lastTimer;
    this.#timers.set(id, { id, due: this.clock.now() + duration, every: repeats ? duration : undefined, run, isReferenced: true });
    return id;
  }

  removeTimer(id: number): void {
    this.#timers.delete(id);
  }

  reference(id: number, isReferenced: boolean): void {
    const timer = this.#timers.get(id);
    if (timer) timer.isReferenced = isReferenced;
  }

  /** A call into the region: an actor of its own, whose result reaches the code in the invoking actor's turn. */
  call<T>(name: string, body: () => Promise<T>): Promise<T> {
    this.#calls++;
    const promise = new Promise<T>((resolve, reject) => {
      const finish = (settleIt: () => void): void => {
        this.#calls--;
        this.enqueue(settleIt);
      };
      this.clock.spawn(`${this.name} calls ${name}`, async () => {
        try {
          const value = await body();
          finish(() => resolve(value));
        } catch (error) {
          finish(() => reject(error as Error));
        }
      });
    });
    return promise;
  }

  /** Work of Node's threads: the loop waits for it in real time, and its callback comes back through the loop. */
  startRealWork(): () => void {
    this.#realWork++;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#realWork--;
      this.#wakeRealWaiter?.();
    };
  }

  #nextTimer(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers.values()) if (!next || timer.due < next.due || (timer.due === next.due && timer.id < next.id)) next = timer;
    return next;
  }

  #fire(timer: Timer): void {
    if (timer.every === undefined) this.#timers.delete(timer.id);
    else timer.due = this.clock.now() + timer.every;
    this.guard(timer.run);
  }
}

/** Lets everything that has been promised come true: a turn of Node's own loop comes after all microtasks. */
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
