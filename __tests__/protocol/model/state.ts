/**
 * A state of the protocol's model: small numbers in one array, and the same in a few words, by which it is stored and found.
 * Instance n is what launch n started; a deadline is absent, ahead or past; a save is the number of the step that it holds.
 */

/** Most instances that a model may launch. */
export const MOST_INSTANCES = 3;

export const OWNER = { none: 0, restoring: 1, working: 2, handingOver: 3, saving: 4, released: 5, dead: 6 } as const;
export const DEADLINE = { absent: 0, ahead: 1, past: 2 } as const;
export const REASON = { none: 0, finished: 1, saved: 2, jobFailed: 3, error: 4 } as const;

/** What EC2 says of an instance. `stopping`: its operating system shuts down, its processes have SIGTERM. */
export const VM = { absent: 0, running: 1, stopping: 2, gone: 3 } as const;

/** Where an agent stands: the step that it takes next. */
export const AGENT = {
  off: 0, look: 1, take: 2, takeCheck: 3, ready: 4, releaseEarlier: 5, restore: 6, start: 7, run: 8, commitCheck: 9, handOver: 10, answer: 11, saving: 12, save: 13, release: 14, report: 15, leave: 16, standIn: 17, tell: 18,
} as const;
/** The interruption that an agent knows of. */
export const WHY = { none: 0, migrate: 1, notice: 2, terminate: 3 } as const;
/** What an agent answers, and how an attempt ended for the state machine. */
export const ENDING = { none: 0, finished: 1, saved: 2, notice: 3, migrate: 4, instanceTerminated: 5, timeout: 6, jobFailed: 7, refused: 8 } as const;

export const MACHINE = { launch: 0, noCapacity: 1, give: 2, wait: 3, let: 4, terminate: 5, dead: 6, read: 7, takeUpRead: 8, takeUp: 9, ended: 10 } as const;
export const RESULT = { none: 0, succeeded: 1, jobFailed: 2, exhausted: 3, superseded: 4, stopped: 5 } as const;

/** What the watcher still has to do about an event: all, or only to answer the task. */
export const DUE = { nothing: 0, event: 1, answer: 2 } as const;
/** A request of an agent that its client has given up and that is still on its way. */
export const LATE = { none: 0, take: 1, ready: 2, work: 3, handOver: 4, save: 5, commit: 6, release: 7, finish: 8, releaseEarlier: 9, give: 10, standIn: 11 } as const;

/** The fields and the largest value of each; those of an instance come once for each of them. */
const LEDGER_FIELDS = {
  execution: 1, taskInstance: MOST_INSTANCES, taskToken: 2 * MOST_INSTANCES + 1, ownerEpoch: 15, ownerInstance: MOST_INSTANCES, ownerState: 6, ownerDeadline: 2, leaseOf: MOST_INSTANCES, ownerReason: 4,
  readyLaunch: MOST_INSTANCES, rebalancedLaunch: MOST_INSTANCES, sequence: 7, step: 7, lastEpoch: 15, lastRun: 1, finished: 1, notices: (1 << MOST_INSTANCES) - 1,
} as const;
const MACHINE_FIELDS = { machine: 10, current: MOST_INSTANCES, leaving: (1 << MOST_INSTANCES) - 1, ending: 8, token: 2 * MOST_INSTANCES + 1, tries: 1, launched: MOST_INSTANCES, result: 5, running: 1, earlier: 6 } as const;
const LATE_FIELDS = { late: 11, lateInstance: MOST_INSTANCES, lateEpoch: 15, lateSequence: 7, lateStep: 7, lateRun: 1, lateBase: 7 } as const;
const FAULT_FIELDS = { faults: 15 } as const;
const INSTANCE_FIELDS = {
  vm: 3, doomed: 1, shown: 1, rebalance: 1, warningDue: 2, stoppingDue: 1, goneDue: 2, execution: 1,
  at: 18, done: 1, hung: 1, epoch: 15, sequence: 7, base: 7, run: 1, why: 3, knownToken: 2 * MOST_INSTANCES + 1, answer: 8,
} as const;

