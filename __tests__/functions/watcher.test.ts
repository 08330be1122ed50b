import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand, type AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Instance } from "@aws-sdk/client-ec2";
import type { AddressInfo } from "node:net";
import type { LogEntry } from "../../functions/shared/log";
import { makeHandler } from "../../functions/watcher";
import type { WatcherEvent } from "../../functions/watcher/event";

/* eslint-disable @typescript-eslint/no-explicit-any */
const dynalite = require("dynalite");

const EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:spotproof-job:run";

let server: any;
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  dynamodb = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" },
  });
  await dynamodb.send(new CreateTableCommand({
    TableName: "ledger", BillingMode: "PAY_PER_REQUEST", KeySchema: [{ AttributeName: "jobId", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "jobId", AttributeType: "S" }],
  }));
});
afterAll(async () => {
  dynamodb.destroy();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

/** An error as the SDK throws it. */
const awsError = (name: string): Error => Object.assign(new Error(name), { name });

interface World {
  instances: Instance[];
  /** Status of executions; an unknown one does not exist. */
  executions: Record<string, string>;
  item?: Record<string, AttributeValue>;
  /** What SendTaskSuccess and SendTaskFailure throw. */
  taskError?: string;
  terminateError?: string;
  /** Runs before each DescribeInstances. */
  onDescribe?: (count: number) => void;
  pageSize?: number;
}

/** EC2 with its filters, Step Functions, and DynamoDB by dynalite. */
async function watch(world: World, ...events: (WatcherEvent | WatcherEvent[])[]) {
  await dynamodb.send(new PutItemCommand({ TableName: "ledger", Item: { jobId: { S: "run" }, executionArn: { S: EXECUTION }, ...world.item } }));
  const failed: any[] = [];
  const succeeded: any[] = [];
  const terminated: string[] = [];
  const log: LogEntry[] = [];
  let describes = 0;
  const matches = (instance: any, { Name, Values }: { Name: string; Values: string[] }): boolean => {
    if (Name === "instance-id") return Values.includes(instance.InstanceId);
    if (Name === "instance-state-name") return Values.includes(instance.State.Name);
    return instance.Tags.some((tag: any) => `tag:${tag.Key}` === Name && Values.includes(tag.Value));
  };
  const ec2 = {
    async send({ constructor, input }: any): Promise<any> {
      if (constructor.name === "DescribeInstancesCommand") {
        world.onDescribe?.(++describes);
        const found = world.instances.filter((instance) => input.Filters.every((filter: any) => matches(instance, filter)));
        const from = Number(input.NextToken ?? 0);
        const to = from + (world.pageSize ?? 100);
        return { Reservations: found.slice(from, to).map((instance) => ({ Instances: [instance] })), NextToken: to < found.length ? String(to) : undefined };
      }
      expect(constructor.name).toBe("TerminateInstancesCommand");
      if (world.terminateError !== undefined) throw awsError(world.terminateError);
      for (const id of input.InstanceIds) {
        terminated.push(id);
        world.instances.find(({ InstanceId }) => InstanceId === id)!.State = { Name: "shutting-down" };
      }
      return {};
    },
  };
  const sfn = {
    async send({ constructor, input }: any): Promise<any> {
      if (constructor.name === "DescribeExecutionCommand") {
        const status = world.executions[input.executionArn];
        if (status === undefined) throw awsError("ExecutionDoesNotExist");
        return { status };
      }
      if (world.taskError !== undefined) throw awsError(world.taskError);
      if (constructor.name === "SendTaskSuccessCommand") succeeded.push({ ...input, output: JSON.parse(input.output) });
      else failed.push(input);
      return {};
    },
  };
  const handler = makeHandler({ dynamodb, sfn: sfn as any, ec2: ec2 as any, table: "ledger", name: "spotproof", log: (entry) => log.push(entry) });
  // Those in a list come at the same time.
  for (const event of events) await Promise.all([event].flat().map(handler));
  const { Item: item } = await dynamodb.send(new GetItemCommand({ TableName: "ledger", Key: { jobId: { S: "run" } } }));
  return { failed, succeeded, terminated, log: log.map(({ event }) => event), entries: log, item: item! };
}

function instance(InstanceId: string, state = "running", tags: Record<string, string> = {}): Instance {
  const all = { "spotproof:name": "spotproof", "spotproof:job": "run", "spotproof:launch": "2", "spotproof:execution": EXECUTION, ...tags };
  return { InstanceId, State: { Name: state as any }, Tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })) };
}

