/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachineVersion.html */
import type { Operation } from "../../../core/types";
import { conflict } from "../errors";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Deleting what is not there is no error; a version's number is not given again. */
export const deleteStateMachineVersion = (store: SfnStore): Operation<{ stateMachineVersionArn?: string }> => ({ stateMachineVersionArn }) => {
  const arn = checkArn(stateMachineVersionArn, "stateMachineVersionArn");
  const machine = store.machines.get(arn.slice(0, arn.lastIndexOf(":")));
  if (machine === undefined) return {};
  const users = [...machine.aliases.values()].filter(({ routes }) => routes.some((route) => route.stateMachineVersionArn === arn)).map(({ name }) => name);
  if (users.length > 0) throw conflict(`Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${users.join(", ")}]`);
  machine.versions = machine.versions.filter((version) => version.arn !== arn);
  return {};
};
