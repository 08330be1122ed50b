/**
 * Warnings and recommendations: recorded in the ledger, where the owner finds what the metadata did not tell it. A warning also
 * ends the wait for the instance, so that its successor is launched while it works on, under a lease in the ledger.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html.
 */
import { UpdateItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import { fields, type OurInstance } from "../shared/instances";
import { ledgerItem, unlessConditionFails } from "../shared/ledger";
import { instanceOf, type WatcherDeps, type WatcherEvent } from "./event";
import { answerNotice, waitFor } from "./task";

/** A ledger item keeps so many notices; further ones are only logged. Well below DynamoDB's 400 KB an item. */
const MOST_NOTICES = 1000;
/** A write that others were faster than is tried again; Lambda tries the whole event again after that. */
const MOST_TRIES = 5;
/** From the warning to the interruption. */
const NOTICE_SECONDS = 120;

export async function onWarning(deps: WatcherDeps, event: WatcherEvent): Promise<void> {
  const ours = await onNotice(deps, event, "interrupt");
  if (ours === undefined) return;
  const deadline = Math.floor(Date.parse(event.time) / 1000) + NOTICE_SECONDS;
  const leased = await lease(deps, ours, deadline);
  const { item, token } = await waitFor(deps, ours);
  const answer = token === undefined ? "nothing-waits-for-it" : await answerNotice(deps, token, item, deadline);
  deps.log({ level: "info", event: "hand-over", deadline, leased, answer, ...fields(ours, item) });
}

export async function onRecommendation(deps: WatcherDeps, event: WatcherEvent): Promise<void> {
  await onNotice(deps, event, "rebalance");
}

/** @returns the instance, if it is of this deployment. */
async function onNotice(deps: WatcherDeps, event: WatcherEvent, kind: "interrupt" | "rebalance"): Promise<OurInstance | undefined> {
  const ours = await instanceOf(deps, event);
  if (ours === undefined) return undefined;
  const recorded = await record(deps, ours.job, { instanceId: ours.instanceId, kind, time: event.time });
  deps.log({ level: "info", event: "notice", kind, recorded, noticeTime: event.time, ...fields(ours) });
  return ours;
}

/** The owner may work until the notice's end, and its successor waits no longer. @returns whether it had no lease yet. */
function lease(deps: WatcherDeps, ours: OurInstance, deadline: number): Promise<boolean> {
  return unlessConditionFails(() =>
    deps.dynamodb.send(
      new UpdateItemCommand({
        TableName: deps.table,
        Key: { jobId: { S: ours.job } },
        UpdateExpression: "SET ownerDeadline = :deadline",
        ConditionExpression: "ownerInstanceId = :instance AND ownerState <> :released AND attribute_not_exists(ownerDeadline)",
        ExpressionAttributeValues: { ":deadline": { N: String(deadline) }, ":instance": { S: ours.instanceId }, ":released": { S: "released" } },
      }),
    ),
  );
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
