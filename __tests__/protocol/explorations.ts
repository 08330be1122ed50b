/** What is explored: which faults, how many of them, with how much patience, for how many launches and commits. */
import { FAULTS, rules, type Bounds, type Fault, type Guard, type Rules } from "./model/rules";

export interface Exploration {
  bounds: Bounds;
  faults: readonly Fault[];
}

const ALL = Object.keys(FAULTS) as Fault[];
const SIZE = { instances: 3, steps: 2 };

export const EXPLORATIONS = {
  /** Each fault at each moment. */
  "any one fault": { bounds: { ...SIZE, faults: 1 }, faults: ALL },
  /** Nothing is lost on the way, and nobody is silent: then nobody ever waits for a timeout. */
  "one fault that is told of": {
    bounds: { ...SIZE, faults: 1, patience: "nothing" },
    faults: ["notice", "notice in events only", "rebalance", "terminate", "vanish", "kill agent", "kill job", "job fails", "lose answer", "late write", "no capacity", "repeat event"],
  },
  /** Events are lost, agents hang: then a heartbeat has to time out, and nothing else. */
  "two faults that nobody tells of": { bounds: { ...SIZE, faults: 2, patience: "heartbeats" }, faults: ["vanish", "hang", "lose event", "kill agent", "fail terminate"] },
  "a migration, and agents that hang": { bounds: { ...SIZE, faults: 2 }, faults: ["rebalance", "hang", "fail terminate"] },
  "a migration, and agents that are killed": { bounds: { ...SIZE, faults: 2 }, faults: ["rebalance", "kill agent", "late write", "lose answer"] },
  "a migration without capacity, and one more": { bounds: { ...SIZE, steps: 1, faults: 3 }, faults: ["rebalance", "no capacity", "kill agent", "vanish"] },
  "two of death, silence and lost answers": { bounds: { ...SIZE, steps: 1, faults: 2 }, faults: ["vanish", "lose event", "lose answer", "kill agent", "pause"] },
  "two of requests that come late": { bounds: { ...SIZE, steps: 1, faults: 2 }, faults: ["late write", "kill job", "pause", "lose answer"] },
} as const satisfies Record<string, Exploration>;

/** These take minutes: `PROTOCOL=all npx jest __tests__/protocol`. */
export const LARGE = {
  "any two faults": { bounds: { ...SIZE, steps: 1, faults: 2 }, faults: ALL },
  "three of a migration, agents that are killed, deaths and late requests": { bounds: { ...SIZE, steps: 1, faults: 3 }, faults: ["rebalance", "kill agent", "late write", "vanish"] },
  "three of notices and agents that are killed": { bounds: { ...SIZE, steps: 1, faults: 3, patience: "nothing" }, faults: ["notice", "kill agent"] },
  "two of notices, deaths and failures, told of": { bounds: { ...SIZE, faults: 2, patience: "nothing" }, faults: ["notice", "vanish", "kill agent", "job fails"] },
} as const satisfies Record<string, Exploration>;

export function rulesOf({ bounds, faults }: Exploration, without: readonly Guard[] = []): Rules {
  return rules(bounds, faults, without);
}
