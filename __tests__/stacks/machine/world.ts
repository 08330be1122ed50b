/** Runs the job's state machine on a virtual clock against as much of AWS as it calls, in memory. */
import { Execution } from "../../../harness/asl/execution";
import { TaskError } from "../../../harness/asl/errors";
import type { Json } from "../../../harness/asl/json";
import { parseDefinition } from "../../../harness/asl/parse";
import type { TaskCallback, TaskRequest, TaskResource, TaskRunner } from "../../../harness/asl/tasks";
import { fromDate, seconds, type Clock } from "../../../harness/time/clock";
import { createRandom } from "../../../harness/time/prng";
import { createVirtualClock } from "../../../harness/time/virtual-clock";
import { readConfig } from "../../../stacks/config";
import type { Config } from "../../../stacks/knobs";
import type { MachineRefs } from "../../../stacks/machine/config";
import { jobMachine } from "../../../stacks/machine/job-machine";

// dynalite's expression language.
const { validateExpressions } = require("dynalite/validations") as { validateExpressions(data: object): string | undefined };
const { matchesExprFilter } = require("dynalite/db") as { matchesExprFilter(item: object, condition: object): boolean };

/* eslint-disable @typescript-eslint/no-explicit-any */
export type Item = Record<string, any>;

/** What an instance does with its job; `number` counts the attempts of this run from 1. */
export interface Attempt {
  number: number;
  instanceId: string;
  item: Item;
  clock: Clock;
  callback: TaskCallback;
}

export interface Script {
  input?: Json;
  config?: Partial<Config>;
  places?: string[];
  placeKind?: MachineRefs["placeKind"];
  /** The ledger item that an earlier execution left. */
  item?: Item;
  /** Status of executions by ARN, as DescribeExecution has it. */
  executions?: Record<string, string>;
  /** Instances that still run, for DescribeInstances. */
  leftOver?: string[];
  /** Spot prices of an instance type in the zones. */
  spotPrices?: (instanceType: string) => string[];
  /** Answers CreateFleet; default: an instance. */
  fleet?: (call: number, clock: Clock, request: any) => Json;
  attempt?: (attempt: Attempt) => Promise<void>;
  /** What an owner does that is given the task back; default: nothing. */
  givenBack?: (attempt: Attempt) => Promise<void>;
  name?: string;
}

export interface Ran {
  status: string;
  output: any;
  error: string | undefined;
  cause: string | undefined;
  entered: string[];
  events: number;
  /** Arguments of the calls, by operation. */
  calls: Record<string, any[]>;
  /** Seconds since the start of each CreateFleet call. */
  launchedAt: number[];
  item: Item | undefined;
  seconds: number;
}

export const ME = "arn:aws:states:us-east-1:123456789012:execution:spotproof-job:run";
export const EARLIER = "arn:aws:states:us-east-1:123456789012:execution:spotproof-job:earlier";

/** An agent that takes the job over after 45 s. */
export async function takeOver({ clock, item, instanceId }: Attempt): Promise<void> {
  await clock.sleep(seconds(45));
  Object.assign(item, { ownerInstanceId: { S: instanceId }, ownerLaunch: item["taskLaunch"], ownerState: { S: "working" }, ownerEpoch: { N: String(Number(item["ownerEpoch"].N) + 1) } });
  for (const name of ["ownerDeadline", "ownerReason", "readyLaunch"]) delete item[name];
}

export function commit({ item, instanceId }: Attempt, percent: number): void {
  const sequence = Number(item["sequence"].N) + 1;
  item["sequence"] = { N: String(sequence) };
  item["last"] = { M: { percent: { N: String(percent) }, key: { S: `jobs/run/1-${sequence}-${instanceId}` } } };
}

/** Finishes the job as the agent does. */
export async function finish(attempt: Attempt): Promise<void> {
  await takeOver(attempt);
  await workAndBeat(attempt, 360);
  commit(attempt, 100);
  attempt.item["finished"] = { BOOL: true };
  attempt.item["ownerState"] = { S: "released" };
  attempt.callback.succeed({ outcome: "finished", percent: 100, epoch: 1, reason: "finished" });
}

