/**
 * Instances that come up or go: one that comes up after its execution has ended is terminated; the wait for one that goes is
 * ended, whatever its agent may have managed to do: the state machine reads the ledger.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html
 */
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { executionStatus, goesOn } from "../shared/executions";
import { fields, terminate, type OurInstance } from "../shared/instances";
import { unlessConditionFails } from "../shared/ledger";
import { instanceOf, type WatcherDeps, type WatcherEvent } from "./event";
import { answerTerminated, waitFor } from "./task";

export async function onStateChange(deps: WatcherDeps, event: WatcherEvent): Promise<void> {
  const state = event.detail["state"];
  if (state !== "running" && state !== "shutting-down" && state !== "terminated") return;
  const ours = await instanceOf(deps, event);
  if (ours === undefined) return;
  if (state === "running") return terminateIfOrphan(deps, ours);
  const declaredDead = state === "terminated" && (await declareDead(deps, ours));
  const { item, token } = await waitFor(deps, ours);
  const answer = token === undefined ? "nothing-waits-for-it" : await answerTerminated(deps, token, ours, state);
  const ownerState = item["ownerInstanceId"]?.S === ours.instanceId ? item["ownerState"]?.S : undefined;
  deps.log({ level: "info", event: "instance-goes", state, answer, declaredDead, ownerState, endedBy: ours.endedBy, ...fields(ours, item) });
}

/** EC2 says that it is gone: with or without a lease, it will not write any more. @returns whether it owned the job. */
function declareDead(deps: WatcherDeps, ours: OurInstance): Promise<boolean> {
  return unlessConditionFails(() =>
    deps.dynamodb.send(
      new UpdateItemCommand({
        TableName: deps.table,
        Key: { jobId: { S: ours.job } },
        UpdateExpression: "SET ownerState = :dead",
        ConditionExpression: "ownerInstanceId = :instance AND ownerState <> :released",
        ExpressionAttributeValues: { ":dead": { S: "dead" }, ":instance": { S: ours.instanceId }, ":released": { S: "released" } },
      }),
    ),
  );
}

/** An instance whose execution ended while it was being launched: the sweep may have come too early to see it. */
async function terminateIfOrphan(deps: WatcherDeps, ours: OurInstance): Promise<void> {
  const status = await executionStatus(deps, ours.execution);
  if (goesOn(status)) return;
  await terminate(deps, ours.instanceId);
  deps.log({ level: "warn", event: "orphan-terminated", executionStatus: status, ...fields(ours) });
}
