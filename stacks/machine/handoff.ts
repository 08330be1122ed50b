/**
 * A hand-over: the owner has announced that it will go, and works on under a lease in the ledger (`ownerDeadline`) while its successor
 * is launched. The state machine ends nothing of it: it makes sure that there is a lease, so that no successor waits for
 * ever, and looks at the ledger while there is no capacity for a successor, since the owner may end the job meanwhile.
 */
import { REFUSED_TASK_EVENTS } from "../history-bounds";
import { CONDITION_FAILED, RETRY_DYNAMODB, RETRY_LAUNCH, sdk } from "./calls";
import type { MachineConfig, MachineRefs } from "./config";
import { usedByOwner, withinBounds } from "./bounds";
import { jsonata, ME, type State, type States } from "./language";
import { fromLedger, leaseOf, LEDGER_KEY, NOW, numberAttribute, progress, readLedger, stringAttribute } from "./ledger";

/** Outcomes of a task whose instance works on: it will be taken away, or has been told that it may be. */
export const HANDOFFS = ["notice", "migrate"];

/** JSONata for those instances that migrate, which nobody takes away, and whose lease is over or whose job another one has. */
export const MIGRATED_AND_DONE = "$migrated[$ != $owner or $ownerLease = 0]";

/** JSONata: the owner hands over, and nobody takes its instance away. */
export const MIGRATES = "($owner in $migrated)";

/** What a notice of Spot gives: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
const NOTICE_SECONDS = 120;

/**
 * The owner is given the task, as long as there is none who would be its successor: so what ends it is told at once, and asking for capacity
 * seldom costs nothing. It beats, and goes on handing over: as soon as another has the task and is ready.
 *
 * @param seconds JSONata: until the next launch
 * @param then variables that are set, however it ends
 */
export function giveBack(config: MachineConfig, refs: MachineRefs, { seconds, then }: { seconds: string; then: State }): State {
  const untold = { ErrorEquals: ["States.Timeout", "States.HeartbeatTimeout"], Assign: { ...then, tries: jsonata("$tries + 1") }, Output: {}, Next: "Look at the ledger" };
  return {
    Type: "Task",
    Resource: sdk(refs, "dynamodb:updateItem.waitForTaskToken"),
    Arguments: {
      TableName: refs.table,
      Key: LEDGER_KEY,
      UpdateExpression: "SET taskLaunch = ownerLaunch, taskToken = :token, taskInstanceId = :owner",
      ConditionExpression: "executionArn = :me AND attribute_not_exists(finished) AND ownerInstanceId = :owner AND ownerState IN (:handing, :saving) AND ownerDeadline >= :now",
      ExpressionAttributeValues: {
        ":token": stringAttribute("$states.context.Task.Token"), ":owner": stringAttribute("$owner"), ":me": stringAttribute(ME),
        ":handing": { S: "handing-over" }, ":saving": { S: "saving" }, ":now": numberAttribute(NOW),
      },
    },
    HeartbeatSeconds: config.heartbeatSeconds,
    TimeoutSeconds: jsonata(withinBounds(config, seconds)),
    Retry: RETRY_DYNAMODB,
    Catch: [
      untold,
      // It has not said yet that it hands over, or does so no more: the ledger will tell, but not at once.
      { ErrorEquals: [CONDITION_FAILED], Assign: { failedLaunchEvents: jsonata(`$failedLaunchEvents + ${REFUSED_TASK_EVENTS}`) }, Output: {}, Next: "Wait while the owner works" },
      { ErrorEquals: ["JobFailed"], Assign: { ...then, ending: "JobFailed", endingCause: jsonata("$states.errorOutput.Cause") }, Output: {}, Next: "Look at the ledger" },
      { ErrorEquals: ["States.ALL"], Assign: { ...then, tries: 0 }, Output: {}, Next: "Look at the ledger" },
    ],
    // With a notice Spot ends the instance, and it has two minutes: that is haste again.
    Assign: { ...then, tries: 0, migrated: jsonata("$states.result.outcome = 'notice' ? [$migrated[$ != $owner]] : $migrated") },
    Output: {},
    Next: "Look at the ledger",
  };
}

export function handoffStates(config: MachineConfig, refs: MachineRefs): States {
  const stillMigrating = { migrated: jsonata("[$migrated[$ = $owner and $ownerLease > 0]]") };

  return {
    "Let it hand over": {
      Type: "Task",
      Resource: sdk(refs, "dynamodb:updateItem"),
      Arguments: {
        TableName: refs.table,
        Key: LEDGER_KEY,
        UpdateExpression: "SET ownerDeadline = :deadline",
        ConditionExpression: "ownerInstanceId = :instance AND ownerState <> :released AND attribute_not_exists(ownerDeadline)",
        ExpressionAttributeValues: {
          ":instance": stringAttribute("$instanceId"),
          ":released": { S: "released" },
          ":deadline": numberAttribute(`($deadline > 0 ? $deadline : ${NOW} + ($ending = 'migrate' ? ${config.heartbeatSeconds} : ${NOTICE_SECONDS}))`),
        },
        ReturnValues: "ALL_NEW",
      },
      Retry: RETRY_DYNAMODB,
      // It has its lease already, has released the job, or never owned it.
      Catch: [{ ErrorEquals: [CONDITION_FAILED], Output: {}, Next: "Read the ledger" }],
      Assign: progress("$states.result.Attributes"),
      Output: {},
      Next: "What next?",
    },
    "Look at the ledger": readLedger(refs, { ...fromLedger("$states.result.Item"), ...usedByOwner(leaseOf("$states.result.Item")) }, "What next?"),
    // They should have powered themselves off; one that hangs would stay. Not tried again, since EC2 forgets terminated instances after an hour
    // (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/terminating-instances.html); what cannot be terminated now is swept up in the end.
    "Terminate what has migrated": {
      Type: "Task",
      Resource: sdk(refs, "ec2:terminateInstances"),
      Arguments: { InstanceIds: jsonata(`[${MIGRATED_AND_DONE}]`) },
      Retry: RETRY_LAUNCH,
      Catch: [{ ErrorEquals: ["States.ALL"], Assign: stillMigrating, Output: {}, Next: "What next?" }],
      Assign: stillMigrating,
      Output: {},
      Next: "What next?",
    },
  };
}
