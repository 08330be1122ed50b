/** What Step Functions says of executions. Its answers are eventually consistent: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
import { DescribeExecutionCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { isOneOf } from "./errors";

export interface ExecutionsDeps {
  sfn: Pick<SFNClient, "send">;
}

/** @returns `DELETED` for an execution that Step Functions has forgotten. */
export async function executionStatus(deps: ExecutionsDeps, executionArn: string): Promise<string> {
  try {
    return (await deps.sfn.send(new DescribeExecutionCommand({ executionArn }))).status ?? "UNKNOWN";
  } catch (error) {
    if (isOneOf(error, ["ExecutionDoesNotExist"])) return "DELETED";
    throw error;
  }
}

/** Whether an execution with this status may still use its instances. */
export const goesOn = (status: string): boolean => status === "RUNNING" || status === "PENDING_REDRIVE";
