/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachineForExecution.html */
import type { Operation } from "../../../core/types";
import { describeRevision } from "../describe";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** As it was when the execution was started. */
export const describeStateMachineForExecution = (store: SfnStore): Operation<{ executionArn?: string }> => ({ executionArn }) => {
  const { machine, revision } = store.execution(checkArn(executionArn, "executionArn"));
  return { stateMachineArn: machine.arn, name: machine.name, updateDate: revision.updateDate, ...describeRevision(revision) };
};
