/**
 * The watcher: what EventBridge tells of instances and executions, turned into ledger entries, ended waits and terminated
 * instances. It may be told late, twice, out of order or never, and of instances that are none of its business.
 *
 * Events: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html.
 */
import { DynamoDBClient, UpdateItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SendTaskFailureCommand, SFNClient } from "@aws-sdk/client-sfn";
import { isOneOf } from "./shared/errors";
import { executionStatus, goesOn, type ExecutionsDeps } from "./shared/executions";
import { fields, livingInstances, ourInstance, terminate, type InstancesDeps, type OurInstance } from "./shared/instances";
import { ledgerItem, type LedgerDeps } from "./shared/ledger";
import { logToConsole, type LogEntry } from "./shared/log";

/** An event as EventBridge hands it to Lambda. */
export interface WatcherEvent {
  "detail-type": string;
  /** ISO 8601. */
  time: string;
  detail: Record<string, unknown>;
}

/** What the watcher works with. */
export interface WatcherDeps extends InstancesDeps, ExecutionsDeps, LedgerDeps {
  log(entry: LogEntry): void;
}

/** A ledger item keeps so many notices; further ones are only logged. Well below DynamoDB's 400 KB an item. */
const MOST_NOTICES = 1000;
/** A write that others were faster than is tried again; Lambda tries the whole event again after that. */
const MOST_TRIES = 5;
/** A sweep looks again after it has terminated something, but not for ever. */
const MOST_SWEEPS = 5;

/**
 * The handler. It throws what AWS's services throw and it does not expect, so that Lambda runs it again: each of its
 * acts may be repeated.
 */
export function makeHandler(deps: WatcherDeps): (event: WatcherEvent) => Promise<void> {
  const byDetailType: Record<string, (event: WatcherEvent) => Promise<void>> = {
    "EC2 Spot Instance Interruption Warning": (event) => onNotice(deps, event, "interrupt"),
    "EC2 Instance Rebalance Recommendation": (event) => onNotice(deps, event, "rebalance"),
    "EC2 Instance State-change Notification": (event) => onStateChange(deps, event),
    "Step Functions Execution Status Change": (event) => onExecutionEnded(deps, event),
  };
  return async (event) => {
    const handle = byDetailType[event["detail-type"]];
    if (handle === undefined) deps.log({ level: "warn", event: "ignored", reason: "unknown detail-type", detailType: event["detail-type"] });
    else await handle(event);
  };
}

async function onNotice(deps: WatcherDeps, event: WatcherEvent, kind: "interrupt" | "rebalance"): Promise<void> {
  const ours = await instanceOf(deps, event);
  if (ours === undefined) return;
  const recorded = await record(deps, ours.job, { instanceId: ours.instanceId, kind, time: event.time });
  deps.log({ level: "info", event: "notice", kind, recorded, noticeTime: event.time, ...fields(ours) });
}

/** Adds a notice to the job's item, once. @returns whether it was added. */
async function record(deps: WatcherDeps, job: string, notice: { instanceId: string; kind: string; time: string }): Promise<boolean> {
  const entry = { M: { instanceId: { S: notice.instanceId }, kind: { S: notice.kind }, time: { S: notice.time } } };
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const item = await ledgerItem(deps, job);
    if (item === undefined) return false;
    const known = item["notices"]?.L ?? [];
    const isThis = ({ M: each }: AttributeValue): boolean => each?.["instanceId"]?.S === notice.instanceId && each["kind"]?.S === notice.kind && each["time"]?.S === notice.time;
    if (known.some(isThis) || known.length >= MOST_NOTICES) return false;
    const written = await unlessConditionFails(() =>
      deps.dynamodb.send(
        new UpdateItemCommand({
          TableName: deps.table,
          Key: { jobId: { S: job } },
          UpdateExpression: "SET notices = list_append(if_not_exists(notices, :none), :notices)",
          // Nobody has added one since it was read.
          ConditionExpression: known.length === 0 ? "attribute_exists(jobId) AND (attribute_not_exists(notices) OR size(notices) = :known)" : "size(notices) = :known",
          ExpressionAttributeValues: { ":none": { L: [] }, ":notices": { L: [entry] }, ":known": { N: String(known.length) } },
        }),
      ),
    );
    if (written) return true;
  }
  throw new Error(`the notices of job ${job} were changed by others ${MOST_TRIES} times in a row`);
}