const warning = (id: string, time = "2030-01-01T00:02:00Z"): WatcherEvent => ({ "detail-type": "EC2 Spot Instance Interruption Warning", time, detail: { "instance-id": id, "instance-action": "terminate" } });
const rebalance = (id: string): WatcherEvent => ({ "detail-type": "EC2 Instance Rebalance Recommendation", time: "2030-01-01T00:01:00Z", detail: { "instance-id": id } });
const state = (id: string, to: string): WatcherEvent => ({ "detail-type": "EC2 Instance State-change Notification", time: "2030-01-01T00:04:00Z", detail: { "instance-id": id, state: to } });
const ended = (status = "ABORTED", executionArn = EXECUTION): WatcherEvent => ({ "detail-type": "Step Functions Execution Status Change", time: "2030-01-01T00:05:00Z", detail: { executionArn, status, name: "run" } });

const waitingFor = (id: string, more: Record<string, AttributeValue> = {}): Record<string, AttributeValue> => ({ taskToken: { S: "token" }, taskInstanceId: { S: id }, taskLaunch: { N: "2" }, ...more });
const notice = (instanceId: string, kind: string, time: string): AttributeValue => ({ M: { instanceId: { S: instanceId }, kind: { S: kind }, time: { S: time } } });

describe("a notice", () => {
  it("is recorded in the ledger, warnings and recommendations alike, in the order in which they came", async () => {
    const { item, failed, terminated } = await watch({ instances: [instance("i-1")], executions: {} }, rebalance("i-1"), warning("i-1"));
    expect(item["notices"]).toEqual({ L: [notice("i-1", "rebalance", "2030-01-01T00:01:00Z"), notice("i-1", "interrupt", "2030-01-01T00:02:00Z")] });
    expect([failed, terminated]).toEqual([[], []]);
  });

  it("that comes twice is recorded once", async () => {
    const { item, entries } = await watch({ instances: [instance("i-1")], executions: {} }, warning("i-1"), rebalance("i-1"), warning("i-1"));
    expect(item["notices"]!.L).toHaveLength(2);
    expect(entries.filter(({ event }) => event === "notice").map(({ recorded }) => recorded)).toEqual([true, true, false]);
  });

  it("is not lost when several come at once", async () => {
    const { item } = await watch({ instances: [instance("i-1")], executions: {} }, [warning("i-1"), rebalance("i-1"), warning("i-1", "2030-01-01T00:03:00Z")]);
    expect(item["notices"]!.L).toHaveLength(3);
  });

  const owns = (id: string, more: Record<string, AttributeValue> = {}): Record<string, AttributeValue> => ({
    ...waitingFor(id), ownerInstanceId: { S: id }, ownerState: { S: "working" }, ownerEpoch: { N: "3" }, last: { M: { percent: { N: "40.5" } } }, ...more,
  });
  const DEADLINE = Date.parse("2030-01-01T00:04:00Z") / 1000;

  it("of an interruption ends the wait for the instance, which works on under a lease until the notice's end", async () => {
    const { item, succeeded, failed, terminated, entries } = await watch({ instances: [instance("i-1")], executions: {}, item: owns("i-1") }, warning("i-1"));
    expect(succeeded).toEqual([{ taskToken: "token", output: { outcome: "notice", percent: 40.5, epoch: 3, reason: "notice", deadline: DEADLINE } }]);
    expect(item).toMatchObject({ ownerDeadline: { N: String(DEADLINE) }, ownerState: { S: "working" } });
    expect([failed, terminated]).toEqual([[], []]);
    expect(entries.at(-1)).toMatchObject({ event: "hand-over", deadline: DEADLINE, leased: true, answer: "wait-ended", job: "run", launch: 2, instance: "i-1" });
  });

  it("of an interruption does not touch a lease that is there, nor one who has released the job", async () => {
    const leased = await watch({ instances: [instance("i-1")], executions: {}, item: owns("i-1", { ownerDeadline: { N: "77" } }) }, warning("i-1"));
    expect(leased.item["ownerDeadline"]).toEqual({ N: "77" });
    const released = await watch({ instances: [instance("i-1")], executions: {}, item: owns("i-1", { ownerState: { S: "released" } }) }, warning("i-1"));
    expect(released.item["ownerDeadline"]).toBeUndefined();
    expect(released.entries.at(-1)).toMatchObject({ leased: false, answer: "wait-ended" });
  });

  it("for an instance that has the task and not yet the job ends the wait for it, too; the owner's lease is the owner's", async () => {
    const { item, succeeded } = await watch({ instances: [instance("i-2")], executions: {}, item: owns("i-1", { ...waitingFor("i-2"), ownerDeadline: { N: "77" } }) }, warning("i-2"));
    expect(succeeded).toHaveLength(1);
    expect(item["ownerDeadline"]).toEqual({ N: "77" });
  });

  it("for an owner whose successor is waited for gives the lease alone", async () => {
    const { item, succeeded } = await watch({ instances: [instance("i-1")], executions: {}, item: owns("i-1", waitingFor("i-2")) }, warning("i-1"));
    expect(succeeded).toEqual([]);
    expect(item["ownerDeadline"]).toEqual({ N: String(DEADLINE) });
  });

  it("that is a recommendation is recorded, and nothing else: what to do is the agent's to decide", async () => {
    const { item, succeeded } = await watch({ instances: [instance("i-1")], executions: {}, item: owns("i-1") }, rebalance("i-1"));
    expect(succeeded).toEqual([]);
    expect(item["ownerDeadline"]).toBeUndefined();
  });

  it.each(["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"])("may find that the agent was faster (%s)", async (taskError) => {
    const { entries } = await watch({ instances: [instance("i-1")], executions: {}, item: owns("i-1"), taskError }, warning("i-1"));
    expect(entries.at(-1)).toMatchObject({ event: "hand-over", answer: "wait-had-ended" });
  });

  it("is tried again by Lambda when Step Functions cannot be reached", async () => {
    await expect(watch({ instances: [instance("i-1")], executions: {}, item: owns("i-1"), taskError: "ThrottlingException" }, warning("i-1"))).rejects.toThrow("ThrottlingException");
  });

  it("for a stranger is ignored", async () => {
    const strangers = [instance("i-1", "running", { "spotproof:name": "other" }), { InstanceId: "i-2", State: { Name: "running" as const }, Tags: [] }];
    const { item, log } = await watch({ instances: strangers, executions: {} }, warning("i-1"), warning("i-2"), warning("i-3"));
    expect(item["notices"]).toBeUndefined();
    expect(log).toEqual([]);
  });

  it("for a job without a ledger item makes no item", async () => {
    const { entries } = await watch({ instances: [instance("i-1", "running", { "spotproof:job": "elsewhere" })], executions: {} }, warning("i-1"));
    expect(entries[0]).toMatchObject({ event: "notice", recorded: false });
    expect((await dynamodb.send(new GetItemCommand({ TableName: "ledger", Key: { jobId: { S: "elsewhere" } } }))).Item).toBeUndefined();
  });
});

