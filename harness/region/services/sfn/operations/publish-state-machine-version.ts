/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_PublishStateMachineVersion.html */
import { AwsError, type Operation } from "../../../core/types";
import { checkArn } from "../names";
import { publishVersion } from "../revisions";
import type { SfnStore } from "../store";

export const publishStateMachineVersion = (store: SfnStore): Operation<{ stateMachineArn?: string; revisionId?: string; description?: string }> => ({ stateMachineArn, revisionId, description }) => {
  const { machine } = store.activeMachine(checkArn(stateMachineArn, "stateMachineArn"));
  if (revisionId !== undefined && revisionId !== (machine.revision.id ?? "INITIAL")) {
    throw new AwsError("ConflictException", `Failed to publish the State Machine version for revision ${revisionId}. The current State Machine revision is ${machine.revision.id ?? "INITIAL"}.`);
  }
  const version = publishVersion(store, machine, description);
  return { creationDate: version.creationDate, stateMachineVersionArn: version.arn };
};