async function onStateChange(deps: WatcherDeps, event: WatcherEvent): Promise<void> {
  const state = event.detail["state"];
  if (state !== "running" && state !== "shutting-down" && state !== "terminated") return;
  const ours = await instanceOf(deps, event);
  if (ours === undefined) return;
  if (state === "running") await terminateIfOrphan(deps, ours);
  else await endTheWait(deps, ours, state);
}

/** An instance whose execution ended while it was being launched: the sweep may have come too early to see it. */
async function terminateIfOrphan(deps: WatcherDeps, ours: OurInstance): Promise<void> {
  const status = await executionStatus(deps, ours.execution);
  if (goesOn(status)) return;
  await terminate(deps, ours.instanceId);
  deps.log({ level: "warn", event: "orphan-terminated", executionStatus: status, ...fields(ours) });
}

/** Fails the task that waits for an instance, once that instance is going, unless it has released the job: then it reports itself. */
async function endTheWait(deps: WatcherDeps, ours: OurInstance, state: string): Promise<void> {
  const item = await ledgerItem(deps, ours.job);
  const log = (event: string, more: object = {}): void => deps.log({ level: "info", event, state, ...fields(ours), ...more });
  const token = item?.["taskToken"]?.S;
  if (item === undefined || token === undefined) return log("nothing-waits");
  if (item["taskInstanceId"]?.S !== ours.instanceId) return log("another-instance-is-waited-for", { taskInstanceId: item["taskInstanceId"]?.S });
  if (item["ownerInstanceId"]?.S === ours.instanceId && item["ownerState"]?.S === "released") return log("released", { ownerReason: item["ownerReason"]?.S });
  try {
    await deps.sfn.send(
      new SendTaskFailureCommand({ taskToken: token, error: "InstanceTerminated", cause: `Instance ${ours.instanceId} went to ${state} without having reported.` }),
    );
    log("wait-ended");
  } catch (error) {
    // The agent, a timeout or an earlier event was faster.
    if (!isOneOf(error, ["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"])) throw error;
    log("wait-had-ended", { error: (error as Error).name });
  }
}

/** Nothing that an execution launched outlives it, however it ended. */
async function onExecutionEnded(deps: WatcherDeps, event: WatcherEvent): Promise<void> {
  const execution = event.detail["executionArn"];
  const status = event.detail["status"];
  if (typeof execution !== "string") return deps.log({ level: "warn", event: "ignored", reason: "no executionArn" });
  if (status === "RUNNING" || status === "PENDING_REDRIVE") return;
  // The event may be old: a redriven execution runs again under the same ARN.
  const now = await executionStatus(deps, execution);
  if (now === "RUNNING") return deps.log({ level: "info", event: "runs-again", execution, status });
  const done = new Set<string>();
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const found = (await launchedBy(deps, execution)).filter((ours) => !done.has(ours.instanceId));
    if (found.length === 0) break;
    for (const ours of found) {
      await terminate(deps, ours.instanceId);
      done.add(ours.instanceId);
      deps.log({ level: "warn", event: "swept", status, ...fields(ours) });
    }
  }
  deps.log({ level: "info", event: "execution-ended", execution, status, instancesTerminated: done.size });
}

/** The living instances of an execution, found by its tag. */
const launchedBy = (deps: WatcherDeps, execution: string): Promise<OurInstance[]> => livingInstances(deps, [{ Name: "tag:spotproof:execution", Values: [execution] }]);

/** The event's instance, if it is of this deployment. */
async function instanceOf(deps: WatcherDeps, event: WatcherEvent): Promise<OurInstance | undefined> {
  const instanceId = event.detail["instance-id"];
  if (typeof instanceId === "string") return ourInstance(deps, instanceId);
  deps.log({ level: "warn", event: "ignored", reason: "no instance-id", detailType: event["detail-type"] });
  return undefined;
}

/** @returns whether the write was made. */
async function unlessConditionFails(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isOneOf(error, ["ConditionalCheckFailedException"])) return false;
    throw error;
  }
}

export const handler = makeHandler({
  dynamodb: new DynamoDBClient({}),
  sfn: new SFNClient({}),
  ec2: new EC2Client({}),
  table: process.env["SPOTPROOF_TABLE"] ?? "",
  name: process.env["SPOTPROOF_NAME"] ?? "",
  log: logToConsole,
});
