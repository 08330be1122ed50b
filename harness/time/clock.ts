/**
 * What time is, for everything under harness/: one interface, on virtual time or on the system's clock.
 *
 * Time is integer microseconds since the Unix epoch. On the virtual clock an *actor* (a scenario, an execution, a
 * function call, a guest process) is either running or waiting. Exactly one actor runs at a time, and time moves only
 * when all of them wait: to the earliest due one, ties in order of arrival. That makes a history reproducible.
 *
 * The running actor is whoever holds the turn, so `sleep` and `Gate.wait` need no handle: they park the holder. An
 * actor that awaits anything else (real I/O on loopback, say) keeps its turn and time stands still. It follows that one
 * actor never waits on two things at once: `Promise.all` over two sleeps is an error; spawn an actor for each instead.
 */
export type Microseconds = number;

export const MICROSECONDS_PER_SECOND = 1_000_000;
/** Seconds (fractions allowed) to whole microseconds. */
export const seconds = (value: number): Microseconds => Math.round(value * MICROSECONDS_PER_SECOND);
export const minutes = (value: number): Microseconds => seconds(value * 60);
/** Microseconds to seconds, for people and for AWS's epoch-seconds timestamps. */
export const toSeconds = (value: Microseconds): number => value / MICROSECONDS_PER_SECOND;
/** A Date for what an API returns; Dates are data here, never a way to ask the time. */
export const toDate = (value: Microseconds): Date => new Date(value / 1000);
export const fromDate = (value: Date): Microseconds => value.getTime() * 1000;

/** A condition that actors wait for; opening it wakes those that wait now, in the order in which they came. */
export interface Gate {
  /** Parks the running actor until `open` is called (true) or the time-out has passed (false). Never throws. */
  wait(timeout?: Microseconds): Promise<boolean>;
  /** Wakes everyone who waits at this moment; they run in turn, at the present time. Nobody waits: no effect. */
  open(): void;
}

/** Something that runs on the clock: an asynchronous function with its own turns. */
export interface Actor {
  readonly id: number;
  readonly name: string;
  /** Settles when the body has returned or thrown (then it rejects with what was thrown). For code *outside* the
   * clock, such as the command line; an actor that waits for another uses `Clock.join`. */
  readonly done: Promise<void>;
}

/** How a clock's time follows the machine's monotonic one: what both show at one moment, and how fast it passes. */
export interface Pace {
  /** Seconds of the clock's in a real one. */
  readonly scale: number;
  readonly microseconds: Microseconds;
  readonly monotonicNanoseconds: bigint;
}

export interface Clock {
  readonly kind: "virtual" | "scaled" | "real";
  /** Absent on virtual time, which follows no other. */
  readonly pace?: Pace;
  now(): Microseconds;
  /** Parks the running actor for that long; zero or less lets others that are due now run first. */
  sleep(duration: Microseconds): Promise<void>;
  sleepUntil(time: Microseconds): Promise<void>;
  /** Starts an actor; its first turn comes at the present time, after those already due. An error that nobody
   * joins is reported through `onUncaught`. */
  spawn(name: string, body: () => Promise<void>): Actor;
  /**
   * As `spawn`, for an actor that goes on for ever and leaves nothing to be done (a schedule): it has its turns as long as
   * time moves for others, and time never moves for its sake.
   */
  spawnBackground(name: string, body: () => Promise<void>): Actor;
  /** Parks the running actor until that one has ended; rethrows its error. */
  join(actor: Actor): Promise<void>;
  gate(name?: string): Gate;
}

/** Seeded pseudo-randomness: the same seed and the same calls give the same values. */
export interface Random {
  /** A float in [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  integer(bound: number): number;
  bytes(length: number): Buffer;
  /** A version 4 UUID. */
  uuid(): string;
  /** That many characters of lower-case hexadecimal: AWS's resource ids (`i-` and 17 of them). */
  hex(length: number): string;
  /** An independent stream, so that adding a draw in one place does not shift another place's values. */
  fork(label: string): Random;
}
