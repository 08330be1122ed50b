/**
 * A hand-over: the owner has announced that it will go, and works on under a lease in the ledger (`ownerDeadline`) while its successor
 * is launched. The state machine ends nothing of it: it makes sure that there is a lease, so that no successor waits for
 * ever, and looks at the ledger while there is no capacity for a successor, since the owner may end the job meanwhile.
 */
import { CONDITION_FAILED, RETRY_DYNAMODB, RETRY_LAUNCH, sdk } from "./calls";
import type { MachineConfig, MachineRefs } from "./config";
import { jsonata, type States } from "./language";
import { fromLedger, LEDGER_KEY, NOW, numberAttribute, progress, readLedger, stringAttribute } from "./ledger";

/** Outcomes of a task whose instance works on: it will be taken away, or has been told that it may be. */
export const HANDOFFS = ["notice", "migrate"];

/** JSONata for those instances that migrate, which nobody takes away, and whose lease is over or whose job another one has. */
export const MIGRATED_AND_DONE = "$migrated[$ != $owner or $ownerLease = 0]";

/** What a notice of Spot gives: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
const NOTICE_SECONDS = 120;

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
    "Look at the ledger": readLedger(refs, fromLedger("$states.result.Item"), "What next?"),
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
