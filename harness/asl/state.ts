/** What every state is to the interpreter: something with a name that makes an output and knows what comes next. */
import type { Branch, Outcome, Step } from "./branch";
import type { EventType } from "./event-types";
import type { Json, Maybe } from "./json";
import type { StateType } from "./state-types";

export abstract class State implements Step {
  /** Where the state goes when nothing else was decided; linked once all states are read. */
  next: State | undefined = undefined;
  readonly entered: EventType;
  readonly exited: EventType;

  constructor(readonly name: string, readonly type: StateType) {
    this.entered = `${type}StateEntered`;
    this.exited = `${type}StateExited` as EventType;
  }

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
