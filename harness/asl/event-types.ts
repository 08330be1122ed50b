/**
 * The types of events that a history can have here, as data; those of activities and of distributed Maps are not among them.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export const EVENT_TYPES = [
  "ExecutionStarted", "ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut", "ExecutionRedriven",
  "PassStateEntered", "PassStateExited", "ChoiceStateEntered", "ChoiceStateExited", "SucceedStateEntered", "SucceedStateExited", "FailStateEntered",
  "WaitStateEntered", "WaitStateExited", "WaitStateAborted",
  "TaskStateEntered", "TaskStateExited", "TaskStateAborted",
  "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskFailed", "TaskTimedOut",
  "LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionSucceeded", "LambdaFunctionFailed", "LambdaFunctionTimedOut",
  "ParallelStateEntered", "ParallelStateExited", "ParallelStateStarted", "ParallelStateSucceeded", "ParallelStateFailed", "ParallelStateAborted",
  "MapStateEntered", "MapStateExited", "MapStateStarted", "MapStateSucceeded", "MapStateFailed", "MapStateAborted",
  "MapIterationStarted", "MapIterationSucceeded", "MapIterationFailed", "MapIterationAborted",
  "EvaluationFailed",
] as const;

export type EventType = (typeof EVENT_TYPES)[number];
