/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachineVersion.html */
import type { Operation } from "../../../core/types";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Deleting what is not there is no error; a version's number is not given again. */
export const deleteStateMachineVersion = (store: SfnStore): Operation<{ stateMachineVersionArn?: string }> => ({ stateMachineVersionArn }) => {
  const arn = checkArn(stateMachineVersionArn, "stateMachineVersionArn");
  const machine = store.machines.get(arn.slice(0, arn.lastIndexOf(":")));
  if (machine !== undefined) machine.versions = machine.versions.filter((version) => version.arn !== arn);
  return {};
};
