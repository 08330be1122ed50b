/** One attempt: the task is handed over and waited for, the instance terminated, the ledger read; then the end, or the next launch. */
import { CONDITION_FAILED, RETRY_DYNAMODB, RETRY_EC2, sdk } from "./calls";
import type { MachineConfig, MachineRefs } from "./config";
import { jsonata, ME, type States } from "./language";
import { LEDGER_KEY, numberAttribute, progress, stringAttribute } from "./ledger";

/** Endings of an attempt after which the next instance may try. */
const ENDINGS_REPORTED = ["finished", "saved"];
const ENDINGS_LOST = ["InstanceTerminated", "States.HeartbeatTimeout", "States.Timeout"];

export function attemptStates(config: MachineConfig, refs: MachineRefs): States {
  const attemptEnded = { attempts: jsonata("$attempts + 1"), launch: jsonata("$launch + 1"), tries: 0, waitedSeconds: 0, place: jsonata("$place + 1") };
  const attemptTimeout = config.attemptTimeoutSeconds ?? jsonata("2 * $durationSeconds + 3600");

  return {
    "Wait for the attempt": {
      Type: "Task",
      Resource: sdk(refs, "dynamodb:updateItem.waitForTaskToken"),
      Arguments: {
        TableName: refs.table,
        Key: LEDGER_KEY,
        UpdateExpression: "SET launch = :launch, taskLaunch = :launch, taskToken = :token, taskInstanceId = :instance",
        ConditionExpression: "executionArn = :me",
        ExpressionAttributeValues: {
          ":launch": numberAttribute("$launch + 1"),
          ":token": stringAttribute("$states.context.Task.Token"),
          ":instance": stringAttribute("$instanceId"),
          ":me": stringAttribute(ME),
        },
      },
      HeartbeatSeconds: config.heartbeatSeconds,
      TimeoutSeconds: attemptTimeout,
      Retry: RETRY_DYNAMODB,
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Assign: {
            ...attemptEnded,
            ending: jsonata("$states.errorOutput.Error"),
            endingCause: jsonata("$exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : ''"),
          },
          Output: {},
          Next: "Terminate the instance",
        },
      ],
      Assign: { ...attemptEnded, ending: jsonata("$exists($states.result.outcome) ? $states.result.outcome : 'unknown'"), endingCause: jsonata("''") },
      Output: {},
      Next: "Terminate the instance",
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
      Choices: [{ Condition: jsonata(`$ending in ${JSON.stringify(ENDINGS_REPORTED)}`), Next: "Read the ledger" }],
      Default: "Declare the owner dead",
    },
    "Declare the owner dead": {
      Type: "Task",
      Resource: sdk(refs, "dynamodb:updateItem"),
      Arguments: {
        TableName: refs.table,
        Key: LEDGER_KEY,
        UpdateExpression: "SET ownerState = :dead",
        ConditionExpression: "ownerInstanceId = :instance AND ownerState <> :released",
        ExpressionAttributeValues: { ":dead": { S: "dead" }, ":released": { S: "released" }, ":instance": stringAttribute("$instanceId") },
        ReturnValues: "ALL_NEW",
      },
      Retry: RETRY_DYNAMODB,
      // It never owned the job, or had released it.
      Catch: [{ ErrorEquals: [CONDITION_FAILED], Output: {}, Next: "Read the ledger" }],
      Assign: progress("$states.result.Attributes"),
      Output: {},
      Next: "What next?",
    },
    "Read the ledger": {
      Type: "Task",
      Resource: sdk(refs, "dynamodb:getItem"),
      Arguments: { TableName: refs.table, Key: LEDGER_KEY, ConsistentRead: true },
      Retry: RETRY_DYNAMODB,
      Assign: progress("$states.result.Item"),
      Output: {},
      Next: "What next?",
    },
    "What next?": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata(`$ledgerExecution != ${ME}`), Next: "Superseded" },
        { Condition: jsonata("$finished"), Next: "Finished" },
        { Condition: jsonata("$ending = 'JobFailed'"), Next: "Job failed" },
        { Condition: jsonata(`$not($ending in ${JSON.stringify([...ENDINGS_REPORTED, ...ENDINGS_LOST])})`), Next: "Attempt failed" },
        { Condition: jsonata(`$withoutProgress >= ${config.maxAttemptsWithoutProgress}`), Next: "No progress" },
        { Condition: jsonata(`$attempts >= ${config.maxAttempts}`), Next: "Attempts exhausted" },
      ],
      Default: "Launch an instance",
    },
  };
}
