/**
 * The global scope of a function: a context of its own, in which time and randomness are the region's.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
import { promisify } from "node:util";
import { createContext, runInContext, type Context } from "node:vm";
import type { Clock, Random } from "../../../../../time/clock";
import type { EventLoop } from "./event-loop";
import type { InvocationLog, Level } from "../log";
import { RuntimeError } from "../errors";

/** What a function's code is given of the world. */
export interface World {
  clock: Clock;
  random: Random;
  loop: EventLoop;
  log: InvocationLog;
  process: object;
  crypto: object;
}

/** What is the same in every context, so that values pass between the code and what is given to it. */
const SHARED = {
  ArrayBuffer, SharedArrayBuffer, DataView, Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array,
  Buffer, URL, URLSearchParams, TextEncoder, TextDecoder, AbortController, Event, EventTarget, ReadableStream, WritableStream, TransformStream, Blob, Headers, FormData, MessageChannel, structuredClone, atob, btoa,
};

export function createScope(world: World): Context {
  const { loop } = world;
  const scope: Record<string, unknown> = {
    ...SHARED,
    ...timers(loop),
    AbortSignal: abortSignal(loop),
    Date: regionDate(world.clock),
    console: createConsole(world.log),
    crypto: world.crypto,
    process: world.process,
    performance: performanceOf(world.clock),
    queueMicrotask: (callback: () => void) => queueMicrotask(() => loop.guard(callback)),
    fetch: () => Promise.reject(new RuntimeError("NotSupported", "The embedded region does not support fetch in functions: it has no network; call AWS with the SDK clients.")),
  };
  const context = createContext(scope, { name: loop.name });
  Object.assign(scope, { global: scope["globalThis"] });
  const adjust = runInContext(ADJUST, context, { filename: "adjust-scope.js" }) as (random: () => number, isHostError: (value: unknown) => boolean) => void;
  adjust(() => world.random.next(), (value) => value instanceof Error);
  return context;
}

/** Run inside: randomness, and `instanceof Error` for errors that come from outside (the SDK's). */
const ADJUST = `((random, isHostError) => {
  globalThis.global = globalThis;
  Math.random = random;
  const own = Function.prototype[Symbol.hasInstance];
  Object.defineProperty(Error, Symbol.hasInstance, { value(value) { return own.call(this, value) || (this === Error && isHostError(value)); } });
})`;

/** Date whose present is the region's. Its instances are ordinary Dates, so that SDK clients take them. */
function regionDate(clock: Clock): DateConstructor {
  const now = (): number => Math.floor(clock.now() / 1000);
  return new Proxy(Date, {
    construct: (target, args: [], newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: (target) => new target(now()).toString(),
    get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver) as unknown),
  });
}

/** Milliseconds since the environment started, to the microsecond. */
export function performanceOf(clock: Clock): object {
  const start = clock.now();
  const now = (): number => (clock.now() - start) / 1000;
  return { now, timeOrigin: start / 1000, mark: () => undefined, measure: () => undefined, toJSON: () => ({ timeOrigin: start / 1000 }) };
}

/** A timer as Node gives it: with ref and unref, and a number when one is needed. */
class Timeout {
  constructor(readonly loop: EventLoop, readonly id: number, readonly restart: () => number) {}
  #isReferenced = true;
  ref(): this {
    return this.#reference(true);
  }
  unref(): this {
    return this.#reference(false);
  }
  hasRef(): boolean {
    return this.#isReferenced;
  }
  close(): this {
    this.loop.removeTimer(this.id);
    return this;
  }
  [Symbol.toPrimitive](): number {
    return this.id;
  }
  #reference(isReferenced: boolean): this {
    this.#isReferenced = isReferenced;
    this.loop.reference(this.id, isReferenced);
    return this;
  }
}

type Callback = (...args: unknown[]) => void;

