/**
 * The state machine that carries one job to its end: configuration and references in, Amazon States Language out
 * (JSONata, Standard). Pure.
 *
 *   check the input -> initialize or take up the ledger item -> launch one instance -> write its task token and wait
 *   -> terminate the instance -> read the ledger -> finished, or launch the next
 *
 * What it may believe: that an attempt ended, from the task's result, its failure or its timeout; how far the job is,
 * only from the ledger. Sources: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (JSONata),
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html (SDK integrations, error names),
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html.
 */
import { MOST_FAILED_LAUNCHES, type Config } from "./config";
import { TAG } from "./names";

/** The knobs that shape the machine. */
export type MachineConfig = Pick<
  Config,
  | "name"
  | "instanceTypes"
  | "heartbeatSeconds"
  | "attemptTimeoutSeconds"
  | "maxAttempts"
  | "maxAttemptsWithoutProgress"
  | "noCapacityWaitSeconds"
  | "noCapacityMaxWaitSeconds"
  | "noCapacityLimitMinutes"
  | "spotMaxPrice"
  | "tags"
>;

/** What the machine refers to: names, or Terraform references. */
export interface MachineRefs {
  table: string;
  bucket: string;
  launchTemplateId: string;
  launchTemplateVersion: string;
  /** `arn:PARTITION`, for the ARNs of SDK integrations. */
  partition: string;
  /** Where one launch call may ask for capacity: a list of zones or of subnets. */
  places: unknown;
  placeKind: "AvailabilityZone" | "SubnetId";
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type State = { [key: string]: Json };

/** A JSONata expression as a field's value. */
const jsonata = (expression: string): string => `{% ${expression} %}`;

/** A JSONata string literal: JSONata takes JSON's escapes. */
const literal = (text: string): string => JSON.stringify(text);

/** A field of the execution's input. */
interface InputField {
  required: boolean;
  /** What it must be; used in the message that names it. */
  allowed: string;
  /** JSONata that is true when `$v`, which is there, is not allowed. Evaluated left to right with ?:, so that types come first. */
  wrong: string;
}

const minutes: InputField = {
  required: true,
  allowed: "a number of minutes from 0.1 to 43200 (30 days)",
  wrong: "$type($v) != 'number' ? true : ($v < 0.1 or $v > 43200)",
};

/** The execution's input. Whatever is not here is refused. */
export const INPUT_FIELDS: Readonly<Record<string, InputField>> = {
  durationMinutes: minutes,
  checkpointMinutes: minutes,
  saveSeconds: {
    required: false,
    allowed: "a number of seconds from 0 to 3600",
    wrong: "$type($v) != 'number' ? true : ($v < 0 or $v > 3600)",
  },
  jobId: {
    required: false,
    allowed: "1 to 80 letters, digits, dots, underscores and hyphens, a letter or digit first",
    wrong: "$type($v) != 'string' ? true : $not($contains($v, /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/))",
  },
};

/** Step Functions adds this to the input of an execution that another one starts. */
const TOLERATED_FIELDS = ["AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID"];

const EXAMPLE_INPUT = '{"durationMinutes": 6, "checkpointMinutes": 2}';

/** Why a launch cannot succeed however long one waits, and what to do about it. `phrase` is looked for in exceptions' texts. */
const REFUSALS: readonly { codes: string[]; phrase: string; fix: string }[] = [
  {
    codes: ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"],
    phrase: "not authorized",
    fix: "The state machine's role lacks a permission, or a service control policy denies it: deploy the job stack again, and compare the role's policy with the message.",
  },
  {
    codes: ["AuthFailure.ServiceLinkedRoleCreationNotPermitted"],
    phrase: "service-linked role",
    fix: "The account has no Spot service-linked role: aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
  },
  {
    codes: ["InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable", "InvalidSystemsManagerParameter"],
    phrase: "image id",
    fix: "The knob amiId names no usable image of this region: set it and deploy again.",
  },
  {
    codes: ["InvalidSubnetID.NotFound", "InvalidSubnet", "InvalidGroup.NotFound", "InvalidSecurityGroupID.NotFound"],
    phrase: "subnet ID",
    fix: "A subnet or security group of the knobs subnetIds, vpcId and securityGroupIds does not exist here: set them and deploy again.",
  },
  {
    codes: ["InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.VersionNotFound", "InvalidLaunchTemplateName.NotFoundException"],
    phrase: "launch template",
    fix: "The launch template is gone: deploy the job stack again.",
  },
  {
    codes: ["InvalidParameterValue", "InvalidParameterCombination", "InvalidParameter", "InvalidBlockDeviceMapping"],
    phrase: "invalid parameter",
    fix: "EC2 refuses the launch template with these knobs: mend what the message names and deploy again.",
  },
];

/** Endings of an attempt after which the next instance may try. */
const ENDINGS_REPORTED = ["finished", "saved"];
const ENDINGS_LOST = ["InstanceTerminated", "States.HeartbeatTimeout", "States.Timeout"];

const ME = "$states.context.Execution.Id";

/** Error names of SDK integrations: the service's prefix, then the exception's name in AWS SDK for Java 2. */
const RETRY_DYNAMODB: Json = [
  {
    ErrorEquals: [
      "DynamoDb.ProvisionedThroughputExceededException",
      "DynamoDb.RequestLimitExceededException",
      "DynamoDb.ThrottlingException",
      "DynamoDb.InternalServerErrorException",
      "DynamoDb.SdkClientException",
    ],
    IntervalSeconds: 1,
    BackoffRate: 2,
    MaxDelaySeconds: 20,
    MaxAttempts: 8,
    JitterStrategy: "FULL",
  },
  // Whatever has no name of its own: a service that is unavailable, or a missing permission, which a few tries do not hide.
  { ErrorEquals: ["DynamoDb.DynamoDbException"], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: "FULL" },
];
/** EC2's errors have one name, Ec2.Ec2Exception, whatever happened: for calls that change nothing or may be repeated, retry them all. */
const RETRY_EC2: Json = [
  { ErrorEquals: ["Ec2.Ec2Exception", "Ec2.SdkClientException"], IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 10, MaxAttempts: 4, JitterStrategy: "FULL" },
];
/** A launch that got no answer is asked for again with the same ClientToken, so that it cannot happen twice. */
const RETRY_LAUNCH: Json = [{ ErrorEquals: ["Ec2.SdkClientException"], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 3, JitterStrategy: "FULL" }];
const RETRY_SFN: Json = [
  { ErrorEquals: ["Sfn.SfnException", "Sfn.SdkClientException"], IntervalSeconds: 1, BackoffRate: 2, MaxDelaySeconds: 20, MaxAttempts: 8, JitterStrategy: "FULL" },
];

const CONDITION_FAILED = "DynamoDb.ConditionalCheckFailedException";

const stringAttribute = (expression: string): Json => ({ S: jsonata(expression) });
const numberAttribute = (expression: string): Json => ({ N: jsonata(`$string(${expression})`) });

/** JSONata for what is wrong with the input: the empty string when nothing is. */
function inputProblem(): string {
  const known = [...Object.keys(INPUT_FIELDS), ...TOLERATED_FIELDS];
  const fields = Object.entries(INPUT_FIELDS).map(([name, field]) => {
    const missing = field.required ? literal(`${name} is missing; it must be ${field.allowed}`) : undefined;
    const given = name === "jobId" ? "$exists($in.jobId) ? $in.jobId : $states.context.Execution.Name" : `$in.${name}`;
    const label = name === "jobId" ? "($exists($in.jobId) ? 'jobId is ' : 'jobId defaults to the execution name, ')" : literal(`${name} is `);
    const wrong = `(${field.wrong}) ? ${label} & $string($v) & ${literal(`; it must be ${field.allowed}`)}`;
    const body = missing === undefined ? `$exists($v) ? (${wrong})` : `$exists($v) ? (${wrong}) : ${missing}`;
    return `($v := (${given}); ${body})`;
  });
  const unknown = `$keys($in)[$not($ in ${JSON.stringify(known)})].('there is no field ' & $ & '; fields are ${Object.keys(INPUT_FIELDS).join(", ")}')`;
  return `($in := $states.input; $type($in) != 'object' ? ${literal(`the input must be an object, such as ${EXAMPLE_INPUT}`)} : $join([${[...fields, unknown].join(", ")}], '. '))`;
}

/** How long to wait after so many failed launches in a row: 1 s until every place was tried, then longer from one to the next. */
function waitSeconds(config: MachineConfig): string {
  const { noCapacityWaitSeconds: first, noCapacityMaxWaitSeconds: most } = config;
  return `($tries + 1 < $count($places) ? 1 : $min([${most}, ${first} * $power(2, $min([$tries + 1 - $count($places), 12]))]))`;
}

/** Variables taken from a ledger item; `item` is JSONata for where it is. */
function fromLedger(item: string): State {
  return {
    ledgerExecution: jsonata(`$exists(${item}.executionArn.S) ? ${item}.executionArn.S : ''`),
    // The AWS SDK's own spelling is BOOL, that of the SDK behind Step Functions' integrations Bool.
    finished: jsonata(`(${item}.finished.BOOL = true) or (${item}.finished.Bool = true)`),
    percent: jsonata(`$exists(${item}.last.M.percent.N) ? $number(${item}.last.M.percent.N) : 0`),
    checkpoint: jsonata(`$exists(${item}.last.M.key.S) ? ${item}.last.M.key.S : 'none'`),
  };
}

const sequenceOf = (item: string): string => `($exists(${item}.sequence.N) ? $number(${item}.sequence.N) : 0)`;

const resumeHint = (): string =>
  `' The last checkpoint is kept: ' & $checkpoint & ' (' & $string($percent) & '%). To go on from there, start an execution with the same input and "jobId": "' & $jobId & '".'`;

/** The definition, as an object. */
export function jobMachine(config: MachineConfig, refs: MachineRefs): { [key: string]: Json } {
  const sdk = (action: string): string => `${refs.partition}:states:::aws-sdk:${action}`;
  const ledgerKey: Json = { jobId: stringAttribute("$jobId") };

  const tags = (resource: string): Json => ({
    ResourceType: resource,
    Tags: [
      { Key: TAG.name, Value: config.name },
      { Key: TAG.job, Value: jsonata("$jobId") },
      { Key: TAG.launch, Value: jsonata("$string($launch + 1)") },
      { Key: TAG.execution, Value: jsonata(ME) },
      { Key: "Name", Value: jsonata(`${literal(`${config.name} `)} & $jobId & ' ' & $string($launch + 1)`) },
      ...Object.entries(config.tags).filter(([key]) => key !== "Name").map(([Key, Value]) => ({ Key, Value })),
    ],
  });

  const attemptEnded = { attempts: jsonata("$attempts + 1"), launch: jsonata("$launch + 1"), tries: 0, waitedSeconds: 0, place: jsonata("$place + 1") };
  const attemptTimeout = config.attemptTimeoutSeconds ?? jsonata("2 * $durationSeconds + 3600");

  const fail = (error: string, cause: string): State => ({ Type: "Fail", Error: error, Cause: jsonata(cause) });

  const states: { [name: string]: State } = {
    "Check the input": {
      Type: "Pass",
      Assign: { problem: jsonata(inputProblem()), places: refs.places as Json },
      Output: {},
      Next: "Is the input good?",
    },
    "Is the input good?": {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$problem = ''"), Next: "Read the input" }],
      Default: "Invalid input",
    },
    "Read the input": {
      Type: "Pass",
      Assign: {
        jobId: jsonata("$exists($states.context.Execution.Input.jobId) ? $states.context.Execution.Input.jobId : $states.context.Execution.Name"),
        durationSeconds: jsonata("$round($states.context.Execution.Input.durationMinutes * 60)"),
        checkpointSeconds: jsonata("$round($states.context.Execution.Input.checkpointMinutes * 60)"),
        saveSeconds: jsonata("$exists($states.context.Execution.Input.saveSeconds) ? $states.context.Execution.Input.saveSeconds : 3"),
        attempts: 0,
        withoutProgress: 0,
        launch: 0,
        sequence: 0,
        percent: 0,
        checkpoint: "none",
        tries: 0,
        waitedSeconds: 0,
        failedLaunches: 0,
        place: jsonata("$floor($random() * $count($places))"),
      },
      Next: "Initialize the ledger",
    },
    "Initialize the ledger": {
      Type: "Task",
      Resource: sdk("dynamodb:putItem"),
      Arguments: {
        TableName: refs.table,
        Item: {
          jobId: stringAttribute("$jobId"),
          executionArn: stringAttribute(ME),
          durationSeconds: numberAttribute("$durationSeconds"),
          checkpointSeconds: numberAttribute("$checkpointSeconds"),
          saveSeconds: numberAttribute("$saveSeconds"),
          bucket: { S: refs.bucket },
          launch: { N: "0" },
          ownerEpoch: { N: "0" },
          ownerState: { S: "none" },
          progressPercent: { N: "0" },
          progressAt: numberAttribute("$floor($millis() / 1000)"),
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
    "Read the earlier run": {
      Type: "Task",
      Resource: sdk("dynamodb:getItem"),
      Arguments: { TableName: refs.table, Key: ledgerKey, ConsistentRead: true },
      Retry: RETRY_DYNAMODB,
      Assign: {
        ...fromLedger("$states.result.Item"),
        sequence: jsonata(sequenceOf("$states.result.Item")),
        launch: jsonata("$exists($states.result.Item.launch.N) ? $number($states.result.Item.launch.N) : 0"),
        earlierDurationSeconds: jsonata("$exists($states.result.Item.durationSeconds.N) ? $number($states.result.Item.durationSeconds.N) : 0"),
        earlierOwnerState: jsonata("$exists($states.result.Item.ownerState.S) ? $states.result.Item.ownerState.S : 'none'"),
      },
      Output: {},
      Next: "Whose is the job?",
    },
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
      Resource: sdk("sfn:describeExecution"),
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
      Resource: sdk("ec2:describeInstances"),
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
      Resource: sdk("ec2:terminateInstances"),
      Arguments: { InstanceIds: jsonata("$leftOver") },
      Retry: RETRY_EC2,
      Output: {},
      Next: "Take up the job",
    },
    "Take up the job": {
      Type: "Task",
      Resource: sdk("dynamodb:updateItem"),
      Arguments: {
        TableName: refs.table,
        Key: ledgerKey,
        UpdateExpression:
          "SET executionArn = :me, checkpointSeconds = :checkpoint, saveSeconds = :save, #bucket = :bucket, ownerState = :state REMOVE taskToken, taskLaunch, taskInstanceId",
        ConditionExpression: "executionArn = :earlier",
        // "bucket" is one of DynamoDB's reserved words.
        ExpressionAttributeNames: { "#bucket": "bucket" },
        ExpressionAttributeValues: {
          ":me": stringAttribute(ME),
          ":earlier": stringAttribute("$ledgerExecution"),
          ":checkpoint": numberAttribute("$checkpointSeconds"),
          ":save": numberAttribute("$saveSeconds"),
          ":bucket": { S: refs.bucket },
          ":state": stringAttribute("$earlierOwnerState in ['none', 'released'] ? $earlierOwnerState : 'dead'"),
        },
      },
      Retry: RETRY_DYNAMODB,
      Catch: [{ ErrorEquals: [CONDITION_FAILED], Output: {}, Next: "Read the earlier run" }],
      Output: {},
      Next: "Launch an instance",
    },

    // One attempt: about thirty history events.
    "Launch an instance": {
      Type: "Task",
      Resource: sdk("ec2:createFleet"),
      Arguments: {
        Type: "instant",
        ClientToken: jsonata(`$hash(${ME} & '/' & $string($launch + 1) & '/' & $string($tries), 'SHA-256')`),
        LaunchTemplateConfigs: [
          {
            LaunchTemplateSpecification: { LaunchTemplateId: refs.launchTemplateId, Version: refs.launchTemplateVersion },
            Overrides: config.instanceTypes.map((type) => ({
              InstanceType: type,
              [refs.placeKind]: jsonata("$places[$place % $count($places)]"),
              ...(config.spotMaxPrice === undefined ? {} : { MaxPrice: String(config.spotMaxPrice) }),
            })),
          },
        ],
        TargetCapacitySpecification: { TotalTargetCapacity: 1, SpotTargetCapacity: 1, OnDemandTargetCapacity: 0, DefaultTargetCapacityType: "spot" },
        SpotOptions: { AllocationStrategy: "price-capacity-optimized", InstanceInterruptionBehavior: "terminate" },
        TagSpecifications: [tags("instance"), tags("fleet")],
      },
      Retry: RETRY_LAUNCH,
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Assign: {
            instanceId: jsonata("''"),
            launchCodes: [jsonata("$states.errorOutput.Error")],
            launchMessage: jsonata("$exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : ''"),
          },
          Output: {},
          Next: "Did it start?",
        },
      ],
      // An instant fleet reports what it could not launch in Errors, beside an empty list of Instances.
      Assign: {
        instanceId: jsonata("$exists($states.result.Instances.InstanceIds) ? ($states.result.Instances.InstanceIds)[0] : ''"),
        launchCodes: jsonata("[$distinct($states.result.Errors.ErrorCode)]"),
        launchMessage: jsonata("$exists($states.result.Errors.ErrorMessage) ? ($states.result.Errors.ErrorMessage)[0] : 'EC2 gave no reason'"),
      },
      Output: {},
      Next: "Did it start?",
    },
    "Did it start?": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata("$instanceId != ''"), Next: "Wait for the attempt" },
        ...REFUSALS.map(({ codes, phrase, fix }) => ({
          Condition: jsonata(
            `$count($launchCodes[$ in ${JSON.stringify(codes)}]) > 0 or ('Ec2.Ec2Exception' in $launchCodes and $contains($lowercase($launchMessage), ${literal(phrase.toLowerCase())}))`,
          ),
          Assign: { fix },
          Next: "Launch refused",
        })),
        {
          Condition: jsonata(`$waitedSeconds >= ${config.noCapacityLimitMinutes * 60} or $failedLaunches >= ${MOST_FAILED_LAUNCHES}`),
          Next: "No capacity",
        },
      ],
      Default: "Wait for capacity",
    },
    "Wait for capacity": {
      Type: "Wait",
      Seconds: jsonata(`$ceil(${waitSeconds(config)} * (0.8 + 0.4 * $random()))`),
      Assign: {
        tries: jsonata("$tries + 1"),
        failedLaunches: jsonata("$failedLaunches + 1"),
        place: jsonata("$place + 1"),
        waitedSeconds: jsonata(`$waitedSeconds + ${waitSeconds(config)}`),
      },
      Next: "Launch an instance",
    },
    "Wait for the attempt": {
      Type: "Task",
      Resource: sdk("dynamodb:updateItem.waitForTaskToken"),
      Arguments: {
        TableName: refs.table,
        Key: ledgerKey,
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
      Resource: sdk("ec2:terminateInstances"),
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
      Resource: sdk("dynamodb:updateItem"),
      Arguments: {
        TableName: refs.table,
        Key: ledgerKey,
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
      Resource: sdk("dynamodb:getItem"),
      Arguments: { TableName: refs.table, Key: ledgerKey, ConsistentRead: true },
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

    Finished: {
      Type: "Succeed",
      Output: jsonata(`{"jobId": $jobId, "outcome": "finished", "percent": 100, "attempts": $attempts, "launches": $launch, "bucket": ${literal(refs.bucket)}, "checkpoint": $checkpoint}`),
    },
    "Invalid input": fail("InvalidInput", `$problem & ${literal(`. Start again with an input such as ${EXAMPLE_INPUT}.`)}`),
    "Job runs already": fail(
      "JobAlreadyRunning",
      `'jobId ' & $jobId & ' is being run by ' & $ledgerExecution & '. Wait until that has ended, stop it, or give another jobId.'`,
    ),
    "Another duration": fail(
      "InvalidInput",
      `'durationMinutes is ' & $string($durationSeconds / 60) & ', but job ' & $jobId & ' was begun with ' & $string($earlierDurationSeconds / 60) & '. Give that, or another jobId.'`,
    ),
    "Launch refused": fail("LaunchRefused", `'No instance can be launched: ' & $join($launchCodes, ', ') & ': ' & $launchMessage & '. ' & $fix & ${resumeHint()}`),
    "No capacity": fail(
      "NoCapacity",
      `'No instance was to be had for ' & $string($round($waitedSeconds / 60)) & ' minutes: ' & $join($launchCodes, ', ') & ': ' & $launchMessage & '. Add instance types or zones (knobs instanceTypes, zones, subnetIds), or raise spotMaxPrice if it is set.' & ${resumeHint()}`,
    ),
    "Job failed": fail("JobFailed", `$endingCause & ' This was attempt ' & $string($attempts) & ', instance ' & $instanceId & '; its log is in the bucket under logs/' & $jobId & '/.' & ${resumeHint()}`),
    "Attempt failed": fail("AttemptFailed", `'Attempt ' & $string($attempts) & ' ended in an unexpected way: ' & $ending & ': ' & $endingCause & '.' & ${resumeHint()}`),
    "No progress": fail(
      "NoProgress",
      `$string($withoutProgress) & ' attempts in a row ended without a new checkpoint, the last one by ' & $ending & '. Either checkpointMinutes is too long for how often instances are taken, or the job hangs or fails early: see logs/' & $jobId & '/ in the bucket. The bound is the knob maxAttemptsWithoutProgress.' & ${resumeHint()}`,
    ),
    "Attempts exhausted": fail(
      "AttemptsExhausted",
      `$string($attempts) & ' instances were used up; the bound is the knob maxAttempts.' & ${resumeHint()}`,
    ),
    Superseded: fail("Superseded", `'The ledger says that job ' & $jobId & ' is run by ' & $ledgerExecution & ' now. This execution has stopped, and its instance was terminated.'`),
  };

  return {
    Comment: "Carries one checkpointed job to its end on Spot instances, one after another.",
    QueryLanguage: "JSONata",
    StartAt: "Check the input",
    States: states,
  };
}

/** What a ledger item says after an attempt. */
function progress(item: string): State {
  return {
    ...fromLedger(item),
    sequence: jsonata(sequenceOf(item)),
    withoutProgress: jsonata(`${sequenceOf(item)} > $sequence ? 0 : $withoutProgress + 1`),
  };
}

/** Terraform references for the definition's text. `places` is an expression that yields JSON, or a list of literals. */
export interface TerraformRefs extends Omit<MachineRefs, "places"> {
  places: string | string[];
}

/**
 * The definition as a Terraform string: JSON in which only the references are Terraform expressions. Whatever else
 * Terraform would take for one is escaped (https://developer.hashicorp.com/terraform/language/expressions/strings).
 */
export function definitionText(config: MachineConfig, refs: TerraformRefs): string {
  const marks = new Map<string, string>();
  const mark = (name: string, value: string): string => {
    const text = `@@${name}@@`;
    marks.set(text, value);
    return text;
  };
  const places = Array.isArray(refs.places) ? refs.places : "@@places@@";
  const machine = jobMachine(config, {
    table: mark("table", refs.table),
    bucket: mark("bucket", refs.bucket),
    launchTemplateId: mark("launchTemplateId", refs.launchTemplateId),
    launchTemplateVersion: mark("launchTemplateVersion", refs.launchTemplateVersion),
    partition: mark("partition", refs.partition),
    places,
    placeKind: refs.placeKind,
  });
  let text = escapeTerraform(JSON.stringify(machine));
  if (!Array.isArray(refs.places)) text = text.replaceAll('"@@places@@"', () => refs.places as string);
  for (const [name, value] of marks) text = text.replaceAll(name, () => value);
  return text;
}

/** Escapes what begins an interpolation or a directive in a Terraform string. */
export function escapeTerraform(text: string): string {
  return text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}
