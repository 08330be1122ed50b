/**
 * A guest without processes: the agent and the default workload as they behave towards AWS, in a few actors, under the instance's role. For
 * jobs of weeks, of which real processes would look at their metadata half a million times. What it leaves out is what no state of the job
 * depends on: logs, pruning, what it restores; and it publishes its progress and samples only as often as it heartbeats. A test holds it to
 * the real one: both tell AWS the same at the same times, and so give an execution the same history.
 */
import type { Guest, GuestHost, GuestOptions } from "../../../../harness/region/guest/types";
import type { Caller, RegionContext } from "../../../../harness/region/core/types";
import type { Gate } from "../../../../harness/time/clock";
import { seconds, toSeconds } from "../../../../harness/time/clock";

/* eslint-disable @typescript-eslint/no-explicit-any */

type Item = Record<string, any>;

/** What Spot's notice gives. */
const NOTICE_SECONDS = 120;
/** Between looks at the metadata. */
const POLL_SECONDS = 5;
/** Before the notice's end the last save begins so much earlier than it takes; and what is taken for the time of one that nobody has measured. */
const MARGIN_SECONDS = 10;
const UNMEASURED_SECONDS = 60;

export interface ModelledHost extends GuestHost {
  /** The metadata told an instance's agent of its interruption. */
  notice(instanceId: string): void;
}

export function modelledHost(region: RegionContext, table: string, instanceRoleArn: string, beatSeconds: number): ModelledHost {
  const guests = new Map<string, ModelledGuest>();
  return {
    create(options) {
      const guest = new ModelledGuest(region, table, instanceRoleArn, beatSeconds, options);
      guests.set(options.instanceId, guest);
      return guest;
    },
    notice: (instanceId) => guests.get(instanceId)!.notice(),
    close: () => Promise.resolve(),
  };
}

class ModelledGuest implements Guest {
  private isOff = false;
  private bootedAt = 0;
  /** When EC2 gave its notice, and whether that has been seen. */
  private noticedAt = 0;
  private isNoticed = false;
  private readonly stirred: Gate;
  /** A sign of life of the agent's main thread, for which each heartbeat waits. */
  private readonly alive: Gate;
  private readonly me: string;
  private readonly caller: Caller;
  private launch = 0;
  private job = "";
  private token: string | undefined;
  private isAnswered = false;
  private epoch = 0;
  private isReady = false;

  constructor(private readonly region: RegionContext, private readonly table: string, roleArn: string, private readonly beatSeconds: number, private readonly options: GuestOptions) {
    this.me = options.instanceId;
    this.stirred = region.clock.gate(`guest ${this.me}`);
    this.alive = region.clock.gate(`main thread of ${this.me}`);
    this.caller = region.assumeRole(roleArn, this.me, { service: "ec2.amazonaws.com", durationSeconds: 365 * 86_400 }).caller;
  }

  notice(): void {
    this.noticedAt = this.now();
    // A look at the same moment was before it.
    const polls = Math.floor((this.noticedAt - this.bootedAt) / POLL_SECONDS) + 1;
    this.region.clock.spawn(`metadata of ${this.me}`, async () => {
      await this.region.clock.sleep(seconds(this.bootedAt + polls * POLL_SECONDS - this.noticedAt));
      this.isNoticed = true;
      this.stirred.open();
    });
  }

  async boot(): Promise<void> {
    const { Reservations } = await this.region.call(this.region.admin, "ec2", "DescribeInstances", { InstanceIds: [this.me] });
    const tags = new Map<string, string>(Reservations[0].Instances[0].Tags.map(({ Key, Value }: any) => [Key, Value]));
    this.job = tags.get("spotproof:job")!;
    this.launch = Number(tags.get("spotproof:launch"));
    this.bootedAt = this.now();
    this.region.clock.spawn(`agent ${this.me}`, () => this.agent());
  }