/** setTimeout and its like: globals, and the module `timers`. */
export function timers(loop: EventLoop): Record<string, unknown> {
  const start = (repeats: boolean) => (callback: Callback, milliseconds = 1, ...args: unknown[]): Timeout => {
    if (typeof callback !== "function") throw new TypeError('The "callback" argument must be of type function.');
    const add = (): number => loop.addTimer(() => callback(...args), Number(milliseconds), repeats);
    return new Timeout(loop, add(), add);
  };
  const stop = (timer: unknown): void => {
    if (timer instanceof Timeout) loop.removeTimer(timer.id);
    else if (typeof timer === "number" || typeof timer === "string") loop.removeTimer(Number(timer));
  };
  const setTimeout_ = start(false);
  const immediates = new Set<object>();
  const setImmediate_ = (callback: Callback, ...args: unknown[]): object => {
    const handle = { ref: () => handle, unref: () => handle, hasRef: () => true };
    immediates.add(handle);
    loop.enqueue(() => { if (immediates.delete(handle)) callback(...args); });
    return handle;
  };
  const clearImmediate_ = (handle: object): void => void immediates.delete(handle);
  const { setTimeout: later, setImmediate: soon, setInterval: every } = timerPromises(loop);
  Object.defineProperty(setTimeout_, promisify.custom, { value: later });
  Object.defineProperty(setImmediate_, promisify.custom, { value: soon });
  return { setTimeout: setTimeout_, setInterval: start(true), setImmediate: setImmediate_, clearTimeout: stop, clearInterval: stop, clearImmediate: clearImmediate_, promises: { setTimeout: later, setImmediate: soon, setInterval: every, scheduler: { wait: later } } };
}

interface TimerOptions { signal?: AbortSignal; ref?: boolean }

/** The module `timers/promises`. */
export function timerPromises(loop: EventLoop) {
  const wait = (milliseconds: number, { signal, ref = true }: TimerOptions = {}): Promise<void> => new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const id = loop.addTimer(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds, false);
    if (!ref) loop.reference(id, false);
    const abort = (): void => {
      loop.removeTimer(id);
      reject(signal!.reason as Error);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
  return {
    setTimeout: async <T>(milliseconds = 1, value?: T, options?: TimerOptions): Promise<T | undefined> => {
      await wait(Number(milliseconds), options);
      return value;
    },
    setImmediate: <T>(value?: T): Promise<T | undefined> => new Promise((resolve) => loop.enqueue(() => resolve(value))),
    async *setInterval<T>(milliseconds = 1, value?: T, options?: TimerOptions): AsyncGenerator<T | undefined> {
      for (;;) {
        await wait(Number(milliseconds), options);
        yield value;
      }
    },
  };
}

/** AbortSignal whose `timeout` runs on the region's clock. */
function abortSignal(loop: EventLoop): unknown {
  const timeout = (milliseconds: number): AbortSignal => {
    const controller = new AbortController();
    const id = loop.addTimer(() => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")), milliseconds, false);
    loop.reference(id, false);
    return controller.signal;
  };
  return new Proxy(AbortSignal, { get: (target, name, receiver) => (name === "timeout" ? timeout : Reflect.get(target, name, receiver) as unknown) });
}

/** console's methods, each with its level. */
const LEVELS: Record<string, Level> = { log: "INFO", info: "INFO", debug: "DEBUG", trace: "TRACE", warn: "WARN", error: "ERROR", fatal: "FATAL", dir: "INFO", table: "INFO" };

function createConsole(log: InvocationLog): object {
  const methods = Object.fromEntries(Object.entries(LEVELS).map(([name, level]) => [name, (...values: unknown[]) => log.console(level, values)]));
  const nothing = (): void => undefined;
  const assert = (condition: unknown, ...values: unknown[]): void => { if (!condition) log.console("ERROR", ["Assertion failed", ...values]); };
  return { ...methods, assert, group: nothing, groupEnd: nothing, time: nothing, timeEnd: nothing, timeLog: nothing, count: nothing, countReset: nothing };
}
