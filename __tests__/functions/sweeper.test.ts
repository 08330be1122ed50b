import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Instance } from "@aws-sdk/client-ec2";
import type { LogEntry } from "../../functions/shared/log";
import { makeHandler } from "../../functions/sweeper";

/* eslint-disable @typescript-eslint/no-explicit-any */

const NOW = Date.parse("2030-01-01T12:00:00Z");
const execution = (name: string): string => `arn:aws:states:us-east-1:123456789012:execution:spotproof-job:${name}`;
const awsError = (name: string): Error => Object.assign(new Error(name), { name });

interface World {
  instances: Instance[];
  /** Status of executions by name; an unknown one does not exist, an Error is thrown. */
  executions?: Record<string, string | Error>;
  ledger?: Record<string, Record<string, AttributeValue>>;
  /** What TerminateInstances throws for an instance. */
  terminateErrors?: Record<string, string>;
}

const MINUTES = 60_000;

/** An instance launched so many minutes ago; its execution has its job's name. */
function instance(InstanceId: string, ageMinutes: number, { job = "run", launch = "1", name = "spotproof" } = {}): Instance {
  const tags = { "spotproof:name": name, "spotproof:job": job, "spotproof:launch": launch, "spotproof:execution": execution(job) };
  return { InstanceId, State: { Name: "running" }, LaunchTime: new Date(NOW - ageMinutes * MINUTES), Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
}

const item = (attributes: Record<string, string | number>): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typeof value === "number" ? { N: String(value) } : { S: value }]));

const minutesAgo = (minutes: number): number => NOW / 1000 - minutes * 60;

async function sweep(world: World, times = 1) {
  const calls: string[] = [];
  const terminated: string[] = [];
  const log: LogEntry[] = [];
  const metrics: any[] = [];
  const send = (answer: (name: string, input: any) => any) => ({
    async send({ constructor, input }: any): Promise<any> {
      const name = constructor.name.replace(/Command$/, "");
      calls.push(name);
      return answer(name, input);
    },
  }) as any;
  const handler = makeHandler({
    ec2: send((name, input) => {
      if (name === "DescribeInstances") {
        const wanted = input.Filters.find((filter: any) => filter.Name === "tag:spotproof:name").Values[0];
        const alive = input.Filters.find((filter: any) => filter.Name === "instance-state-name").Values;
        return { Reservations: world.instances.filter((each) => alive.includes(each.State!.Name) && each.Tags!.some(({ Key, Value }) => Key === "spotproof:name" && Value === wanted)).map((each) => ({ Instances: [each] })) };
      }
      expect(name).toBe("TerminateInstances");
      for (const id of input.InstanceIds) {
        const problem = world.terminateErrors?.[id];
        if (problem !== undefined) throw awsError(problem);
        terminated.push(id);
        world.instances.find(({ InstanceId }) => InstanceId === id)!.State = { Name: "shutting-down" };
      }
      return {};
    }),
    sfn: send((_name, { executionArn }) => {
      const status = world.executions?.[executionArn.split(":").at(-1)];
      if (status === undefined) throw awsError("ExecutionDoesNotExist");
      if (status instanceof Error) throw status;
      return { status };
    }),
    dynamodb: send((_name, { Key, ConsistentRead }) => {
      expect(ConsistentRead).toBe(true);
      return { Item: world.ledger?.[Key.jobId.S] };
    }),
    cloudwatch: send((_name, input) => void metrics.push(input)),
    table: "ledger", name: "spotproof", namespace: "spotproof", now: () => NOW, log: (entry) => log.push(entry),
  });
  let error: Error | undefined;
  for (let time = 0; time < times; time++) await handler().catch((thrown: Error) => { error = thrown; });
  return { calls, terminated, log, metrics, error };
}

it("makes one request when nothing lives", async () => {
  const { calls, log } = await sweep({ instances: [] });
  expect(calls).toEqual(["DescribeInstances"]);
  expect(log).toEqual([{ level: "info", event: "sweep", instances: 0 }]);
});

it("asks two things more of a job that is well, how its execution is and what its ledger says, and writes nothing", async () => {
  const { calls } = await sweep({ instances: [instance("i-1", 5)], executions: { run: "RUNNING" } });
  expect(calls).toEqual(["DescribeInstances", "DescribeExecution", "GetItem"]);
});