  shutdown(): Promise<void> { return this.kill(); }
  async kill(): Promise<void> {
    this.isOff = true;
    this.stirred.open();
    await Promise.resolve();
  }
  suspend(): void { throw new Error("not modelled"); }
  resume(): void { throw new Error("not modelled"); }
  withhold(): Promise<boolean> { throw new Error("not modelled"); }
  transfer(): Promise<boolean> { throw new Error("not modelled"); }
  networkChanged(): void { /* It has no sockets. */ }
  runScript(): never { throw new Error("not modelled"); }
  console(): string { return ""; }

  // ---- the agent ----------------------------------------------------------------------------------------------

  private now(): number { return toSeconds(this.region.clock.now()); }
  private call(service: string, operation: string, input: object): Promise<any> { return this.region.call(this.caller, service, operation, input); }

  /** Waits, at most so long; ends early when something stirs. */
  private async pause(forSeconds: number): Promise<void> {
    this.alive.open();
    if (forSeconds > 0 && !this.isOff) await this.stirred.wait(seconds(forSeconds));
  }

  private async agent(): Promise<void> {
    const item = await this.claim();
    if (this.isOff) return;
    const work = new Work(item, this.now());
    await this.write({ ownerState: { S: "working" } });
    let publishAt = this.now();
    while (work.advance(this.now()) < work.duration && !this.isNoticed) {
      const stop = work.nextSave();
      work.sample(this.now());
      if (this.now() >= publishAt) {
        publishAt = this.now() + Math.max(this.beatSeconds, work.reportSeconds);
        await this.publish(work);
      }
      await this.pause(Math.min(stop - work.done, work.untilSample(this.now())));
      if (this.isOff) return;
      if (work.advance(this.now()) >= stop - 1e-6 && stop < work.duration) await this.save(item, work);
      if (this.isOff) return;
    }
    if (work.done < work.duration) await this.handOver(item, work);
    if (this.isOff) return;
    await this.save(item, work);
    if (this.isOff) return;
    const isFinished = work.done >= work.duration;
    const end = isFinished ? { finished: { BOOL: true }, ...this.progress(work) } : {};
    await this.write({ ownerState: { S: "released" }, ownerReason: { S: isFinished ? "finished" : "notice" }, ...end });
    work.sample(this.now(), true);
    await this.publishSamples(work);
    // After a notice it waits for AWS's shutdown.
    if (!isFinished) return;
    await this.answer("SendTaskSuccess", { output: JSON.stringify({ outcome: "finished", percent: 100, epoch: this.epoch, reason: "finished" }) });
    this.options.onPowerOff();
  }

  /** Waits for the task and for the former owner, and takes the job over. */
  private async claim(): Promise<Item> {
    for (;;) {
      const item = await this.read();
      if (this.isOff) return item;
      if (item["taskInstanceId"]?.S === this.me && Number(item["taskLaunch"]?.N) === this.launch) {
        if (this.token === undefined) this.region.clock.spawn(`heart of ${this.me}`, () => this.heart());
        this.token = item["taskToken"].S;
        const seen = Number(item["ownerEpoch"].N);
        if (["none", "released", "dead"].includes(item["ownerState"].S) || Number(item["ownerDeadline"]?.N ?? Infinity) < this.now()) {
          this.epoch = seen + 1;
          return this.update(
            "SET ownerEpoch = :next, ownerInstanceId = :me, ownerLaunch = :launch, ownerState = :restoring REMOVE ownerDeadline, ownerReason, readyLaunch", "ownerEpoch = :seen AND taskInstanceId = :me",
            { ":next": whole(this.epoch), ":seen": whole(seen), ":me": { S: this.me }, ":launch": whole(this.launch), ":restoring": { S: "restoring" } },
          );
        }
        const until = whole(this.now() + 3 * this.beatSeconds);
        if (!this.isReady) await this.update("SET readyLaunch = :launch, ownerDeadline = if_not_exists(ownerDeadline, :until)", "taskInstanceId = :me", { ":launch": whole(this.launch), ":me": { S: this.me }, ":until": until });
        this.isReady = true;
      }
      await this.pause(1);
    }
  }

