/**
 * How the interpreter reaches the world: it knows a task's resource only as a name to look up, and runs it through a
 * runner that is handed in.
 */
import type { Json } from "./json";

/** How a task ends: when the call returns; when what it started has ended; when someone sends its token back.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html */
export type TaskPattern = "request" | "sync" | "callback";

/** A resource that a Task state may name. */
export interface TaskResource {
  arn: string;
  /** Which events tell of it: LambdaFunctionScheduled… for a function's own ARN, TaskScheduled… for an integration. */
  events: "lambda" | "task";
  pattern: TaskPattern;
  /** As the history has it: `aws-sdk:dynamodb`, `lambda`. */
  resourceType: string;
  /** As the history has it: `updateItem.waitForTaskToken`, `invoke`. */
  resource: string;
}

/** What a running task is told. */
export interface TaskRequest {
  resource: TaskResource;
  /** The state's Arguments or effective input. */
  arguments: Json;
  /** For the callback pattern: the token that the arguments may hold. */
  token?: string;
  /** A role to run under instead of the state machine's (Credentials). */
  roleArn?: string;
  stateName: string;
  executionArn: string;
  /** For the sync pattern: the call was accepted, and what it answered; the wait begins. */
  submitted(output: Json): void;
  /** Called when nobody waits for the task any more (time-out, stopped execution, failed sibling): end what can be ended. */
  onAbandoned(stop: () => void): void;
}

/** What SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat do to the waiting state; each may come at any time. */
export interface TaskCallback {
  succeed(output: Json): void;
  fail(error: string | undefined, cause: string | undefined): void;
  heartbeat(): void;
}

export interface TaskRunner {
  /** Runs a task as an actor of its own and gives its result. Throws TaskError for what the task reports, StatesError
   * (fatal) where it could not even be started; anything else that it throws is a defect of the runner, and ends the
   * execution's actor with it. */
  run(request: TaskRequest): Promise<Json>;
  /** A state waits for this token until `close`. */
  open(token: string, callback: TaskCallback): void;
  close(token: string): void;
}

/** Whether a resource can be run; a string is the reason why it cannot, for the refusal of the definition. */
export type ResourceResolver = (arn: string) => TaskResource | string;
