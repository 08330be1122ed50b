/**
 * One attempt: the instance is given the task and waited for. If it hands over, see handoff.ts; otherwise it is terminated. What the
 * ledger says then is believed: it is the end, or the next launch.
 */
import { attemptSeconds, boundReached, boundRules, PRICE_UNKNOWN, used } from "./bounds";
import { CONDITION_FAILED, RETRY_DYNAMODB, RETRY_EC2, sdk } from "./calls";
import type { MachineConfig, MachineRefs } from "./config";
import { jsonata, ME, type States } from "./language";
import { PLACE } from "./fleet";
import { HANDOFFS, MIGRATED_AND_DONE } from "./handoff";
import { LEDGER_KEY, NOW, numberAttribute, progress, readLedger, stringAttribute } from "./ledger";

/** Endings of an attempt after which the next instance may try. */
const ENDINGS_REPORTED = ["finished", "saved"];
/** The ledger would not have it given to the instance. */
const TASK_REFUSED = "TaskRefused";
/** The instance has never had the task, so it has never owned the job. */
const NEVER_BEGUN = [TASK_REFUSED, PRICE_UNKNOWN];
/** The instance says so itself: it could not reach, or was refused, what it stands on. Or the watcher: it powered itself off. */
const GAVE_UP = "InstanceGaveUp";
const ENDINGS_LOST = [GAVE_UP, "InstanceTerminated", "States.HeartbeatTimeout", "States.Timeout"];