  private async heart(): Promise<void> {
    for (;;) {
      await this.alive.wait(seconds(this.beatSeconds));
      if (this.isOff || this.isAnswered) return;
      await this.tell("SendTaskHeartbeat", {});
      await this.region.clock.sleep(seconds(this.beatSeconds));
    }
  }

  /** Says that it will go, and works on until its successor is ready or its last safe moment has come. */
  private async handOver(item: Item, work: Work): Promise<void> {
    const deadline = Math.floor(this.noticedAt + NOTICE_SECONDS);
    const lease = { ownerDeadline: whole(deadline) };
    const moment = deadline - (work.measuredSeconds ?? UNMEASURED_SECONDS) - MARGIN_SECONDS;
    const stop = work.nextSave();
    const { last } = await this.write({ ownerState: { S: "handing-over" }, ...lease });
    await this.answer("SendTaskSuccess", { output: JSON.stringify({ outcome: "notice", percent: Number(last?.M.percent.N ?? 0), epoch: this.epoch, reason: "notice", deadline }) });
    for (;;) {
      const { taskInstanceId, taskLaunch, readyLaunch } = await this.read();
      if (this.isOff || this.now() >= moment || (taskInstanceId.S !== this.me && readyLaunch?.N === taskLaunch.N)) break;
      await this.pause(1);
      if (work.advance(this.now()) >= work.duration) throw new Error("a job that ends during its handoff is not modelled");
      if (work.done >= stop && work.committed < stop) await this.save(item, work);
      work.sample(this.now());
    }
    if (!this.isOff) await this.write({ ownerState: { S: "saving" }, ...lease });
  }

  private async save(item: Item, work: Work): Promise<void> {
    for (const until = this.now() + work.saveSeconds; this.now() < until - 1e-6; work.sample(this.now())) {
      await this.region.clock.sleep(seconds(Math.min(until - this.now(), work.untilSample(this.now()))));
    }
    work.stand(this.now());
    if (this.isOff) return;
    const { last, sequence } = await this.read();
    const number = Number(sequence.N) + 1;
    const key = `jobs/${this.job}/${this.epoch}-${number}-00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
    await this.call("s3", "PutObject", { Bucket: item["bucket"].S, Key: key, Body: Buffer.from(`at ${work.done}`) });
    const record = {
      epoch: whole(this.epoch), sequence: whole(number), percent: work.percent(), key: { S: key }, sha256: { S: "0".repeat(64) }, sizeBytes: whole(20), committedAt: whole(this.now()),
      ...(work.measuredSeconds === undefined ? {} : { saveSeconds: { N: String(work.measuredSeconds) } }),
    };
    await this.write({ ...this.progress(work), sequence: whole(number), last: { M: record }, ...(last === undefined ? {} : { previous: last }) });
    work.measuredSeconds = work.saveSeconds;
    work.committed = work.done;
  }

  private progress(work: Work): Item {
    return { progressPercent: work.percent(), progressAt: whole(this.now()) };
  }

  private async publish(work: Work): Promise<void> {
    await this.write(this.progress(work));
    await this.publishSamples(work);
  }

  private async publishSamples(work: Work): Promise<void> {
    const Dimensions = [{ Name: "JobId", Value: this.job }];
    const data = work.samples.splice(0).flatMap(({ at, checkpointed, unsaved }) => Object.entries({ checkpointed, unsaved }).map(([MetricName, Value]) =>
      ({ MetricName, Dimensions, Timestamp: Math.floor(at), Value, Unit: "Percent", StorageResolution: 1 })));
    for (let from = 0; from < data.length; from += MOST_METRICS) await this.call("cloudwatch", "PutMetricData", { Namespace: "spotproof", MetricData: data.slice(from, from + MOST_METRICS) });
  }

  private async read(): Promise<Item> {
    return (await this.call("dynamodb", "GetItem", { TableName: this.table, Key: { jobId: { S: this.job } }, ConsistentRead: true })).Item;
  }

  private async update(UpdateExpression: string, ConditionExpression: string, values: Item, names?: Record<string, string>): Promise<Item> {
    const input = { TableName: this.table, Key: { jobId: { S: this.job } }, UpdateExpression, ConditionExpression, ExpressionAttributeValues: values, ReturnValues: "ALL_NEW", ...(names === undefined ? {} : { ExpressionAttributeNames: names }) };
    return (await this.call("dynamodb", "UpdateItem", input)).Attributes;
  }

  private write(changes: Item): Promise<Item> {
    const names = Object.keys(changes);
    return this.update(`SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`, "ownerEpoch = :mine", { ...Object.fromEntries(names.map((name) => [`:${name}`, changes[name]])), ":mine": whole(this.epoch) }, Object.fromEntries(names.map((name) => [`#${name}`, name])));
  }