type Names<T> = { readonly [K in keyof T]: number };
const widths: number[] = [];
const names: string[] = [];
function place<T extends Record<string, number>>(fields: T, prefix = ""): Names<T> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, most]) => {
      names.push(prefix + name);
      return [name, widths.push(Math.ceil(Math.log2(most + 1))) - 1];
    }),
  ) as Names<T>;
}

/** Places of the fields in a state. */
export const L = place(LEDGER_FIELDS);
export const M = place(MACHINE_FIELDS);
export const P = place(LATE_FIELDS);
export const F = place(FAULT_FIELDS);
/** `I.vm + of(n)` is the place of instance n's. */
export const I = place(INSTANCE_FIELDS, "instance 1: ");
const STRIDE = Object.keys(INSTANCE_FIELDS).length;
for (let n = 2; n <= MOST_INSTANCES; n++) place(INSTANCE_FIELDS, `instance ${n}: `);

export type State = Uint8Array;
export const of = (instance: number): number => (instance - 1) * STRIDE;
export const newState = (): State => new Uint8Array(widths.length);

/** A process of an instance that is no more knows nothing. */
const MEMORY = [I.at, I.epoch, I.sequence, I.base, I.run, I.why, I.knownToken, I.answer];
export function forget(state: State, instance: number): void {
  for (const field of MEMORY) state[field + of(instance)] = 0;
}

/** Which word a field is in, and where. Fields do not cross words. */
const wordOf: number[] = [];
const shiftOf: number[] = [];
let word = 0;
let used = 0;
for (const width of widths) {
  if (used + width > 32) {
    word += 1;
    used = 0;
  }
  wordOf.push(word);
  shiftOf.push(used);
  used += width;
}
export const WORDS = word + 1;

// Straight code for these two, which run for every step of every state, is several times faster than a loop over the fields.
const fieldsOf = (each: number): number[] => wordOf.flatMap((its, field) => (its === each ? [field] : []));
const packed = Array.from({ length: WORDS }, (_, each) => `words[at + ${each}] = ${fieldsOf(each).map((field) => `s[${field}] << ${shiftOf[field]}`).join(" | ")};`);
const packAll = new Function("s", "words", "at", packed.join("\n")) as (s: State, words: Uint32Array, at: number) => void;
const tooLarge = new Function("s", `return (${widths.map((width, field) => `s[${field}] >>> ${width}`).join(" | ")}) !== 0;`) as (s: State) => boolean;
const unpackAll = new Function(
  "words", "at", "s", widths.map((width, field) => `s[${field}] = (words[at + ${wordOf[field]}] >>> ${shiftOf[field]}) & ${(1 << width) - 1};`).join("\n"),
) as (words: Uint32Array, at: number, s: State) => void;

/** Writes a state into `WORDS` words from `at` on. A value too large for its field is a fault of the model's bounds. */
export function pack(state: State, words: Uint32Array, at: number): void {
  if (tooLarge(state)) {
    const field = widths.findIndex((width, each) => state[each]! >>> width !== 0);
    throw new RangeError(`${names[field]} is ${state[field]}: its field in the model has ${widths[field]} bits`);
  }
  packAll(state, words, at);
}

export function unpack(words: Uint32Array, at: number): State {
  const state = newState();
  unpackAll(words, at, state);
  return state;
}

/** A copy to be changed into the next state. It is one of a few that come again and again: whoever keeps one copies it once more. */
const COPIES = Array.from({ length: 64 }, newState);
let last = 0;
export function copy(state: State): State {
  const made = COPIES[(last = (last + 1) % COPIES.length)]!;
  made.set(state);
  return made;
}

/** What differs between two states, for a person: `ownerEpoch 1 -> 2, …`. */
export function difference(before: State, after: State): string {
  return names.flatMap((name, field) => (before[field] === after[field] ? [] : [`${name} ${before[field]}->${after[field]}`])).join(", ");
}
