/**
 * Explores every state that can be reached, breadth first, so that a counterexample is a shortest one. States are kept packed, in one
 * table of open addressing; the steps that happen without a fault are kept, too, to find what never ends.
 */
import { endBreaks, stateBreaks, stepBreaks } from "./invariants";
import type { Rules } from "./rules";
import { difference, M, pack, unpack, WORDS, type State } from "./state";
import { beginning, next } from "./world";

export interface Explored {
  states: number;
  steps: number;
  /** Where nothing more happens, by the result of the execution. */
  ends: Record<number, number>;
  /** What is broken, and the way there; undefined when nothing is. */
  broken?: { what: string; trace: string[] };
}

/** A set of packed states, numbered in order of arrival. */
class States {
  private words = new Uint32Array(WORDS << 16);
  private table = new Int32Array(1 << 18).fill(-1);
  readonly scratch = new Uint32Array(WORDS);
  count = 0;

  /** @returns the number of a state, and whether it is new. */
  add(state: State): { id: number; fresh: boolean } {
    pack(state, this.scratch, 0);
    let slot = this.hash(this.scratch, 0) & (this.table.length - 1);
    for (let id; (id = this.table[slot]!) !== -1; slot = (slot + 1) & (this.table.length - 1)) if (this.equals(id)) return { id, fresh: false };
    if ((this.count + 1) * WORDS > this.words.length) {
      const larger = new Uint32Array(this.words.length * 2);
      larger.set(this.words);
      this.words = larger;
    }
    this.words.set(this.scratch, this.count * WORDS);
    this.table[slot] = this.count;
    if (this.count * 2 > this.table.length) this.rehash();
    return { id: this.count++, fresh: true };
  }

  get(id: number): State {
    return unpack(this.words, id * WORDS);
  }

  private equals(id: number): boolean {
    for (let i = 0, at = id * WORDS; i < WORDS; i++) if (this.words[at + i] !== this.scratch[i]) return false;
    return true;
  }

  private hash(words: Uint32Array, at: number): number {
    let hash = 0x811c9dc5;
    for (let i = 0; i < WORDS; i++) {
      hash = Math.imul(hash ^ words[at + i]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash, 0x85ebca6b);
    return (hash ^ (hash >>> 13)) >>> 0;
  }

  private rehash(): void {
    this.table = new Int32Array(this.table.length * 2).fill(-1);
    for (let id = 0; id <= this.count; id++) {
      let slot = this.hash(this.words, id * WORDS) & (this.table.length - 1);
      while (this.table[slot] !== -1) slot = (slot + 1) & (this.table.length - 1);
      this.table[slot] = id;
    }
  }
}

/** Numbers in a list that grows. */
class Numbers {
  values = new Int32Array(1 << 16);
  length = 0;
  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }
}

/** `mostStates`: past so many it throws, so that a bound chosen too large does not fill the memory. */
export function explore(r: Rules, mostStates = 20_000_000): Explored {
  const states = new States();
  const parents = new Numbers();
  const from = new Numbers();
  const to = new Numbers();
  const ends: Record<number, number> = {};
  let steps = 0;
  let broken: { what: string; id: number; then?: State } | undefined;

  states.add(beginning(r));
  parents.push(-1);
  for (let id = 0; id < states.count && broken === undefined; id++) {
    const state = states.get(id);
    let goesOn = false;
    next(state, r, (_label, _n, after, fault, stepBroken) => {
      const { id: reached, fresh } = states.add(after);
      if (reached === id) return;
      steps += 1;
      if (fresh) parents.push(id);
      if (!fault) {
        goesOn = true;
        from.push(id);
        to.push(reached);
      }
      const what = stepBroken ?? stepBreaks(state, after) ?? (fresh ? stateBreaks(after, r) : undefined);
      if (what !== undefined) broken ??= { what, id, then: after.slice() };
    });
    if (!goesOn && broken === undefined) {
      const what = endBreaks(state, r);
      if (what !== undefined) broken = { what, id };
      ends[state[M.result]!] = (ends[state[M.result]!] ?? 0) + 1;
    }
    if (states.count > mostStates) throw new RangeError(`more than ${mostStates} states: choose a smaller bound`);
  }
  if (broken === undefined) {
    const endless = cycle(states.count, from, to);
    if (endless !== undefined) broken = { what: "the job goes round in circles", id: endless };
  }
  return {
    states: states.count,
    steps,
    ends,
    ...(broken === undefined ? {} : { broken: { what: broken.what, trace: trace(broken.id, broken.then, states, parents, r) } }),
  };
}

/** A state on a circle of steps without faults, if there is one: what is left when states that nothing leads to are taken out, again and again. */
function cycle(count: number, from: Numbers, to: Numbers): number | undefined {
  const inward = new Int32Array(count);
  const first = new Int32Array(count + 1);
  for (let i = 0; i < from.length; i++) {
    inward[to.values[i]!]! += 1;
    first[from.values[i]! + 1]! += 1;
  }
  for (let id = 0; id < count; id++) first[id + 1]! += first[id]!;
  // Steps come in the order of the states that they leave.
  const open = new Int32Array(count);
  let length = 0;
  for (let id = 0; id < count; id++) if (inward[id] === 0) open[length++] = id;
  for (let done = 0; done < length; done++) {
    const id = open[done]!;
    for (let i = first[id]!; i < first[id + 1]!; i++) if (--inward[to.values[i]!]! === 0) open[length++] = to.values[i]!;
  }
  return length === count ? undefined : inward.findIndex((left) => left > 0);
}

/** The way to a state, step by step. */
function trace(id: number, then: State | undefined, states: States, parents: Numbers, r: Rules): string[] {
  const path: State[] = then === undefined ? [] : [then];
  for (let at = id; at !== -1; at = parents.values[at]!) path.unshift(states.get(at));
  return path.slice(1).map((after, i) => {
    let told = "?";
    next(path[i]!, r, (label, n, reached, fault) => {
      if (told === "?" && reached.every((value, field) => value === after[field])) told = `${fault ? "! " : "  "}${n === 0 ? "" : `[${n}] `}${label}`;
    });
    return `${String(i + 1).padStart(3)} ${told}   (${difference(path[i]!, after)})`;
  });
}

/** For a failing test. */
export const tell = ({ broken }: Explored): string => (broken === undefined ? "nothing is broken" : `${broken.what}:\n${broken.trace.join("\n")}`);