describe("an instance that goes", () => {
  const owned = (state: string, more: Record<string, AttributeValue> = {}): Record<string, AttributeValue> => waitingFor("i-1", { ownerInstanceId: { S: "i-1" }, ownerState: { S: state }, ...more });
  const gone = (to: string, item: Record<string, AttributeValue>, more: Partial<World> = {}) => watch({ instances: [instance("i-1", to)], executions: {}, item, ...more }, state("i-1", to));

  it.each(["shutting-down", "terminated"])("(%s) without having released the job ends the wait for it", async (to) => {
    const { failed } = await gone(to, owned("working"));
    expect(failed).toEqual([{ taskToken: "token", error: "InstanceTerminated", cause: `Instance i-1 went to ${to} without having reported.` }]);
  });

  it("by its own doing says so: that may be a crash loop, an interruption is none", async () => {
    const own = (code: string): Promise<any> => watch({ instances: [{ ...instance("i-1", "shutting-down"), StateReason: { Code: code } }], executions: {}, item: owned("working") }, state("i-1", "shutting-down"));
    expect((await own("Client.InstanceInitiatedShutdown")).failed).toMatchObject([{ error: "InstanceGaveUp", cause: "Instance i-1 powered itself off without having reported." }]);
    for (const code of ["Server.SpotInstanceTermination", "Client.UserInitiatedShutdown"]) expect((await own(code)).failed).toMatchObject([{ error: "InstanceTerminated" }]);
  });

  it("ends the wait even if it never owned the job", async () => {
    const { failed } = await gone("shutting-down", waitingFor("i-1", { ownerInstanceId: { S: "i-0" }, ownerState: { S: "released" } }));
    expect(failed).toHaveLength(1);
  });

  it("ends the wait even if it has released the job: it may not have come to report", async () => {
    const { failed, item, entries } = await gone("shutting-down", owned("released"));
    expect(failed).toHaveLength(1);
    expect(item["ownerState"]).toEqual({ S: "released" });
    expect(entries).toMatchObject([{ event: "instance-goes", state: "shutting-down", answer: "wait-ended", ownerState: "released" }]);
  });

  it("is dead once it is terminated, whatever lease it has; a successor waits no longer", async () => {
    const { item, failed, entries } = await gone("terminated", { ...owned("handing-over", { ownerDeadline: { N: "1999999999" } }), ...waitingFor("i-2") });
    expect(item["ownerState"]).toEqual({ S: "dead" });
    expect(failed).toEqual([]);
    expect(entries).toMatchObject([{ answer: "nothing-waits-for-it", declaredDead: true }]);
  });

  it("is not dead yet while it shuts down: it may be saving", async () => {
    expect((await gone("shutting-down", owned("saving", { ownerDeadline: { N: "1999999999" } }))).item["ownerState"]).toEqual({ S: "saving" });
  });

  it.each(["released", "working"])("says nothing of another one's job (%s)", async (ownerState) => {
    const { item } = await gone("terminated", waitingFor("i-2", { ownerInstanceId: { S: "i-2" }, ownerState: { S: ownerState } }));
    expect(item["ownerState"]).toEqual({ S: ownerState });
  });

  it("when nothing or another is waited for ends no wait", async () => {
    expect((await gone("terminated", {})).failed).toEqual([]);
    expect((await gone("terminated", waitingFor("i-2"))).failed).toEqual([]);
  });

  it.each(["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"])("may find that the wait has ended already (%s)", async (taskError) => {
    expect((await gone("terminated", waitingFor("i-1"), { taskError })).entries).toMatchObject([{ event: "instance-goes", answer: "wait-had-ended" }]);
  });

  it("is tried again by Lambda when Step Functions cannot be reached", async () => {
    await expect(watch({ instances: [instance("i-1")], executions: {}, item: waitingFor("i-1"), taskError: "ThrottlingException" }, state("i-1", "terminated"))).rejects.toThrow("ThrottlingException");
  });
});

