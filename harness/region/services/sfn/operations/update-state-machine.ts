/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html */
import type { Operation } from "../../../core/types";
import { readDefinition } from "../definition";
import { missingRequiredParameter, stateMachineDoesNotExist, unsupported } from "../errors";
import { readLogging, readTracing } from "../input";
import { REFUSED } from "../limits";
import { checkArn, checkRoleArn } from "../names";
import { checkVersionDescription, publishVersion } from "../revisions";
import { checkRole } from "../role";
import type { LoggingConfiguration, Revision, SfnStore } from "../store";

interface UpdateStateMachineInput {
  stateMachineArn?: string;
  definition?: string;
  roleArn?: string;
  loggingConfiguration?: Partial<LoggingConfiguration>;
  tracingConfiguration?: { enabled?: boolean };
  publish?: boolean;
  versionDescription?: string;
  encryptionConfiguration?: { type?: string };
}

/** Executions that run already keep the definition and role that they were started with. */
export const updateStateMachine = (store: SfnStore): Operation<UpdateStateMachineInput> => (input) => {
  const arn = checkArn(input.stateMachineArn, "stateMachineArn");
  const { machine, version: named, alias } = store.activeMachine(arn);
  // Versions never change, and aliases have an operation of their own.
  if (named !== undefined || alias !== undefined) throw stateMachineDoesNotExist(arn);
  const { definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
  if (definition === undefined && roleArn === undefined && loggingConfiguration === undefined && tracingConfiguration === undefined && input.publish !== true) {
    throw missingRequiredParameter("Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified");
  }
  if (roleArn !== undefined) checkRoleArn(roleArn);
  checkVersionDescription(input.versionDescription, input.publish);
  if ((input.encryptionConfiguration?.type ?? "AWS_OWNED_KEY") !== "AWS_OWNED_KEY") throw unsupported(REFUSED.encryption);
  const now = store.now();
  const { revision: before } = machine;
  const revision: Revision = {
    ...machine.revision,
    ...(definition === undefined ? {} : { definition, machine: readDefinition(store.region, definition) }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(loggingConfiguration === undefined ? {} : { loggingConfiguration: readLogging(loggingConfiguration) }),
    ...(tracingConfiguration === undefined ? {} : { tracingConfiguration: readTracing(tracingConfiguration) }),
    id: store.random.uuid(), updateDate: now,
  };
  checkRole(store.region, revision.roleArn, machine.arn, revision.loggingConfiguration);
  if (!isSame(before, revision)) machine.revision = revision;
  const version = input.publish === true ? publishVersion(store, machine, input.versionDescription) : undefined;
  return { updateDate: now, ...(machine.revision.id === undefined ? {} : { revisionId: machine.revision.id }), ...(version === undefined ? {} : { stateMachineVersionArn: version.arn }) };
};

/** An update that changes nothing makes no new revision; one that was never changed keeps having no identifier. */
const isSame = (before: Revision, after: Revision): boolean =>
  before.definition === after.definition && before.roleArn === after.roleArn
  && JSON.stringify([before.loggingConfiguration, before.tracingConfiguration]) === JSON.stringify([after.loggingConfiguration, after.tracingConfiguration]);
