/**
 * One thread of an execution: the states run one after another, with the variables that they see. The execution itself
 * is a branch; Parallel and Map make further ones, each an actor on the clock. What a branch runs, and what it runs in, it
 * knows by the interfaces here.
 */
import type { Clock, Gate, Microseconds, Random } from "../time/clock";
import { STOPPED, StatesError } from "./errors";
import type { EventType } from "./event-types";
import type { EventDetails } from "./history";
import { exceeds, type Json, type JsonObject, type Maybe } from "./json";
import { MAXIMUM_PAYLOAD_BYTES, MAXIMUM_VARIABLES_BYTES, type Scope, type Variables } from "./scope";
import type { StateType } from "./state-types";
import type { TaskRunner } from "./tasks";
import { isoTime } from "./timestamp";

/** The execution that a branch belongs to. */
export interface Run {
  readonly identity: { readonly executionArn: string; readonly executionName: string };
  /** us-east-1, say. */
  readonly region: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly tasks: TaskRunner;
  /** The parts of the context object that are the same for all states. */
  readonly contextBase: JsonObject;
  /** The error that it has ended with. */
  readonly error: string | undefined;
  /** Adds an event to the history, after that one; gives its id. Throws STOPPED once the execution has ended. */
  append(type: EventType, previousEventId: number, details?: EventDetails): number;
  /** Ends it with an error that no state caught. */
  fail(error: StatesError, branch: Branch): void;
}

/** A state, to the branch that runs it. */
export interface Step {
  readonly name: string;
  readonly type: StateType;
  /** Names of its events. */
  readonly entered: EventType;
  readonly exited: EventType;
  /** Runs it; at once where nothing has to be waited for. Throws StatesError, or STOPPED. */
  run(branch: Branch, input: Json): Maybe<Outcome>;
}

/** What a state made of its input. */
export interface Outcome {
  output: Json;
  /** Undefined: the branch ends here. */
  next: Step | undefined;
  /** Variables that the state assigned. */
  assigned?: Variables;
}

/** What a Map iteration shows in its context object. */
export interface MapItem { Index: number; Value: Json }

/** A branch within a state. */
export interface Child {
  startAt: Step;
  input: Json;
  mapItem?: MapItem;
  /** What a Map tells of an iteration; the branch that it is told on. */
  started?(branch: Branch): void;
  succeeded?(branch: Branch): void;
  /** Told on the parent, for the iteration that made it fail. */
  failed?(parent: Branch): void;
  /** Told on the parent, for the others that had not succeeded. */
  aborted?(parent: Branch): void;
}

/** The branches of one attempt of a state, and how far they are. */
export interface Progress {
  readonly count: number;
  readonly concurrency: number;
  make(index: number): Child;
  /** Of those that have succeeded, by index. */
  readonly outputs: Map<number, Json>;
  /** Those that have started and not succeeded, by index. */
  readonly unfinished: Map<number, { branch: Branch; child: Child }>;
  /** Those that had not when the execution ended, and that have not gone on since. */
  readonly interrupted: Map<number, { branch: Branch; child: Child }>;
}

/** States of which the history tells that they were aborted. */
const ABORTABLE: ReadonlySet<string> = new Set(["Task", "Wait", "Parallel", "Map"]);

export class Branch implements Scope {
  previousEventId = 0;
  stopped = false;
  private readonly gate: Gate;
  private readonly children = new Set<Branch>();
  /** The state that runs now, its input, and the event and time that it was entered at. */
  private state: Step | undefined;
  private data: Json = null;
  private enteredEventId = 0;
  /** What the event of entering it followed. */
  private beforeEnteredId = 0;
  private enteredAt: Microseconds = 0;
  /** For the context object, while a task runs. */
  taskToken: string | undefined;
  retryCount = 0;

  /** How far the branches within the present state are. */
  progress: Progress | undefined;
  /** How far they were when the execution had ended: the state goes on from there. */
  resumable: Progress | undefined;
  /** The item that expressions see now; a Map sets it while it prepares its iterations. */
  mapItem: MapItem | undefined;

  constructor(
    readonly execution: Run,
    public variables: Variables,
    /** Of the iteration that the branch belongs to. */
    readonly outerMapItem?: MapItem,
  ) {
    this.gate = execution.clock.gate();
    this.mapItem = outerMapItem;
  }

  get random(): Random {
    return this.execution.random;
  }

  now(): Microseconds {
    return this.execution.clock.now();
  }

  /**
   * Runs states from that one on, or from where a branch that was born again stands, until one ends the branch; the result is its output.
   * Throws StatesError, STOPPED.
   */
  async runStates(start: Step, input: Json): Promise<Json> {
    let state = this.state ?? start;
    let data = this.state === undefined ? input : this.data;
    // A Fail state fails again when it is entered again.
    let isEntered = this.state !== undefined && state.type !== "Fail";
    for (;;) {
      if (this.stopped) throw STOPPED;
      if (isEntered) isEntered = false;
      else this.enter(state, data);
      const running = state.run(this, data);
      const { output, next, assigned } = running instanceof Promise ? await running : running;
      if (this.stopped) throw STOPPED;
      if (output !== data) this.checkSize(output);
      if (assigned === undefined || Object.keys(assigned).length === 0) {
        this.emit(state.exited, { name: state.name, output });
      } else {
        this.assign(assigned);
        this.emit(state.exited, { name: state.name, output, assignedVariables: assigned });
      }
      if (next === undefined) return output;
      state = next;
      data = output;
    }
  }

