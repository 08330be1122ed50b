/**
 * An execution of a state machine: from its first event to its last. It runs as an actor on the clock, and whoever
 * stops it does so from another one.
 */
import type { Clock, Microseconds, Random } from "../time/clock";
import { seconds } from "../time/clock";
import { Branch, type Run } from "./branch";
import { STOPPED, StatesError } from "./errors";
import type { EventType } from "./event-types";
import { GivenText, History, MAXIMUM_EVENTS, type EventDetails, type HistoryEvent } from "./history";
import type { Json, JsonObject } from "./json";
import type { StateMachine } from "./state";
import type { TaskRunner } from "./tasks";
import { isoTime } from "./timestamp";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export interface ExecutionIdentity {
  executionArn: string;
  executionName: string;
  stateMachineArn: string;
  stateMachineName: string;
  roleArn: string;
  /** us-east-1, say. */
  region: string;
}

export interface ExecutionOptions {
  machine: StateMachine;
  input: Json;
  /** The input as it was handed over, for the history's first event. */
  inputText?: string;
  identity: ExecutionIdentity;
  clock: Clock;
  random: Random;
  tasks: TaskRunner;
  /** Told of each event of the history, as it happens. */
  onEvent?: (event: HistoryEvent, execution: Execution) => void;
  /** Told once, when the execution has ended, in the turn of whoever ended it. */
  onEnd?: (execution: Execution) => void;
}

export class Execution implements Run {
  status: ExecutionStatus = "RUNNING";
  output: Json | undefined;
  error: string | undefined;
  cause: string | undefined;
  readonly startTime: Microseconds;
  endTime: Microseconds | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly tasks: TaskRunner;
  contextBase: JsonObject;
  redriveCount = 0;
  /** When it was last redriven. */
  redriveTime: Microseconds | undefined;
  private readonly history: History;
  private root: Branch;

  constructor(private readonly options: ExecutionOptions) {
    const { clock, random, tasks, identity, input, inputText } = options;
    this.clock = clock;
    this.random = random;
    this.tasks = tasks;
    this.startTime = clock.now();
    this.history = new History(() => clock.now());
    this.contextBase = this.makeContext();
    this.root = new Branch(this, {});
    this.append("ExecutionStarted", 0, { input: inputText === undefined ? input : new GivenText(inputText), roleArn: identity.roleArn });
  }

  get identity(): ExecutionIdentity {
    return this.options.identity;
  }

  get region(): string {
    return this.options.identity.region;
  }

  get input(): Json {
    return this.options.input;
  }

  get events(): readonly HistoryEvent[] {
    return this.history.events;
  }

  /** The body of the execution's actor. Throws only what is a defect of the task runner or of the interpreter. */
  async run(): Promise<void> {
    const { machine, input } = this.options;
    if (machine.timeoutSeconds !== undefined) this.watch(machine.timeoutSeconds);
    try {
      const output = await this.root.runStates(machine.startAt, input);
      this.output = output;
      this.end("SUCCEEDED", "ExecutionSucceeded", { output });
    } catch (error) {
      if (error === STOPPED) return;
      if (error instanceof StatesError) this.fail(error, this.root);
      else throw this.defect(error);
    }
  }

  /**
   * Makes an execution that ended without success one that runs, from where its states stood; its actor is then to be run again. Retries
   * and time-outs begin anew. https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
   */
  redrive(): void {
    this.root = this.root.reborn();
    this.status = "RUNNING";
    this.endTime = this.error = this.cause = undefined;
    this.redriveCount += 1;
    this.redriveTime = this.clock.now();
    this.contextBase = this.makeContext();
    this.root.previousEventId = this.append("ExecutionRedriven", this.history.events.length, { redriveCount: this.redriveCount });
  }

  private makeContext(): JsonObject {
    const { identity, input } = this.options;
    return {
      Execution: {
        Id: identity.executionArn, Input: input, StartTime: isoTime(this.startTime), Name: identity.executionName, RoleArn: identity.roleArn, RedriveCount: this.redriveCount,
        ...(this.redriveTime === undefined ? {} : { RedriveTime: isoTime(this.redriveTime) }),
      },
      StateMachine: { Id: identity.stateMachineArn, Name: identity.stateMachineName },
    };
  }

  /** Ends the execution from outside, as StopExecution does. No effect on one that has ended. */
  abort(error?: string, cause?: string): void {
    this.finish("ABORTED", "ExecutionAborted", error, cause);
  }

  fail(error: StatesError, branch: Branch): void {
    if (this.status !== "RUNNING") return;
    this.root.previousEventId = branch.previousEventId;
    this.finish("FAILED", "ExecutionFailed", error.error, error.cause);
  }

  append(type: EventType, previousEventId: number, details?: EventDetails): number {
    if (this.history.events.length >= MAXIMUM_EVENTS - 1 && !type.startsWith("Execution")) {
      this.root.previousEventId = previousEventId;
      this.finish("FAILED", "ExecutionFailed", "States.Runtime", `The execution reached the maximum number of history events (${MAXIMUM_EVENTS}).`);
    }
    if (this.endTime !== undefined) throw STOPPED;
    const event = this.history.append(type, previousEventId, details);
    this.options.onEvent?.(event, this);
    return event.id;
  }

  private finish(status: ExecutionStatus, type: EventType, error: string | undefined, cause: string | undefined): void {
    if (this.status !== "RUNNING") return;
    this.error = error;
    this.cause = cause;
    this.end(status, type, { error, cause });
  }

  private end(status: ExecutionStatus, type: EventType, details: EventDetails): void {
    // What ends an execution from outside follows no event of its states.
    this.append(type, status === "ABORTED" || status === "TIMED_OUT" ? 0 : this.root.previousEventId, details);
    this.status = status;
    this.endTime = this.clock.now();
    this.root.stop();
    this.options.onEnd?.(this);
  }

  /** Ends the execution when its time is over: https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html */
  private watch(timeoutSeconds: number): void {
    const deadline = this.clock.now() + seconds(timeoutSeconds);
    const watcher = this.root.fork();
    this.clock.spawn(`${this.identity.executionName} time-out`, async () => {
      try {
        await watcher.waitUntil(deadline, () => false);
        // The event names the error; the execution itself has none.
        if (this.status === "RUNNING") this.end("TIMED_OUT", "ExecutionTimedOut", { error: "States.Timeout" });
      } catch (error) {
        if (error !== STOPPED) throw error;
      }
    });
  }

  private defect(error: unknown): unknown {
    this.finish("FAILED", "ExecutionFailed", "States.Runtime", "An internal error occurred. Cancelling the execution.");
    return error;
  }
}