describe("an instance that comes up", () => {
  it("is left alone while its execution runs", async () => {
    expect((await watch({ instances: [instance("i-1")], executions: { [EXECUTION]: "RUNNING" } }, state("i-1", "running"))).terminated).toEqual([]);
  });

  it.each([["ABORTED"], ["FAILED"], ["TIMED_OUT"], [undefined]])("is terminated when its execution has ended meanwhile (%s)", async (status) => {
    const { terminated, log } = await watch({ instances: [instance("i-1")], executions: status === undefined ? {} : { [EXECUTION]: status } }, state("i-1", "running"));
    expect([terminated, log]).toEqual([["i-1"], ["orphan-terminated"]]);
  });
});

describe("an execution that has ended", () => {
  it("leaves no instance behind, however many pages there are", async () => {
    const { terminated } = await watch(
      { instances: [instance("i-1"), instance("i-2", "pending"), instance("i-3", "stopped"), instance("i-4", "terminated")], executions: { [EXECUTION]: "ABORTED" }, pageSize: 1 },
      ended(),
    );
    expect(terminated).toEqual(["i-1", "i-2", "i-3"]);
  });

  it("leaves other executions' instances and strangers alone", async () => {
    const others = [instance("i-1", "running", { "spotproof:execution": `${EXECUTION}2` }), instance("i-2", "running", { "spotproof:name": "other" })];
    expect((await watch({ instances: others, executions: { [EXECUTION]: "ABORTED" } }, ended())).terminated).toEqual([]);
  });

  it("is looked at again, for what came up while it was swept", async () => {
    const world: World = { instances: [instance("i-1")], executions: { [EXECUTION]: "ABORTED" } };
    world.onDescribe = (count) => { if (count === 2) world.instances.push(instance("i-2", "pending")); };
    expect((await watch(world, ended())).terminated).toEqual(["i-1", "i-2"]);
  });

  it("well leaves nothing to sweep", async () => {
    const { terminated, entries } = await watch({ instances: [instance("i-1", "shutting-down")], executions: { [EXECUTION]: "SUCCEEDED" } }, ended("SUCCEEDED"));
    expect(terminated).toEqual([]);
    expect(entries).toEqual([{ level: "info", event: "execution-ended", execution: EXECUTION, status: "SUCCEEDED", instancesTerminated: 0 }]);
  });

  it("and was redriven meanwhile keeps its instance", async () => {
    expect((await watch({ instances: [instance("i-1")], executions: { [EXECUTION]: "RUNNING" } }, ended("FAILED"))).terminated).toEqual([]);
  });

  it("may be told twice, and its instance may be gone", async () => {
    expect((await watch({ instances: [instance("i-1")], executions: { [EXECUTION]: "ABORTED" } }, ended(), ended())).terminated).toEqual(["i-1"]);
    expect((await watch({ instances: [instance("i-1")], executions: { [EXECUTION]: "ABORTED" }, terminateError: "InvalidInstanceID.NotFound" }, ended())).log).toContain("execution-ended");
  });

  it("is tried again by Lambda when EC2 refuses", async () => {
    await expect(watch({ instances: [instance("i-1")], executions: { [EXECUTION]: "ABORTED" }, terminateError: "RequestLimitExceeded" }, ended())).rejects.toThrow("RequestLimitExceeded");
  });
});

it("ignores what it does not know", async () => {
  const { log } = await watch(
    { instances: [], executions: {} },
    { "detail-type": "EC2 AMI State Change", time: "", detail: {} },
    { "detail-type": "EC2 Spot Instance Interruption Warning", time: "", detail: {} },
    { "detail-type": "Step Functions Execution Status Change", time: "", detail: { status: "FAILED" } },
  );
  expect(log).toEqual(["ignored", "ignored", "ignored"]);
});