  private async answer(operation: string, more: object): Promise<void> {
    this.isAnswered = true;
    await this.tell(operation, more);
  }

  /** A task that has been answered already says nothing. */
  private async tell(operation: string, more: object): Promise<void> {
    await this.call("sfn", operation, { taskToken: this.token, ...more }).catch((error: unknown) => {
      if (!["TaskTimedOut", "TaskDoesNotExist"].includes((error as { code?: string }).code ?? "")) throw error;
    });
  }
}

/** Of one request, https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const MOST_METRICS = 1000;

/** The default workload by arithmetic: a second of work a second, from what was restored on; and the agent's samples of it. */
class Work {
  readonly duration: number;
  readonly saveSeconds: number;
  readonly reportSeconds: number;
  readonly samples: { at: number; checkpointed: number; unsaved: number }[] = [];
  done: number;
  committed: number;
  /** How long a save takes, as far as this attempt or an earlier one has measured it. */
  measuredSeconds: number | undefined;
  private readonly interval: number;
  private sampledAt = 0;

  constructor(item: Item, private at: number) {
    this.duration = Number(item["durationSeconds"].N);
    this.interval = Number(item["checkpointSeconds"].N);
    this.saveSeconds = Number(item["saveSeconds"].N);
    this.reportSeconds = Math.min(60, Math.max(1, this.duration / 360));
    const measured = item["last"]?.M.saveSeconds;
    this.measuredSeconds = measured === undefined ? undefined : Number(measured.N);
    this.done = this.committed = Math.round((Number(item["last"]?.M.percent.N ?? 0) / 100) * this.duration);
  }

  /** Works until `now`; units are done as a whole. */
  advance(now: number): number {
    const units = Math.min(this.duration - this.done, Math.floor(now - this.at + 1e-6));
    this.done += units;
    this.at += units;
    return this.done;
  }

  /** It has done something else until `now`. */
  stand(now: number): void {
    this.at = now;
  }

  /** How much is done at the next save. */
  nextSave(): number {
    return Math.min(this.duration, (Math.floor(this.done / this.interval) + 1) * this.interval);
  }

  percent(done = this.done): Item {
    return { N: String(Math.round((1e6 * done) / this.duration) / 1e4) };
  }

  untilSample(now: number): number {
    return Math.max(0.001, this.sampledAt + this.reportSeconds - now);
  }

  sample(now: number, isLast = false): void {
    if (!isLast && now < this.sampledAt + this.reportSeconds - 0.001) return;
    const checkpointed = Number(this.percent(this.committed).N);
    this.samples.push({ at: now, checkpointed, unsaved: Number(this.percent().N) - checkpointed });
    this.sampledAt = now;
  }
}

const whole = (value: number): Item => ({ N: String(Math.floor(value)) });
