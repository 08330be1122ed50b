/** `arn:aws:states:::states:startExecution[.sync|.sync:2|.waitForTaskToken]`. https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html */
import { TaskError } from "../../../../asl/errors";
import type { Json, JsonObject } from "../../../../asl/json";
import type { Microseconds } from "../../../../time/clock";
import { AwsError } from "../../../core/types";
import { describeExecution } from "../describe";
import { optimizedError } from "./errors";
import { objectOf, type Integration } from "./integration";
import { serviceByArnName, type IntegratedService } from "./services";
import { inOrder, jsonMetadata, withMetadata } from "./values";
import type { ExecutionRecord } from "../store";

const NAMES = { prefix: "StepFunctions", serviceName: "AWSStepFunctions", generalException: "AWSStepFunctionsException" };

export const statesStartExecution: Integration = async (call) => {
  const { region, caller, request, random, store } = call;
  const { StateMachineArn: stateMachineArn, Input: input, Name: name, TraceHeader: traceHeader } = objectOf(request.arguments);
  let started: { executionArn: string; startDate: Date };
  try {
    started = await region.call(caller, "sfn", "StartExecution", {
      stateMachineArn,
      ...(input === undefined || input === null ? {} : { input: typeof input === "string" ? input : JSON.stringify(input) }),
      ...(name === undefined ? {} : { name }),
      ...(traceHeader === undefined ? {} : { traceHeader }),
    });
  } catch (error) {
    if (error instanceof AwsError) throw optimizedError(serviceByArnName.get("sfn") as IntegratedService, NAMES, error, random);
    throw error;
  }
  const answer: JsonObject = { ExecutionArn: started.executionArn, StartDate: started.startDate.getTime() };
  const output = withMetadata(answer, jsonMetadata(random.uuid(), answer, store.now()));
  if (request.resource.pattern !== "sync") return output;
  request.submitted(output);
  const record = store.execution(started.executionArn);
  request.onAbandoned(() => {
    record.execution.abort(undefined, `The Task state in AWS Step Functions execution [${request.executionArn}] which was managing this resource was aborted`);
  });
  while (record.execution.endTime === undefined) await record.ended.wait();
  return finished(record, region.clock.now(), request.resource.resource.endsWith(":2"));
};

/** How the execution ended. With `.sync:2` the input and output of one that succeeded are JSON, else text. Throws TaskError unless it succeeded. */
function finished(record: ExecutionRecord, now: Microseconds, asJson: boolean): Json {
  const { executionArn, stateMachineArn, name, status, startDate, stopDate, input, output, error, cause, redriveCount, redriveStatus, redriveStatusReason: reason } = describeExecution(record, now);
  const told = (text: string): Json => (asJson && status === "SUCCEEDED" ? (JSON.parse(text) as Json) : text);
  const result = inOrder({
    ExecutionArn: executionArn,
    ...(cause === undefined ? {} : { Cause: cause }),
    ...(error === undefined ? {} : { Error: error }),
    Input: told(input), InputDetails: { Included: true },
    Name: name,
    ...(output === undefined ? {} : { Output: told(output), OutputDetails: { Included: true } }),
    RedriveCount: redriveCount, RedriveStatus: redriveStatus, ...(reason === undefined ? {} : { RedriveStatusReason: reason }),
    StartDate: startDate.getTime(), StateMachineArn: stateMachineArn, Status: status, StopDate: stopDate?.getTime() ?? null,
  });
  if (status === "SUCCEEDED") return result;
  throw new TaskError("States.TaskFailed", JSON.stringify(result));
}