/** Answers a notice, with the lease in the ledger; the owner works on. */
export async function announce(attempt: Attempt, leaseSeconds = 120): Promise<void> {
  const deadline = Math.floor(attempt.clock.now() / 1e6) + leaseSeconds;
  Object.assign(attempt.item, { ownerState: { S: "handing-over" }, ownerDeadline: { N: String(deadline) } });
  attempt.callback.succeed({ outcome: "notice", percent: 0, epoch: 1, reason: "notice", deadline });
}

/** Saves on a notice and reports. */
export async function saveAndGo(attempt: Attempt, percent: number): Promise<void> {
  await takeOver(attempt);
  await workAndBeat(attempt, 60);
  commit(attempt, percent);
  attempt.item["ownerState"] = { S: "released" };
  attempt.callback.succeed({ outcome: "saved", percent, epoch: 1, reason: "notice" });
}

export async function workAndBeat({ clock, callback }: Attempt, forSeconds: number): Promise<void> {
  for (let worked = 0; worked < forSeconds; worked += 30) {
    callback.heartbeat();
    await clock.sleep(seconds(Math.min(30, forSeconds - worked)));
  }
}

export const errors = (code: string, message = "no Spot capacity"): Json => ({ FleetId: "fleet-1", Instances: [], Errors: [{ ErrorCode: code, ErrorMessage: message, Lifecycle: "spot" }] });
export const ec2Exception = (message: string): TaskError => new TaskError("Ec2.Ec2Exception", `${message} (Service: Ec2, Status Code: 400, Request ID: 1)`);

export function machineFor(config: Partial<Config> = {}, places: string[] = ["us-east-1a", "us-east-1b", "us-east-1c"], placeKind: MachineRefs["placeKind"] = "AvailabilityZone"): object {
  return jobMachine(
    { ...readConfig({ context: {}, contextName: "", environment: {} }), ...config },
    { table: "ledger", bucket: "bucket", launchTemplateId: "lt-1", launchTemplateVersion: "7", partition: "arn:aws", places, placeKind },
  );
}

function resolve(arn: string): TaskResource | string {
  const match = /^arn:aws:states:::aws-sdk:([a-z0-9]+):([A-Za-z]+)(\.waitForTaskToken)?$/.exec(arn);
  if (match === null) return `not recognized: ${arn}`;
  return { arn, events: "task", pattern: match[3] === undefined ? "request" : "callback", resourceType: `aws-sdk:${match[1]}`, resource: `${match[2]}${match[3] ?? ""}` };
}

/** Whether an update's condition holds, by DynamoDB's own language. */
function holds(input: any, item: Item): boolean {
  const parsed = { ...input };
  const problem = validateExpressions(parsed);
  if (problem !== undefined) throw new Error(problem);
  return matchesExprFilter(item, parsed._condition.expression);
}

