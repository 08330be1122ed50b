/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachineAlias.html */
import type { Operation } from "../../../core/types";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Deleting what is not there is no error. */
export const deleteStateMachineAlias = (store: SfnStore): Operation<{ stateMachineAliasArn?: string }> => ({ stateMachineAliasArn }) => {
  const arn = checkArn(stateMachineAliasArn, "stateMachineAliasArn");
  const colon = arn.lastIndexOf(":");
  store.machines.get(arn.slice(0, colon))?.aliases.delete(arn.slice(colon + 1));
  return {};
};
