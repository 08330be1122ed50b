/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html */
import type { Operation } from "../../../core/types";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Deleting what is not there is no error. Executions that run are ended, as the service does within a minute. */
export const deleteStateMachine = (store: SfnStore): Operation<{ stateMachineArn?: string }> => ({ stateMachineArn }) => {
  const arn = checkArn(stateMachineArn, "stateMachineArn");
  const machine = store.machines.get(arn);
  if (machine !== undefined) {
    store.machines.delete(arn);
    for (const record of store.executions.values()) if (record.machine === machine) record.execution.abort();
  }
  return {};
};
