/** What every state is to the interpreter: something with a name that makes an output and knows what comes next. */
import type { EventType } from "./event-types";
import type { Json, Maybe } from "./json";
import type { Variables } from "./scope";
import type { Branch } from "./branch";

export const STATE_TYPES = ["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"] as const;
export type StateType = (typeof STATE_TYPES)[number];

/** What a state made of its input. */
export interface Outcome {
  output: Json;
  /** Undefined: the branch ends here. */
  next: State | undefined;
  /** Variables that the state assigned. */
  assigned?: Variables;
}

export abstract class State {
  /** Where the state goes when nothing else was decided; linked once all states are read. */
  next: State | undefined = undefined;
  /** Names of its events, made once. */
  readonly entered: EventType;
  readonly exited: EventType;

  constructor(readonly name: string, readonly type: StateType) {
    this.entered = `${type}StateEntered`;
    this.exited = `${type}StateExited` as EventType;
  }

  /** Runs the state; at once where nothing has to be waited for. Throws StatesError, or STOPPED. */
  abstract run(branch: Branch, input: Json): Maybe<Outcome>;
}

/** A definition that was read and found right. */
export interface StateMachine {
  readonly startAt: State;
  /** Of the whole execution, in seconds. */
  readonly timeoutSeconds: number | undefined;
  readonly comment: string | undefined;
  readonly queryLanguage: "JSONPath" | "JSONata";
}

/** States that run inside a state: a branch of Parallel, the processor of Map. */
export interface SubMachine { readonly startAt: State }
