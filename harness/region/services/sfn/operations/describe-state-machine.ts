/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html */
import type { Operation } from "../../../core/types";
import { describeMachine } from "../describe";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

export const describeStateMachine = (store: SfnStore): Operation<{ stateMachineArn?: string }> => ({ stateMachineArn }) => {
  const { machine, version } = store.machine(checkArn(stateMachineArn, "stateMachineArn"));
  return describeMachine(machine, version);
};