describe("an instance whose execution is gone", () => {
  it.each(["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"])("(%s) is ended, counted and explained", async (status) => {
    const { terminated, metrics, log } = await sweep({ instances: [instance("i-1", 5, { launch: "3" })], executions: { run: status } });
    expect(terminated).toEqual(["i-1"]);
    expect(metrics).toMatchObject([{ Namespace: "spotproof", MetricData: [{ MetricName: "swept", Value: 1, Dimensions: [{ Name: "Name", Value: "spotproof" }] }] }]);
    expect(log).toMatchObject([
      { level: "warn", event: "swept", reason: "its execution is over", executionStatus: status, job: "run", launch: 3, instance: "i-1", execution: execution("run"), ageSeconds: 300 },
      { event: "sweep", instances: 1, swept: 1 },
    ]);
  });

  it("is ended when Step Functions has forgotten the execution", async () => {
    expect((await sweep({ instances: [instance("i-1", 5)] })).terminated).toEqual(["i-1"]);
  });

  it("is left alone while it is seconds old: Step Functions' answer may be older than the execution", async () => {
    expect((await sweep({ instances: [instance("i-1", 0.5)] })).terminated).toEqual([]);
  });

  it.each(["RUNNING", "PENDING_REDRIVE"])("no, one whose execution goes on (%s) is none", async (status) => {
    expect((await sweep({ instances: [instance("i-1", 5)], executions: { run: status } })).terminated).toEqual([]);
  });

  it("is ended once, however often the sweep comes", async () => {
    const { terminated, metrics } = await sweep({ instances: [instance("i-1", 5)], executions: { run: "ABORTED" } }, 3);
    expect([terminated, metrics.length]).toEqual([["i-1"], 1]);
  });

  it("may have vanished meanwhile", async () => {
    const { error } = await sweep({ instances: [instance("i-1", 5)], terminateErrors: { "i-1": "InvalidInstanceID.NotFound" } });
    expect(error).toBeUndefined();
  });
});

describe("an instance of a running execution", () => {
  const running = { executions: { run: "RUNNING" } };

  it("that the ledger waits for is left alone, however old", async () => {
    const world = { ...running, instances: [instance("i-1", 9000)], ledger: { run: item({ taskInstanceId: "i-1", ownerInstanceId: "i-1", ownerState: "working", progressAt: minutesAgo(1) }) } };
    expect((await sweep(world)).terminated).toEqual([]);
  });

  it("that hands over for long, its successor still booting, is left alone", async () => {
    const world = {
      ...running, instances: [instance("i-1", 500), instance("i-2", 20, { launch: "2" })],
      ledger: { run: item({ taskInstanceId: "i-2", ownerInstanceId: "i-1", ownerState: "handing-over", progressAt: minutesAgo(1) }) },
    };
    expect((await sweep(world)).terminated).toEqual([]);
  });

  it("that has been replaced, and has its final log to store, is left alone for a while", async () => {
    const world = {
      ...running, instances: [instance("i-1", 500), instance("i-2", 3, { launch: "2" })],
      ledger: { run: item({ taskInstanceId: "i-2", ownerInstanceId: "i-2", ownerState: "working" }) },
    };
    expect((await sweep(world)).terminated).toEqual([]);
  });

  it("that has been replaced and hangs is ended", async () => {
    const world = {
      ...running, instances: [instance("i-1", 500), instance("i-2", 20, { launch: "2" })],
      ledger: { run: item({ taskInstanceId: "i-2", ownerInstanceId: "i-2", ownerState: "working", ownerEpoch: 2 }) },
    };
    const { terminated, log } = await sweep(world);
    expect(terminated).toEqual(["i-1"]);
    expect(log[0]).toMatchObject({ event: "swept", reason: "the ledger has no use for it", instance: "i-1", epoch: 2, taskInstanceId: "i-2" });
  });

  it.each(["released", "dead"])("that owns the job no more (%s), and no successor is to be had, is ended once it hangs", async (ownerState) => {
    const ledger = (reported: number) => ({ run: item({ taskInstanceId: "i-1", ownerInstanceId: "i-1", ownerState, progressAt: minutesAgo(reported) }) });
    expect((await sweep({ ...running, instances: [instance("i-1", 500)], ledger: ledger(3) })).terminated).toEqual([]);
    expect((await sweep({ ...running, instances: [instance("i-1", 500)], ledger: ledger(20) })).terminated).toEqual(["i-1"]);
  });

  it("that is being launched and not yet in the ledger is left alone; one that never came into it is ended", async () => {
    const ledger = { run: item({ ownerState: "none" }) };
    expect((await sweep({ ...running, instances: [instance("i-1", 2)], ledger })).terminated).toEqual([]);
    expect((await sweep({ ...running, instances: [instance("i-1", 20)], ledger })).terminated).toEqual(["i-1"]);
  });

  it("whose ledger item is gone is ended once it is old", async () => {
    expect((await sweep({ ...running, instances: [instance("i-1", 20)] })).terminated).toEqual(["i-1"]);
  });
});

