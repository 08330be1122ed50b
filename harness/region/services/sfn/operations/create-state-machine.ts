/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html */
import type { Operation } from "../../../core/types";
import { readDefinition } from "../definition";
import { memberNull, stateMachineAlreadyExists, stateMachineDeleting, stateMachineTypeNotSupported, unsupported } from "../errors";
import { REFUSED } from "../limits";
import { readLogging, readTracing } from "../input";
import { checkName, checkRoleArn, stateMachineArn } from "../names";
import { checkVersionDescription, publishVersion } from "../revisions";
import { checkRole } from "../role";
import type { LoggingConfiguration, MachineRecord, SfnStore } from "../store";
import { readTags, type Tag } from "../tags";

export interface CreateStateMachineInput {
  name?: string;
  definition?: string;
  roleArn?: string;
  type?: string;
  loggingConfiguration?: Partial<LoggingConfiguration>;
  tracingConfiguration?: { enabled?: boolean };
  tags?: Tag[];
  publish?: boolean;
  versionDescription?: string;
  encryptionConfiguration?: { type?: string };
}

export const createStateMachine = (store: SfnStore): Operation<CreateStateMachineInput> => (input) => {
  const { name, definition, roleArn, type = "STANDARD" } = input;
  if (name === undefined) throw memberNull("name");
  if (definition === undefined) throw memberNull("definition");
  if (roleArn === undefined) throw memberNull("roleArn");
  checkName(name);
  checkRoleArn(roleArn);
  if (type !== "STANDARD") throw stateMachineTypeNotSupported(type);
  checkVersionDescription(input.versionDescription, input.publish);
  if ((input.encryptionConfiguration?.type ?? "AWS_OWNED_KEY") !== "AWS_OWNED_KEY") throw unsupported(REFUSED.encryption);
  const loggingConfiguration = readLogging(input.loggingConfiguration);
  const tracingConfiguration = readTracing(input.tracingConfiguration);
  const machine = readDefinition(store.region, definition);
  const arn = stateMachineArn(store.region, name);
  checkRole(store.region, roleArn, arn, loggingConfiguration);
  const existing = store.machines.get(arn);
  if (existing?.status === "DELETING") throw stateMachineDeleting(arn);
  if (existing !== undefined) {
    const { revision } = existing;
    const same = revision.definition === definition && revision.roleArn === roleArn
      && JSON.stringify([revision.loggingConfiguration, revision.tracingConfiguration]) === JSON.stringify([loggingConfiguration, tracingConfiguration]);
    if (!same) throw stateMachineAlreadyExists(arn);
    return { stateMachineArn: arn, creationDate: existing.creationDate };
  }
  const now = store.now();
  const record: MachineRecord = {
    arn, name, type, status: "ACTIVE", creationDate: now, versions: [], nextVersion: 1, aliases: new Map(), tags: readTags(input.tags),
    revision: { id: undefined, definition, machine, roleArn, loggingConfiguration, tracingConfiguration, updateDate: now },
  };
  store.machines.set(arn, record);
  const version = input.publish === true ? publishVersion(store, record, input.versionDescription) : undefined;
  return { stateMachineArn: arn, creationDate: now, ...(version === undefined ? {} : { stateMachineVersionArn: version.arn }) };
};