  private enter(state: Step, input: Json): void {
    this.state = state;
    this.data = input;
    this.progress = this.resumable = undefined;
    this.retryCount = 0;
    this.taskToken = undefined;
    this.enteredAt = this.now();
    this.beforeEnteredId = this.previousEventId;
    this.enteredEventId = this.emit(state.entered, { name: state.name, input });
  }

  /** Adds an event after the branch's last one, and becomes the last one itself unless it is to be passed by. */
  emit(type: EventType, details?: EventDetails, passedBy = false): number {
    if (this.stopped) throw STOPPED;
    const id = this.execution.append(type, this.previousEventId, details);
    if (!passedBy) this.previousEventId = id;
    return id;
  }

  /** States.DataLimitExceeded for what is too large to be an output. Throws StatesError. */
  checkSize(value: Json): void {
    if (exceeds(value, MAXIMUM_PAYLOAD_BYTES)) {
      throw new StatesError("States.DataLimitExceeded", `The state/task '${this.state?.name ?? ""}' returned a result with a size exceeding the maximum number of bytes service limit.`);
    }
  }

  /** What one Assign makes is limited, and so are all variables together: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html */
  private assign(assigned: Variables): void {
    const variables = { ...this.variables, ...assigned };
    if (exceeds(assigned, MAXIMUM_PAYLOAD_BYTES) || exceeds(variables, MAXIMUM_VARIABLES_BYTES)) {
      throw new StatesError("States.DataLimitExceeded", `The state/task '${this.stateName}' assigned variables with a size exceeding the maximum number of bytes service limit.`);
    }
    this.variables = variables;
  }

  fault(error: string, message: string, details: StatesError["details"] = {}): StatesError {
    const cause = `An error occurred while executing the state '${this.state?.name ?? ""}' (entered at the event id #${this.enteredEventId}). ${message}`;
    if (details.location !== undefined || details.evaluation === true) {
      // As the service's histories have it: what fails as its state is entered follows what that state follows.
      if (this.previousEventId === this.enteredEventId) this.previousEventId = this.beforeEnteredId;
      this.emit("EvaluationFailed", { error, cause, location: details.location, state: this.state?.name });
    }
    return new StatesError(error, cause, details);
  }

  get stateName(): string {
    return this.state?.name ?? "";
  }

  context(): JsonObject {
    const { contextBase } = this.execution;
    const state: JsonObject = { Name: this.stateName, EnteredTime: isoTime(this.enteredAt) };
    const type = this.state?.type;
    if (type === "Task" || type === "Parallel" || type === "Map") state["RetryCount"] = this.retryCount;
    const context: JsonObject = { ...contextBase, State: state };
    if (this.taskToken !== undefined) context["Task"] = { Token: this.taskToken };
    if (this.mapItem !== undefined) context["Map"] = { Item: { ...this.mapItem } as unknown as JsonObject };
    return context;
  }

  /**
   * Parks the branch until `ready` holds (true) or that time has come (false). What makes it ready calls `wake`.
   * Throws STOPPED once the branch is stopped.
   */
  async waitUntil(time: Microseconds | undefined, ready: () => boolean): Promise<boolean> {
    for (;;) {
      if (this.stopped) throw STOPPED;
      if (ready()) return true;
      const now = this.now();
      if (time !== undefined && now >= time) return false;
      await this.gate.wait(time === undefined ? undefined : time - now);
    }
  }

  wake(): void {
    this.gate.open();
  }

  /**
   * Says, on the branch around it, that the state that ran here was given up. The events are passed by: what follows
   * comes after the failure. A Parallel or Map that has failed has said so itself.
   */
  tellAborted(parent: Branch, hasFailed: boolean): void {
    const type = this.state?.type;
    if (type === undefined || !ABORTABLE.has(type) || (hasFailed && (type === "Parallel" || type === "Map"))) return;
    for (const child of this.children) child.tellAborted(parent, false);
    parent.emit(`${type}StateAborted` as EventType, undefined, true);
  }

  /** Ends the branch and all that it started, wherever they wait. They say nothing more. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    for (const child of this.children) child.stop();
    this.gate.open();
  }

  /** A branch of its own within this one: it sees the variables of now, and its own assignments stay its own. */
  fork(mapItem?: MapItem): Branch {
    const child = new Branch(this.execution, this.variables, mapItem ?? this.outerMapItem);
    child.previousEventId = this.previousEventId;
    this.children.add(child);
    return child;
  }

  /**
   * A branch that stands where this one stood when the execution ended; this one says nothing more. Branches within its state
   * that had succeeded stay so, unless their outputs together were what was too large.
   */
  reborn(parent?: Branch): Branch {
    const next = new Branch(this.execution, this.variables, this.outerMapItem);
    next.state = this.state;
    next.data = this.data;
    next.enteredAt = this.enteredAt;
    next.enteredEventId = this.enteredEventId;
    next.beforeEnteredId = this.beforeEnteredId;
    const progress = this.resumable ?? this.progress;
    const wereTooLarge = progress?.outputs.size === progress?.count && this.execution.error === "States.DataLimitExceeded";
    next.resumable = wereTooLarge ? undefined : progress;
    if (parent !== undefined) {
      next.previousEventId = parent.previousEventId;
      parent.children.add(next);
    }
    return next;
  }

  forget(child: Branch): void {
    this.children.delete(child);
  }
}
