/**
 * What can end a state or an execution. The names that begin with `States.` are AWS's own:
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */

/** The predefined names that states report here, or that Retry and Catch know; any other is a task's own. */
export const PREDEFINED_ERRORS: Readonly<Record<string, string>> = {
  "States.ALL": "in Retry and Catch: every error but States.DataLimitExceeded and States.Runtime",
  "States.DataLimitExceeded": "a payload exceeds 256 KiB",
  "States.HeartbeatTimeout": "a task was silent for longer than HeartbeatSeconds; States.Timeout matches it, too",
  "States.IntrinsicFailure": "an intrinsic function does not take its arguments",
  "States.QueryEvaluationError": "a JSONata expression fails, or gives a value of another type than the field takes",
  "States.ResultPathMatchFailure": "ResultPath cannot be applied to the state's input",
  "States.Runtime": "what no state can be rid of: a path that finds nothing, a resource that is not there, too many events",
  "States.TaskFailed": "in Retry and Catch: every error of a task but States.Timeout",
  "States.Timeout": "TimeoutSeconds have passed",
};

/** An error that a state reports; Retry and Catch see `error` as its name. */
export class StatesError extends Error {
  override name = "StatesError";
  constructor(
    readonly error: string | undefined,
    override readonly cause: string | undefined,
    readonly details: {
      /** Ends the whole execution at once: neither Retry nor Catch sees it, and no state is reported as failed. */
      fatal?: boolean;
      /** Where in the state an expression failed, such as `Arguments/TableName`; the history then has EvaluationFailed. */
      location?: string;
      /** An evaluation that failed at no field of the state; EvaluationFailed all the same. */
      evaluation?: boolean;
      /** Further names that Retry and Catch know the error by. */
      aliases?: readonly string[];
    } = {},
  ) {
    super(`${error ?? "(no error name)"}: ${cause ?? ""}`);
  }
}

/** What a task runner throws: the task's own error, as a state reports it. */
export class TaskError extends StatesError {
  override name = "TaskError";
}

/** Thrown through a branch that was stopped; whoever stopped it has said everything that there is to say. */
export const STOPPED: unique symbol = Symbol("stopped");

/** An expression or a path that cannot be compiled; the parser turns it into a refusal. */
export class SyntaxProblem extends Error {
  override name = "SyntaxProblem";
}

/** Whether the error ends the execution, whatever Retry and Catch name. */
export const isTerminal = (error: StatesError): boolean => error.details.fatal === true;
