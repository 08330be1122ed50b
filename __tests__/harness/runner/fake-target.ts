/**
 * A small scripted model of the deployed system, behind clients that have nothing of the SDK's but `send`: enough for the
 * runner to run against, in milliseconds. One agent a instance, ticking once a virtual second.
 */
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { chainDigest } from "../../../harness/checks/work-chain";
import type { FaultKind } from "../../../harness/model/scenario";
import { apiInjectors } from "../../../harness/targets/injectors";
import type { Clients, Injector, Outputs, Target } from "../../../harness/targets/target";
import { seconds, toDate, toSeconds, type Microseconds } from "../../../harness/time/clock";
import { createRandom } from "../../../harness/time/prng";
import { createVirtualClock } from "../../../harness/time/virtual-clock";

export interface Flaws {
  /** A new attempt begins at zero, whatever is committed. */
  resumesFromZero?: boolean;
  /** A notice is answered without a save. */
  skipsFinalSave?: boolean;
  /** An agent writes whether it owns the job or not. */
  ignoresFencing?: boolean;
  /** Instances of a stopped execution run on. */
  sweepsNothing?: boolean;
  /** Like AWS: what was started runs on when the harness ends. */
  outlivesHarness?: boolean;
  /** An alarm goes off for nothing. */
  criesWolf?: boolean;
  /** A job that runs is started again all the same. */
  startsTwice?: boolean;
  /** The job never gets anywhere. */
  neverStarts?: boolean;
}

interface FakeInstance { id: string; launch: number; jobId: string; state: string; launchedAt: Microseconds; spotCode: string; spotAt: Microseconds; tags: Map<string, string>; notice: boolean; suspended: boolean; sir: string }
interface Item { [attribute: string]: unknown; jobId: string; launch: number; ownerEpoch: number; ownerState: string; sequence: number }
interface FakeExecution { arn: string; name: string; jobId: string; input: { durationMinutes: number; checkpointMinutes: number; saveSeconds: number }; status: string; startedAt: Microseconds; stoppedAt?: Microseconds; error?: string; cause?: string; refusals: Microseconds[] }

export const OUTPUTS: Outputs = {
  stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:spotproof-job", ledgerTable: "spotproof-ledger", checkpointBucket: "checkpoints", metricsNamespace: "spotproof",
  name: "spotproof", interruptTemplateId: "EXTinterrupt", terminateTemplateId: "EXTterminate", noCapacityTemplateId: "EXTnone", armedTagKey: "spotproof:armed", armedTagValue: "spotproof",
};

const tar = (name: string, body: Buffer): Buffer => {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${body.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("0", 156);
  header.write("ustar", 257);
  return Buffer.concat([header, body, Buffer.alloc((512 - (body.length % 512)) % 512 + 1024)]);
};

const attribute = (value: unknown): unknown => {
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "boolean") return { BOOL: value };
  if (typeof value === "object") return { M: Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, attribute(inner)])) };
  return { S: String(value) };
};

const named = (name: string): Error => Object.assign(new Error(name), { name });

export interface FakeTarget extends Target {
  /** How often each operation was called. */
  readonly calls: Record<string, number>;
  readonly flaws: Flaws;
}

