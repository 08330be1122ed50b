/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html */
import type { Operation } from "../../../core/types";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Deleting what is not there is no error. One with executions that run is DELETING until each has come to its next transition, which ends it. */
export const deleteStateMachine = (store: SfnStore): Operation<{ stateMachineArn?: string }> => ({ stateMachineArn }) => {
  const arn = checkArn(stateMachineArn, "stateMachineArn");
  const machine = store.machines.get(arn);
  if (machine !== undefined) {
    machine.status = "DELETING";
    store.finishDeletion(machine);
  }
  return {};
};
