/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html */
import { AwsError, type Operation } from "../../../core/types";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Only for EXPRESS state machines, of which the region has none. */
export const startSyncExecution = (store: SfnStore): Operation<{ stateMachineArn?: string }> => ({ stateMachineArn }) => {
  store.machine(checkArn(stateMachineArn, "stateMachineArn"));
  throw new AwsError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");
};
