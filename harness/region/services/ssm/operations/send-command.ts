/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html */
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import type { Machine } from "../../ec2";
import { REFUSED } from "../limits";
import { commandOut, type Commands } from "../run-command/commands";
import { documentOf, readParameters } from "../run-command/documents";
import { managedNodes } from "../run-command/nodes";

interface Target { Key: string; Values: string[] }
interface Input {
  DocumentName?: string; DocumentVersion?: string; InstanceIds?: string[]; Targets?: Target[]; Parameters?: Record<string, unknown>; TimeoutSeconds?: number; Comment?: string; [member: string]: unknown;
}

const UNSUPPORTED = ["OutputS3BucketName", "OutputS3KeyPrefix", "OutputS3Region", "NotificationConfig", "CloudWatchOutputConfig", "AlarmConfiguration", "ServiceRoleArn", "MaxConcurrency", "MaxErrors", "DocumentHash", "DocumentHashType"];
const MOST_INSTANCES = 50;
/** How long a command has to reach its nodes unless it says otherwise. */
const DEFAULT_TIMEOUT_SECONDS = 3600;

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

export const sendCommand = (commands: Commands): Operation<Input> => (input, { caller }) => {
  for (const member of UNSUPPORTED) if (input[member] !== undefined) throw invalid(notSupported(REFUSED.commandMembers, member));
  const { DocumentName, DocumentVersion = "$DEFAULT", InstanceIds = [], Targets = [], Parameters = {}, TimeoutSeconds = DEFAULT_TIMEOUT_SECONDS, Comment = "" } = input;
  if (typeof DocumentName !== "string") throw invalid("1 validation error detected: Value null at 'documentName' failed to satisfy constraint: Member must not be null");
  const document = documentOf(DocumentName);
  if (!["$DEFAULT", "$LATEST", "1"].includes(DocumentVersion)) throw new AwsError("InvalidDocumentVersion", `The document ${document.name} has no version ${DocumentVersion}.`);
  if (!Number.isInteger(TimeoutSeconds) || TimeoutSeconds < 30 || TimeoutSeconds > 2_592_000) throw invalid(`1 validation error detected: Value '${TimeoutSeconds}' at 'timeoutSeconds' failed to satisfy constraint: Member must be from 30 to 2592000`);
  const parameters = readParameters(document, Parameters);
  const nodes = nodesOf(commands, InstanceIds, Targets);
  if (Targets.length > 0) commands.region.permit?.(caller, "ssm", nodes.map(({ instanceArn, tags }) => ({ action: "ssm:SendCommand", resource: instanceArn, tags: () => tags })));
  return { Command: commandOut(commands.send({ documentName: DocumentName, document, parameters, givenParameters: Parameters, instanceIds: nodes.map(({ instanceId }) => instanceId), targets: Targets, comment: Comment, timeoutSeconds: TimeoutSeconds })) };
};

/** The nodes that were named, or those that the targets find: these may be none. @throws AwsError InvalidInstanceId, DuplicateInstanceId, ValidationException */
function nodesOf({ region }: Commands, instanceIds: readonly string[], targets: readonly Target[]): Machine[] {
  if (instanceIds.length > 0 && targets.length > 0) throw invalid("A command can have InstanceIds or Targets, not both.");
  if (instanceIds.length === 0 && targets.length === 0) throw invalid("A command must have InstanceIds or Targets.");
  if (instanceIds.length > MOST_INSTANCES) throw invalid(`1 validation error detected: Value at 'instanceIds' failed to satisfy constraint: Member must have length less than or equal to ${MOST_INSTANCES}`);
  if (new Set(instanceIds).size < instanceIds.length) throw new AwsError("DuplicateInstanceId", "You can't specify a node ID more than once.");
  const nodes = managedNodes(region);
  const missing = instanceIds.filter((id) => !nodes.some(({ instanceId }) => instanceId === id));
  if (missing.length > 0) throw new AwsError("InvalidInstanceId", `Instances [[${missing.join(", ")}]] not in a valid state for account ${region.accountId}`);
  if (instanceIds.length > 0) return nodes.filter(({ instanceId }) => instanceIds.includes(instanceId));
  return nodes.filter(({ instanceId, tags }) => targets.every(({ Key, Values }) => {
    if (Key === "InstanceIds") return Values.includes(instanceId);
    if (Key === "tag-key") return Values.some((key) => tags.has(key));
    if (Key.startsWith("tag:")) return Values.includes(tags.get(Key.slice("tag:".length)) ?? "\0");
    throw invalid(notSupported(REFUSED.targetKeys, Key));
  }));
}