describe("a running job", () => {
  const owner = { taskInstanceId: "i-1", ownerInstanceId: "i-1", ownerState: "working", ownerEpoch: 2, checkpointSeconds: 900 };
  const sick = async (attributes: Record<string, string | number>, committedMinutesAgo: number | undefined, ageMinutes = 500) => {
    const last: Record<string, AttributeValue> = committedMinutesAgo === undefined ? {} : { last: { M: { committedAt: { N: String(minutesAgo(committedMinutesAgo)) } } } };
    const { metrics, log } = await sweep({ instances: [instance("i-1", ageMinutes)], executions: { run: "RUNNING" }, ledger: { run: { ...item({ ...owner, ...attributes }), ...last } } });
    return { counted: metrics.flatMap(({ MetricData }) => MetricData.map(({ MetricName, Value }: any) => [MetricName, Value])), log };
  };

  it("without a new checkpoint for three intervals is counted as stalled, and explained", async () => {
    const { counted, log } = await sick({ progressPercent: 12 }, 46);
    expect(counted).toEqual([["stalledJobs", 1]]);
    expect(log[0]).toMatchObject({ level: "warn", event: "stalled", withoutCheckpointSeconds: 2760, allowedSeconds: 2700, job: "run", epoch: 2, execution: execution("run") });
    expect((await sick({}, 44)).counted).toEqual([]);
  });

  it("is given half an hour, however short its interval", async () => {
    expect((await sick({ checkpointSeconds: 60 }, 29)).counted).toEqual([]);
    expect((await sick({ checkpointSeconds: 60 }, 31)).counted).toEqual([["stalledJobs", 1]]);
  });

  it("is not blamed for the time before its instance was launched", async () => {
    expect((await sick({}, 9000, 40)).counted).toEqual([]);
    expect((await sick({}, undefined, 40)).counted).toEqual([]);
    expect((await sick({}, undefined, 50)).counted).toEqual([["stalledJobs", 1]]);
  });

  it.each([[241, 300], [5, 6], [3, 3], [2, 2]])("that is at attempt %i of %i has used up more than four fifths, and is counted", async (attempts, maxAttempts) => {
    const { counted, log } = await sick({ attempts, maxAttempts }, 1);
    expect(counted).toEqual([["jobsShortOfAttempts", 1]]);
    expect(log[0]).toMatchObject({ event: "short-of-attempts", attempts, maxAttempts, job: "run" });
  });

  it.each([[240, 300], [4, 5], [2, 3], [1, 2]])("that is at attempt %i of %i has enough of them left", async (attempts, maxAttempts) => {
    expect((await sick({ attempts, maxAttempts }, 1)).counted).toEqual([]);
  });

  it("that was given one attempt only is not told of at once, nor one whose bound is not known", async () => {
    expect((await sick({ attempts: 1, maxAttempts: 1 }, 1)).counted).toEqual([]);
    expect((await sick({ attempts: 241 }, 1)).counted).toEqual([]);
  });

  it("that is finished has nothing to be blamed for", async () => {
    const world = { instances: [instance("i-1", 500)], executions: { run: "RUNNING" }, ledger: { run: { ...item(owner), finished: { BOOL: true } } } };
    expect((await sweep(world)).metrics).toEqual([]);
  });
});

it("leaves strangers alone", async () => {
  const bare = { ...instance("i-2", 500), Tags: [{ Key: "spotproof:name", Value: "spotproof" }] };
  expect((await sweep({ instances: [instance("i-1", 500, { name: "other" }), bare] })).terminated).toEqual([]);
});

it("does not let one failure keep it from the rest, and says that it failed", async () => {
  const { terminated, metrics, error, log } = await sweep({
    instances: [instance("i-1", 500, { job: "a" }), instance("i-2", 500, { job: "b" }), instance("i-3", 500, { job: "c" })],
    executions: { a: "FAILED", b: awsError("ThrottlingException"), c: "FAILED" }, terminateErrors: { "i-1": "OperationNotPermitted" },
  });
  expect(terminated).toEqual(["i-3"]);
  expect(metrics[0].MetricData[0].Value).toBe(1);
  expect(log.filter(({ event }) => event === "sweep-failed")).toHaveLength(2);
  expect(error?.message).toMatch(/^2 executions' instances could not be swept: OperationNotPermitted.*; ThrottlingException/);
});
