/**
 * Other services of AWS writing to log groups, where a resource policy lets them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
import { AwsError, type CallContext, type Operation } from "../../core/types";
import { groupMissing } from "./errors";
import type { LogsStore } from "./store";

export interface ServiceWrite {
  /** With or without `:*` at the end. */
  groupArn: string;
  streamName: string;
  message: string;
  /** The service that writes, as policies name it: `events.amazonaws.com`. */
  principal: string;
  /** On whose behalf: the rule, say. */
  sourceArn: string;
}

/** Writes a message into a stream, made if need be. @throws AwsError ResourceNotFoundException, AccessDeniedException */
export async function putForService(store: LogsStore, put: Operation, write: ServiceWrite): Promise<void> {
  const name = /:log-group:([^:]+)/.exec(write.groupArn)?.[1];
  const group = name === undefined ? undefined : store.groups.get(name);
  if (!group) throw groupMissing();
  const streamArn = `${group.arn}:log-stream:${write.streamName}`;
  for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"]) {
    if (!allows(store, action, streamArn, write)) {
      throw new AwsError("AccessDeniedException", `No resource policy allows ${write.principal} to perform ${action} on ${streamArn}.`);
    }
  }
  if (!group.streams.has(write.streamName)) group.streams.set(write.streamName, { name: write.streamName, arn: streamArn, creationTime: store.now(), events: [] });
  const context: CallContext = { region: store.region, caller: store.region.admin, requestId: "" };
  await put({ logGroupName: group.name, logStreamName: write.streamName, logEvents: [{ timestamp: store.now(), message: write.message }] }, context);
}

interface Statement { Effect?: string; Principal?: string | { Service?: string | string[] }; Action?: string | string[]; Resource?: string | string[]; Condition?: Record<string, Record<string, string | string[]>> }

const list = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const wild = (pattern: string): RegExp => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".")}$`, "s");

function allows(store: LogsStore, action: string, resource: string, write: ServiceWrite): boolean {
  const statements = [...store.resourcePolicies.values()].flatMap((policy) => list((JSON.parse(policy.policyDocument) as { Statement?: Statement | Statement[] }).Statement));
  const fitting = statements.filter((statement) => list(typeof statement.Principal === "string" ? statement.Principal : statement.Principal?.Service).some((principal) => principal === write.principal || principal === "*")
    && list(statement.Action).some((pattern) => new RegExp(wild(pattern).source, "is").test(action))
    && list(statement.Resource).some((pattern) => wild(pattern).test(resource))
    && conditionsHold(statement.Condition, { "aws:sourcearn": write.sourceArn, "aws:sourceaccount": store.region.accountId }));
  return fitting.some((statement) => statement.Effect === "Allow") && !fitting.some((statement) => statement.Effect === "Deny");
}

/** The conditions that such policies use: ArnLike, ArnEquals, StringLike and StringEquals on the source. Others do not hold. */
function conditionsHold(conditions: Statement["Condition"], keys: Record<string, string>): boolean {
  return Object.entries(conditions ?? {}).every(([operator, tests]) => Object.entries(tests).every(([key, wanted]) => {
    const value = keys[key.toLowerCase()];
    if (value === undefined) return false;
    if (operator === "ArnLike" || operator === "ArnEquals" || operator === "StringLike") return list(wanted).some((pattern) => wild(pattern).test(value));
    return operator === "StringEquals" && list(wanted).includes(value);
  }));
}
