/** How a job begins: its ledger item is made, or taken up from an earlier execution that no longer runs. */
import { CONDITION_FAILED, RETRY_DYNAMODB, RETRY_EC2, RETRY_SFN, sdk } from "./calls";
import type { MachineConfig, MachineRefs } from "./config";
import { fail, jsonata, ME, type States } from "./language";
import { fromLedger, LEDGER_KEY, NOW, numberAttribute, readLedger, sequenceOf, stringAttribute } from "./ledger";
import { TAG } from "../names";

export function startStates(config: MachineConfig, refs: MachineRefs): States {
  return {
    "Initialize the ledger": {
      Type: "Task",
      Resource: sdk(refs, "dynamodb:putItem"),
      Arguments: {
        TableName: refs.table,
        Item: {
          jobId: stringAttribute("$jobId"),
          executionArn: stringAttribute(ME),
          durationSeconds: numberAttribute("$durationSeconds"),
          checkpointSeconds: numberAttribute("$checkpointSeconds"),
          saveSeconds: numberAttribute("$saveSeconds"),
          saveMegabytes: numberAttribute("$saveMegabytes"),
          bucket: { S: refs.bucket },
          maxAttempts: numberAttribute("$maxAttempts"),
          launch: { N: "0" },
          ownerEpoch: { N: "0" },
          ownerState: { S: "none" },
          progressPercent: { N: "0" },
          progressAt: numberAttribute(NOW),
          sequence: { N: "0" },
        },
        ConditionExpression: "attribute_not_exists(jobId)",
      },
      Retry: RETRY_DYNAMODB,
      Catch: [{ ErrorEquals: [CONDITION_FAILED], Output: {}, Next: "Read the earlier run" }],
      Output: {},
      Next: "Launch an instance",
    },

    // A resumption, or a write that was retried after it had succeeded.
    "Read the earlier run": readLedger(
      refs,
      {
        ...fromLedger("$states.result.Item"),
        sequence: jsonata(sequenceOf("$states.result.Item")),
        launch: jsonata("$exists($states.result.Item.launch.N) ? $number($states.result.Item.launch.N) : 0"),
        earlierDurationSeconds: jsonata("$exists($states.result.Item.durationSeconds.N) ? $number($states.result.Item.durationSeconds.N) : 0"),
        earlierOwnerState: jsonata("$exists($states.result.Item.ownerState.S) ? $states.result.Item.ownerState.S : 'none'"),
      },
      "Whose is the job?",
    ),
    "Whose is the job?": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata(`$ledgerExecution = ${ME}`), Next: "Launch an instance" },
        { Condition: jsonata("$ledgerExecution = ''"), Next: "Initialize the ledger" },
      ],
      Default: "Ask after the earlier execution",
    },
    "Ask after the earlier execution": {
      Type: "Task",
      Resource: sdk(refs, "sfn:describeExecution"),
      Arguments: { ExecutionArn: jsonata("$ledgerExecution") },
      Retry: RETRY_SFN,
      // Step Functions forgets executions after 90 days.
      Catch: [{ ErrorEquals: ["Sfn.ExecutionDoesNotExistException"], Assign: { earlierStatus: "DELETED" }, Output: {}, Next: "May this execution resume it?" }],
      Assign: { earlierStatus: jsonata("$states.result.Status") },
      Output: {},
      Next: "May this execution resume it?",
    },
    "May this execution resume it?": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata("$earlierStatus in ['RUNNING', 'PENDING_REDRIVE']"), Next: "Job runs already" },
        { Condition: jsonata("$earlierDurationSeconds != $durationSeconds"), Next: "Another duration" },
        { Condition: jsonata("$finished"), Next: "Finished" },
      ],
      Default: "Find left-over instances",
    },
    "Find left-over instances": {
      Type: "Task",
      Resource: sdk(refs, "ec2:describeInstances"),
      Arguments: {
        Filters: [
          { Name: `tag:${TAG.name}`, Values: [config.name] },
          { Name: `tag:${TAG.job}`, Values: [jsonata("$jobId")] },
          { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
        ],
      },
      Retry: RETRY_EC2,
      Assign: { leftOver: jsonata("[$states.result.Reservations.Instances.InstanceId]") },
      Output: {},
      Next: "Is one left over?",
    },
    "Is one left over?": {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$count($leftOver) > 0"), Next: "Terminate what is left over" }],
      Default: "Take up the job",
    },
    "Terminate what is left over": {
      Type: "Task",
      Resource: sdk(refs, "ec2:terminateInstances"),
      Arguments: { InstanceIds: jsonata("$leftOver") },
      Retry: RETRY_EC2,
      Assign: { hasHadInstances: true },
      Output: {},
      Next: "Take up the job",
    },
    "Take up the job": {
      Type: "Task",
      Resource: sdk(refs, "dynamodb:updateItem"),
      Arguments: {
        TableName: refs.table,
        Key: LEDGER_KEY,
        UpdateExpression:
          "SET executionArn = :me, checkpointSeconds = :checkpoint, saveSeconds = :save, saveMegabytes = :megabytes, #bucket = :bucket, maxAttempts = :attempts, ownerState = :state REMOVE attempts, taskToken, taskLaunch, taskInstanceId, ownerDeadline, ownerReason, readyLaunch",
        ConditionExpression: "executionArn = :earlier",
        // "bucket" is one of DynamoDB's reserved words.
        ExpressionAttributeNames: { "#bucket": "bucket" },
        ExpressionAttributeValues: {
          ":me": stringAttribute(ME),
          ":earlier": stringAttribute("$ledgerExecution"),
          ":checkpoint": numberAttribute("$checkpointSeconds"),
          ":save": numberAttribute("$saveSeconds"),
          ":megabytes": numberAttribute("$saveMegabytes"),
          ":bucket": { S: refs.bucket },
          ":attempts": numberAttribute("$maxAttempts"),
          ":state": stringAttribute("$earlierOwnerState in ['none', 'released'] ? $earlierOwnerState : 'dead'"),
        },
      },
      Retry: RETRY_DYNAMODB,
      Catch: [{ ErrorEquals: [CONDITION_FAILED], Output: {}, Next: "Read the earlier run" }],
      Output: {},
      Next: "Launch an instance",
    },
    "Job runs already": fail(
      "JobAlreadyRunning",
      `'jobId ' & $jobId & ' is being run by ' & $ledgerExecution & '. Wait until that has ended, stop it, or give another jobId.'`,
    ),
    "Another duration": fail(
      "InvalidInput",
      `'durationMinutes is ' & $string($durationSeconds / 60) & ', but job ' & $jobId & ' was begun with ' & $string($earlierDurationSeconds / 60) & '. Give that, or another jobId.'`,
    ),
  };
}