export function attemptStates(config: MachineConfig, refs: MachineRefs): States {
  const attemptEnded = {
    attempts: jsonata("$attempts + 1"),
    onDemandAttempts: jsonata("$lifecycle = 'on-demand' ? $onDemandAttempts + 1 : $onDemandAttempts"),
    launch: jsonata("$launch + 1"),
    takenPlace: jsonata(PLACE),
    takenType: jsonata("$instanceType"),
    hasHadInstances: true,
    place: jsonata("$place + 1"),
    tries: 0,
    drySince: 0,
    dryCodes: [],
    onDemand: false,
  };

  return {
    "Wait for the attempt": {
      Type: "Task",
      Resource: sdk(refs, "dynamodb:updateItem.waitForTaskToken"),
      Arguments: {
        TableName: refs.table,
        Key: LEDGER_KEY,
        UpdateExpression: "SET launch = :launch, attempts = :attempts, lifecycle = :lifecycle, taskLaunch = :launch, taskToken = :token, taskInstanceId = :instance",
        // Nothing is done twice: a former owner may have ended the job while this instance was launched. `finished` is only ever set to true.
        ConditionExpression: "executionArn = :me AND attribute_not_exists(finished) AND (attribute_not_exists(ownerReason) OR ownerReason <> :failed)",
        ExpressionAttributeValues: {
          ":failed": { S: "job-failed" },
          ":launch": numberAttribute("$launch + 1"),
          ":attempts": numberAttribute("$attempts + 1"),
          ":lifecycle": stringAttribute("$lifecycle"),
          ":token": stringAttribute("$states.context.Task.Token"),
          ":instance": stringAttribute("$instanceId"),
          ":me": stringAttribute(ME),
        },
      },
      HeartbeatSeconds: config.heartbeatSeconds,
      TimeoutSeconds: attemptSeconds(config),
      Retry: RETRY_DYNAMODB,
      Catch: [
        {
          ErrorEquals: [CONDITION_FAILED],
          Assign: { launch: jsonata("$launch + 1"), ending: TASK_REFUSED, endingReason: jsonata("''"), endingCause: "the ledger does not let the job be given to another instance" },
          Output: {},
          Next: "Terminate the instance",
        },
        {
          ErrorEquals: ["States.ALL"],
          Assign: {
            ...attemptEnded,
            ...used("0"),
            ending: jsonata("$states.errorOutput.Error"),
            endingReason: jsonata("''"),
            endingCause: jsonata("$exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : ''"),
          },
          Output: {},
          Next: "Terminate the instance",
        },
      ],
      Assign: {
        ...attemptEnded,
        ...used(`($type($states.result.deadline) = 'number' ? $max([0, $states.result.deadline - ${NOW}]) : 0)`),
        ending: jsonata("$exists($states.result.outcome) ? $states.result.outcome : 'unknown'"),
        endingReason: jsonata("$exists($states.result.reason) ? $states.result.reason : ''"),
        endingCause: jsonata("''"),
        migrated: jsonata("$states.result.outcome = 'migrate' ? $append($migrated, $instanceId) : $migrated"),
        // Of a hand-over: until when the instance may work, in epoch seconds.
        deadline: jsonata("$type($states.result.deadline) = 'number' ? $floor($states.result.deadline) : 0"),
      },
      Output: {},
      Next: "Does it hand over?",
    },
    "Does it hand over?": {
      Type: "Choice",
      Choices: [{ Condition: jsonata(`$ending in ${JSON.stringify(HANDOFFS)}`), Next: "Let it hand over" }],
      Default: "Terminate the instance",
    },
    // It has reported (and so released the job), died, or been silent for too long. What cannot be terminated now is swept up in the end.
    "Terminate the instance": {
      Type: "Task",
      Resource: sdk(refs, "ec2:terminateInstances"),
      Arguments: { InstanceIds: [jsonata("$instanceId")] },
      Retry: RETRY_EC2,
      Catch: [{ ErrorEquals: ["States.ALL"], Output: {}, Next: "How did it end?" }],
      Output: {},
      Next: "How did it end?",
    },
    "How did it end?": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata(`$ending in ${JSON.stringify([...ENDINGS_REPORTED, ...NEVER_BEGUN])}`), Next: "Read the ledger" },
        { Condition: jsonata(`$ending = 'States.Timeout' and (${boundReached(config)})`), Next: "Let it save" },
      ],
      Default: "Declare the owner dead",
    },
    "Declare the owner dead": {
      Type: "Task",
      Resource: sdk(refs, "dynamodb:updateItem"),
      Arguments: {
        TableName: refs.table,
        Key: LEDGER_KEY,
        UpdateExpression: "SET ownerState = :dead",
        // An owner that has announced its end keeps its lease: it may be writing its last save.
        ConditionExpression: "ownerInstanceId = :instance AND ownerState <> :released AND (attribute_not_exists(ownerDeadline) OR ownerDeadline < :now)",
        ExpressionAttributeValues: { ":dead": { S: "dead" }, ":released": { S: "released" }, ":instance": stringAttribute("$instanceId"), ":now": numberAttribute(NOW) },
        ReturnValues: "ALL_NEW",
      },
      Retry: RETRY_DYNAMODB,
      // It never owned the job, has released it, or has a lease.
      Catch: [{ ErrorEquals: [CONDITION_FAILED], Output: {}, Next: "Read the ledger" }],
      Assign: progress("$states.result.Attributes"),
      Output: {},
      Next: "What next?",
    },
    "Read the ledger": readLedger(refs, progress("$states.result.Item"), "What next?"),
    "What next?": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata(`$ledgerExecution != ${ME}`), Next: "Superseded" },
        { Condition: jsonata("$finished"), Next: "Finished" },
        { Condition: jsonata("$ending = 'JobFailed' or $releaseReason = 'job-failed'"), Next: "Job failed" },
        { Condition: jsonata(`$count(${MIGRATED_AND_DONE}) > 0`), Next: "Terminate what has migrated" },
        { Condition: jsonata(`$not($ending in ${JSON.stringify([...ENDINGS_REPORTED, ...ENDINGS_LOST, ...HANDOFFS, PRICE_UNKNOWN])})`), Next: "Attempt failed" },
        ...boundRules(config),
      ],
      Default: "Launch an instance",
    },
  };
}