export async function runMachine(script: Script): Promise<Ran> {
  const clock = createVirtualClock({ startMicroseconds: fromDate(new Date("2030-01-01T00:00:00Z")) });
  const start = clock.now();
  const calls: Record<string, any[]> = {};
  const launchedAt: number[] = [];
  const callbacks = new Map<string, TaskCallback>();
  let item = script.item;
  let attempts = 0;

  const operations: Record<string, (input: any, request: TaskRequest) => Json | Promise<Json>> = {
    putItem: ({ Item: given, ConditionExpression }) => {
      expect(ConditionExpression).toBe("attribute_not_exists(jobId)");
      if (item !== undefined) throw new TaskError("DynamoDb.ConditionalCheckFailedException", "The conditional request failed");
      item = { ...given };
      return {};
    },
    getItem: ({ ConsistentRead }) => {
      expect(ConsistentRead).toBe(true);
      return (item === undefined ? {} : { Item: item }) as Json;
    },
    updateItem: (input, request) => update(input, request),
    createFleet: (input) => {
      const number = launchedAt.push((clock.now() - start) / 1e6);
      const answer = script.fleet?.(number, clock, input) ?? "instance";
      return answer === "instance" ? { FleetId: "fleet-1", Instances: [{ InstanceIds: [`i-${number}`], InstanceType: input.LaunchTemplateConfigs[0].Overrides[0].InstanceType }], Errors: [] } : answer;
    },
    terminateInstances: ({ InstanceIds }) => ({ TerminatingInstances: InstanceIds.map((InstanceId: string) => ({ InstanceId })) }),
    describeSpotPriceHistory: ({ InstanceTypes }) => {
      const prices = script.spotPrices?.(InstanceTypes[0]) ?? ["0.030000", "0.040000"];
      return { SpotPriceHistory: prices.map((SpotPrice) => ({ InstanceType: InstanceTypes[0], SpotPrice })) };
    },
    describeInstances: () => ({ Reservations: (script.leftOver ?? []).map((InstanceId) => ({ Instances: [{ InstanceId }] })) }),
    describeExecution: ({ ExecutionArn }) => {
      const status = script.executions?.[ExecutionArn];
      if (status === undefined) throw new TaskError("Sfn.ExecutionDoesNotExistException", `Execution Does Not Exist: '${ExecutionArn}'`);
      return { ExecutionArn, Status: status };
    },
  };

  /** The machine's own updates, carried out by what they say. */
  function update(input: any, request: TaskRequest): Json {
    const values = input.ExpressionAttributeValues;
    if (!holds(input, item ?? {})) throw new TaskError("DynamoDb.ConditionalCheckFailedException", "The conditional request failed");
    const [set, remove] = (input.UpdateExpression as string).replace(/^SET /, "").split(" REMOVE ");
    for (const assignment of set!.split(", ")) {
      const [name, value] = assignment.split(" = ");
      item![(input.ExpressionAttributeNames?.[name!] ?? name) as string] = value!.startsWith(":") ? values[value!] : item![value!];
    }
    for (const name of remove?.split(", ") ?? []) delete item![name];
    if (request.token !== undefined) {
      expect(values[":token"].S).toBe(request.token);
      const back = ":owner" in values;
      const attempt: Attempt = { number: back ? attempts : ++attempts, instanceId: item!["taskInstanceId"].S, item: item!, clock, callback: callbacks.get(request.token)! };
      const attend = back ? (script.givenBack ?? (async () => {})) : (script.attempt ?? finish);
      clock.spawn(`attempt ${attempts}`, () => attend(attempt));
    }
    return input.ReturnValues === "ALL_NEW" ? { Attributes: item! } : {};
  }

  const tasks: TaskRunner = {
    run: async (request) => {
      const name = request.resource.resource.replace(/\..*$/, "");
      (calls[name] ??= []).push(request.arguments);
      return operations[name]!(request.arguments, request);
    },
    open: (token, callback) => void callbacks.set(token, callback),
    close: (token) => void callbacks.delete(token),
  };
  let execution!: Execution;
  await clock.run("test", async () => {
    execution = new Execution({
      machine: parseDefinition(JSON.stringify(machineFor(script.config, script.places, script.placeKind)), { resolve }),
      input: script.input === undefined ? { durationMinutes: 6, checkpointMinutes: 2 } : script.input,
      clock,
      random: createRandom("seed"),
      tasks,
      identity: {
        executionArn: script.name === undefined ? ME : ME.replace(/run$/, script.name),
        executionName: script.name ?? "run",
        roleArn: "arn:aws:iam::123456789012:role/spotproof-state-machine",
        stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:spotproof-job",
        stateMachineName: "spotproof-job",
        region: "us-east-1",
      },
    });
    await execution.run();
  });
  return {
    status: execution.status,
    output: execution.output,
    error: execution.error,
    cause: execution.cause,
    entered: execution.events.flatMap((event: any) => (String(event.type).endsWith("StateEntered") ? [event.details?.name ?? event.stateEnteredEventDetails?.name] : [])),
    events: execution.events.length,
    calls,
    launchedAt,
    item,
    seconds: ((execution.endTime ?? NaN) - start) / 1e6,
  };
}