export function fakeTarget(flaws: Flaws = {}, seed = "1"): FakeTarget {
  const uncaught: unknown[] = [];
  let failed!: (error: Error) => void;
  const failure = new Promise<Error>((resolve) => (failed = resolve));
  const clock = createVirtualClock({
    startMicroseconds: seconds(Date.parse("2026-01-01T00:00:00Z") / 1000),
    onUncaught: (error) => { uncaught.push(error); failed(error as Error); },
  });
  const random = createRandom(seed);
  const calls: Record<string, number> = {};
  const items = new Map<string, Item>();
  const instances = new Map<string, FakeInstance>();
  const executions = new Map<string, FakeExecution>();
  const objects = new Map<string, { body: Buffer; at: Microseconds }>();
  const metrics: { jobId: string; at: number; checkpointed: number; unsaved: number }[] = [];
  const experiments = new Map<string, { status: string; startTime?: Date; stop: boolean }>();
  let noCapacity = 0;

  const go = (instance: FakeInstance, code: string): void => {
    if (instance.state === "terminated") return;
    instance.state = "terminated";
    instance.spotCode = code;
    instance.spotAt = clock.now();
  };

  async function machine(execution: FakeExecution): Promise<void> {
    const item = items.get(execution.jobId)!;
    while (execution.status === "RUNNING") {
      if (noCapacity > 0) {
        execution.refusals.push(clock.now());
        await clock.sleep(seconds(15));
        continue;
      }
      item.launch += 1;
      const hex = random.hex(17);
      const instance: FakeInstance = { id: `i-${hex}`, launch: item.launch, jobId: item.jobId, state: "pending", launchedAt: clock.now(), spotCode: "fulfilled", spotAt: clock.now(), tags: new Map(), notice: false, suspended: false, sir: `sir-${hex.slice(0, 8)}` };
      instances.set(instance.id, instance);
      clock.spawn(`agent ${instance.id}`, () => agent(instance, item, execution));
      let silence = 0;
      while (execution.status === "RUNNING" && instance.state !== "terminated" && !(item.ownerState === "released" && item["ownerLaunch"] === instance.launch) && silence < 90) {
        await clock.sleep(seconds(1));
        silence = instance.suspended ? silence + 1 : 0;
      }
      if (item["finished"] === true) {
        execution.status = "SUCCEEDED";
        execution.stoppedAt = clock.now();
        go(instance, "instance-terminated-by-user");
        return;
      }
      if (!(item.ownerState === "released" && item["ownerLaunch"] === instance.launch) && execution.status === "RUNNING") item.ownerState = "dead";
      await clock.sleep(seconds(1));
    }
  }

  async function agent(me: FakeInstance, item: Item, execution: FakeExecution): Promise<void> {
    await clock.sleep(seconds(10));
    if (me.state !== "pending") return;
    me.state = "running";
    await clock.sleep(seconds(35));
    if (me.state !== "running" || flaws.neverStarts) return;
    const epoch = (item.ownerEpoch += 1);
    const total = execution.input.durationMinutes * 60;
    const log: string[] = [];
    const say = (event: string, fields: object = {}): void => { log.push(JSON.stringify({ time: toDate(clock.now()).toISOString(), level: "info", event, job: me.jobId, launch: me.launch, instance: me.id, epoch, ...fields })); };
    Object.assign(item, { ownerInstanceId: me.id, ownerLaunch: me.launch, ownerState: "working" });
    say("took-over");
    let done = flaws.resumesFromZero || item["last"] === undefined ? 0 : Math.round(((item["last"] as { percent: number }).percent / 100) * total);
    let saved = done;
    let samples: typeof metrics = [];
    let lastPublish = clock.now();
    const percent = (): number => Math.round((1e6 * done) / total) / 1e4;
    const mine = (): boolean => flaws.ignoresFencing === true || item.ownerEpoch === epoch;
    const prune = (): void => {
      const kept = (["last", "previous"] as const).map((which) => (item[which] as { key: string } | undefined)?.key);
      for (const key of objects.keys()) if (key.startsWith(`jobs/${me.jobId}/`) && !kept.includes(key)) objects.delete(key);
    };
    const commit = (): void => {
      if (!mine()) throw named("superseded");
      const body = tar("state.json", Buffer.from(JSON.stringify({ jobId: me.jobId, unitsDone: done, unitsTotal: total, digest: chainDigest(me.jobId, done), runs: [] })));
      const key = `jobs/${me.jobId}/${epoch}-${item.sequence + 1}-${random.hex(8)}`;
      objects.set(key, { body, at: clock.now() });
      item.sequence += 1;
      if (item["last"] !== undefined) item["previous"] = item["last"];
      item["last"] = { epoch, sequence: item.sequence, percent: percent(), key, sha256: createHash("sha256").update(body).digest("hex"), sizeBytes: body.length, committedAt: Math.floor(toSeconds(clock.now())) };
      saved = done;
      say("committed");
      prune();
    };
    const publish = (): void => {
      if (!mine()) throw named("superseded");
      Object.assign(item, { progressPercent: percent(), progressAt: Math.floor(toSeconds(clock.now())) });
      metrics.push(...samples);
      samples = [];
      lastPublish = clock.now();
    };
    const leave = (reason: string): void => {
      publish();
      Object.assign(item, { ownerState: "released", ownerReason: reason, ...(reason === "finished" ? { finished: true } : {}) });
      say("released");
    };
    const alive = (): boolean => me.state === "running";
    const upload = (): void => { objects.set(`logs/${me.jobId}/${me.launch}-${me.id}.log`, { body: Buffer.from(log.join("\n")), at: clock.now() }); };
    try {
      while (alive()) {
        const committed = (): number => (item["last"] as { percent: number } | undefined)?.percent ?? 0;
        samples.push({ jobId: me.jobId, at: Math.floor(toSeconds(clock.now())), checkpointed: Math.min(committed(), percent()), unsaved: Math.max(0, percent() - committed()) });
        if (done === total || (done > saved && done % (execution.input.checkpointMinutes * 60) === 0)) {
          await clock.sleep(seconds(execution.input.saveSeconds));
          if (!alive()) return;
          commit();
          if (done === total) return leave("finished");
        }
        await clock.sleep(seconds(1));
        while (me.suspended) await clock.sleep(seconds(1));
        if (!alive()) return;
        done += 1;
        if (me.notice) {
          if (!flaws.skipsFinalSave) {
            await clock.sleep(seconds(execution.input.saveSeconds));
            commit();
          }
          return leave("notice");
        }
        if (clock.now() - lastPublish >= seconds(10)) publish();
      }
    } catch (error) {
      if ((error as Error).name !== "superseded") throw error;
      say("superseded");
    } finally {
      if (alive()) upload();
      if (me.suspended === false && item.ownerEpoch !== epoch) go(me, "instance-terminated-by-user");
    }
  }

  const strike = (id: string, by: "EXTinterrupt" | "EXTterminate"): void => {
    const target = [...instances.values()].find((instance) => instance.state === "running" && instance.tags.has(OUTPUTS.armedTagKey));
    const experiment = experiments.get(id)!;
    if (target === undefined) return void (experiment.status = "failed");
    experiment.status = "running";
    experiment.startTime = toDate(clock.now());
    clock.spawn(`experiment ${id}`, async () => {
      target.notice = true;
      if (by === "EXTinterrupt") {
        target.spotCode = "marked-for-termination";
        target.spotAt = clock.now();
      }
      await clock.sleep(seconds(by === "EXTinterrupt" ? 120 : 10));
      go(target, "instance-terminated-by-experiment");
      experiment.status = "completed";
    });
  };

  const operations: Record<string, (input: never) => unknown> = {
    StartExecution({ name, input }: { name: string; input: string }) {
      const parsed = JSON.parse(input) as FakeExecution["input"] & { jobId: string };
      const execution: FakeExecution = { arn: `${OUTPUTS.stateMachineArn}:${name}`.replace("stateMachine", "execution"), name, jobId: parsed.jobId, input: parsed, status: "RUNNING", startedAt: clock.now(), refusals: [] };
      const runs = [...executions.values()].some((other) => other.jobId === parsed.jobId && other.status === "RUNNING");
      executions.set(execution.arn, execution);
      if (runs && flaws.startsTwice !== true) {
        Object.assign(execution, { status: "FAILED", stoppedAt: clock.now(), error: "JobAlreadyRunning", cause: `jobId ${parsed.jobId} is being run by arn:aws:states:x. Wait until that has ended, stop it, or give another jobId.` });
        return { executionArn: execution.arn, startDate: toDate(clock.now()) };
      }
      const item = items.get(parsed.jobId);
      if (item === undefined) items.set(parsed.jobId, { jobId: parsed.jobId, launch: 0, ownerEpoch: 0, ownerState: "none", sequence: 0 });
      else item.ownerState = "dead";
      clock.spawn(`execution ${name}`, () => machine(execution));
      return { executionArn: execution.arn, startDate: toDate(clock.now()) };
    },
    DescribeExecution({ executionArn }: { executionArn: string }) {
      const { status, stoppedAt, error, cause } = executions.get(executionArn)!;
      return { status, error, cause, ...(stoppedAt === undefined ? {} : { stopDate: toDate(stoppedAt) }) };
    },
    StopExecution({ executionArn }: { executionArn: string }) {
      const execution = executions.get(executionArn)!;
      Object.assign(execution, { status: "ABORTED", stoppedAt: clock.now() });
      if (!flaws.sweepsNothing) for (const instance of instances.values()) if (instance.jobId === execution.jobId) go(instance, "instance-terminated-by-user");
      return {};
    },
    GetExecutionHistory({ executionArn }: { executionArn: string }) {
      const output = JSON.stringify({ Instances: [], Errors: [{ ErrorCode: "InsufficientInstanceCapacity", ErrorMessage: "none" }] });
      return { events: executions.get(executionArn)!.refusals.map((at) => ({ timestamp: toDate(at), taskSucceededEventDetails: { resource: "createFleet", output } })) };
    },
    GetItem({ Key }: { Key: { jobId: { S: string } } }) {
      const item = items.get(Key.jobId.S);
      return item === undefined ? {} : { Item: Object.fromEntries(Object.entries(item).map(([key, value]) => [key, attribute(value)])) };
    },
    PutItem({ Item: { jobId } }: { Item: { jobId: { S: string } } }) {
      if (items.has(jobId.S)) throw named("ConditionalCheckFailedException");
      items.set(jobId.S, { jobId: jobId.S } as Item);
      return {};
    },
    DeleteItem({ Key }: { Key: { jobId: { S: string } } }) {
      items.delete(Key.jobId.S);
      return {};
    },
    DescribeInstances({ Filters, InstanceIds }: { Filters?: { Values: string[] }[]; InstanceIds?: string[] }) {
      const found = [...instances.values()].filter((instance) => InstanceIds?.includes(instance.id) ?? Filters?.[0]?.Values.includes(instance.jobId));
      return { Reservations: [{ Instances: found.map((instance) => ({
        InstanceId: instance.id, InstanceType: "m7i.large", Placement: { AvailabilityZone: "us-east-1a" }, State: { Name: instance.state }, LaunchTime: toDate(instance.launchedAt), InstanceLifecycle: "spot",
        SpotInstanceRequestId: instance.sir, Tags: [{ Key: "spotproof:launch", Value: String(instance.launch) }],
      })) }] };
    },
    DescribeSpotInstanceRequests({ SpotInstanceRequestIds }: { SpotInstanceRequestIds: string[] }) {
      return { SpotInstanceRequests: [...instances.values()].filter((instance) => SpotInstanceRequestIds.includes(instance.sir)).map((instance) => ({ SpotInstanceRequestId: instance.sir, Status: { Code: instance.spotCode, UpdateTime: toDate(instance.spotAt) } })) };
    },
    CreateTags({ Resources: [id], Tags: [tag] }: { Resources: [string]; Tags: [{ Key: string; Value: string }] }) {
      instances.get(id)!.tags.set(tag.Key, tag.Value);
      return {};
    },
    DeleteTags({ Resources: [id], Tags: [tag] }: { Resources: [string]; Tags: [{ Key: string }] }) {
      instances.get(id)!.tags.delete(tag.Key);
      return {};
    },
    TerminateInstances({ InstanceIds }: { InstanceIds: string[] }) {
      return { TerminatingInstances: InstanceIds.map((id) => {
        const before = instances.get(id)!.state;
        go(instances.get(id)!, "instance-terminated-by-user");
        return { PreviousState: { Name: before } };
      }) };
    },
    StartExperiment({ experimentTemplateId }: { experimentTemplateId: string }) {
      const id = `EXP${random.hex(8)}`;
      experiments.set(id, { status: "initiating", stop: false });
      clock.spawn(`start ${id}`, async () => {
        await clock.sleep(seconds(0.2));
        if (experimentTemplateId !== OUTPUTS.noCapacityTemplateId) return strike(id, experimentTemplateId as "EXTinterrupt");
        experiments.get(id)!.status = "running";
        noCapacity += 1;
      });
      return { experiment: { id, state: { status: "initiating" } } };
    },
    GetExperiment({ id }: { id: string }) {
      const { status, startTime } = experiments.get(id)!;
      return { experiment: { id, state: { status }, actions: startTime === undefined ? {} : { act: { startTime } } } };
    },
    StopExperiment({ id }: { id: string }) {
      experiments.get(id)!.status = "stopped";
      noCapacity -= 1;
      return {};
    },
    DescribeSpotPriceHistory() {
      return { SpotPriceHistory: [{ SpotPrice: "0.036", Timestamp: new Date(0) }] };
    },
    DescribeAlarmHistory() {
      return { AlarmHistoryItems: flaws.criesWolf ? [{ AlarmName: "spotproof-swept", HistoryItemType: "StateUpdate", Timestamp: toDate(clock.now()), HistoryData: JSON.stringify({ newState: { stateValue: "ALARM", stateReason: "none" } }) }] : [] };
    },
    GetMetricData({ StartTime, EndTime, MetricDataQueries }: { StartTime: Date; EndTime: Date; MetricDataQueries: { MetricStat: { Metric: { Dimensions: { Value: string }[] } } }[] }) {
      const jobId = MetricDataQueries[0]!.MetricStat.Metric.Dimensions[0]!.Value;
      const found = metrics.filter((sample) => sample.jobId === jobId && sample.at * 1000 >= StartTime.getTime() && sample.at * 1000 < EndTime.getTime());
      const series = (Id: "checkpointed" | "unsaved") => ({ Id, Timestamps: found.map((sample) => new Date(sample.at * 1000)), Values: found.map((sample) => sample[Id]) });
      return { MetricDataResults: [series("checkpointed"), series("unsaved")] };
    },
    ListObjectsV2({ Prefix }: { Prefix: string }) {
      return { Contents: [...objects].filter(([key]) => key.startsWith(Prefix)).map(([Key, { body, at }]) => ({ Key, Size: body.length, LastModified: toDate(at) })) };
    },
    GetObject({ Key, Range }: { Key: string; Range?: string }) {
      const object = objects.get(Key);
      if (object === undefined) throw named("NoSuchKey");
      if (Range === undefined) return { Body: { transformToByteArray: () => Promise.resolve(object.body) } };
      const [first, last] = Range.replace("bytes=", "").split("-").map(Number) as [number, number];
      const part = object.body.subarray(first, last + 1);
      return { Body: Readable.from([part]), ContentRange: `bytes ${first}-${first + part.length - 1}/${object.body.length}` };
    },
  };

  const client = {
    async send(command: { constructor: { name: string }; input: never }): Promise<unknown> {
      const operation = command.constructor.name.replace(/Command$/, "");
      calls[operation] = (calls[operation] ?? 0) + 1;
      await Promise.resolve();
      const found = operations[operation];
      if (found === undefined) throw new Error(`the fake has no ${operation}`);
      return found(command.input);
    },
  };
  const clients = new Proxy({}, { get: () => client }) as Clients;
  const suspend: Injector = {
    resolutionSeconds: 1,
    async inject({ instanceId, struck, fault }) {
      const instance = instances.get(instanceId!)!;
      instance.suspended = true;
      struck();
      await clock.sleep(seconds(fault.durationSeconds!));
      instance.suspended = false;
      return { status: "completed" };
    },
  };
  const injectors: Partial<Record<FaultKind, Injector>> = { ...apiInjectors(1), suspend };
  return {
    kind: "local", seed, clock, random, clients, outputs: OUTPUTS, injectors, calls, flaws, failure,
    conditions: [], ownDeployment: true, pollSeconds: { fine: 0.25, close: 1, far: 60 },
    outlivesHarness: flaws.outlivesHarness ?? false,
    async close() { clock.close(); },
  };
}
