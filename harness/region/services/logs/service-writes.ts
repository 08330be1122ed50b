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
    const policies = [...store.resourcePolicies.values()].map(({ policyDocument }) => policyDocument);
    if (!store.region.permitsService({ principal: write.principal, action, resource: streamArn, sourceArn: write.sourceArn, policies })) {
      throw new AwsError("AccessDeniedException", `No resource policy allows ${write.principal} to perform ${action} on ${streamArn}.`);
    }
  }
  if (!group.streams.has(write.streamName)) group.streams.set(write.streamName, { name: write.streamName, arn: streamArn, creationTime: store.now(), events: [] });
  const context: CallContext = { region: store.region, caller: store.region.admin, requestId: "" };
  await put({ logGroupName: group.name, logStreamName: write.streamName, logEvents: [{ timestamp: store.now(), message: write.message }] }, context);
}
