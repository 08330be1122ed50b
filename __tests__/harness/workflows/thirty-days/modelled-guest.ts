/**
 * A guest without processes: the agent and the default workload as they behave towards AWS (the same requests under the
 * instance's role, in the same order), in a few actors. For jobs of weeks, of which real processes would look at their metadata
 * half a million times. A test holds it to the real one: both give an execution the same history.
 */
import type { Guest, GuestHost, GuestOptions } from "../../../../harness/region/guest/types";
import type { Caller, RegionContext } from "../../../../harness/region/core/types";
import type { Gate } from "../../../../harness/time/clock";
import { seconds, toSeconds } from "../../../../harness/time/clock";

/* eslint-disable @typescript-eslint/no-explicit-any */

type Item = Record<string, any>;

/** How often it heartbeats and reports. */
const BEAT_SECONDS = 30;
/** What Spot's notice gives. */
const NOTICE_SECONDS = 120;

export interface ModelledHost extends GuestHost {
  /** The metadata told an instance's agent of its interruption. */
  notice(instanceId: string): void;
}

export function modelledHost(region: RegionContext, table: string, instanceRoleArn: string, beatSeconds = BEAT_SECONDS): ModelledHost {
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
  private noticedAt: number | undefined;
  private readonly stirred: Gate;
  private readonly me: string;
  private readonly caller: Caller;
  private launch = 0;
  private job = "";
  private token: string | undefined;
  private epoch = 0;
  private isReady = false;

  constructor(private readonly region: RegionContext, private readonly table: string, roleArn: string, private readonly beatSeconds: number, private readonly options: GuestOptions) {
    this.me = options.instanceId;
    this.stirred = region.clock.gate(`guest ${this.me}`);
    this.caller = region.assumeRole(roleArn, this.me, { service: "ec2.amazonaws.com", durationSeconds: 365 * 86_400 }).caller;
  }

  notice(): void {
    this.noticedAt = this.now();
    this.stirred.open();
  }

  async boot(): Promise<void> {
    const { Reservations } = await this.region.call(this.region.admin, "ec2", "DescribeInstances", { InstanceIds: [this.me] });
    const tags = new Map<string, string>(Reservations[0].Instances[0].Tags.map(({ Key, Value }: any) => [Key, Value]));
    this.job = tags.get("spotproof:job")!;
    this.launch = Number(tags.get("spotproof:launch"));
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
    if (forSeconds > 0 && !this.isOff) await this.stirred.wait(seconds(forSeconds));
  }

  private async agent(): Promise<void> {
    const item = await this.claim();
    if (this.isOff) return;
    const duration = Number(item["durationSeconds"].N);
    const interval = Number(item["checkpointSeconds"].N);
    const save = Number(item["saveSeconds"].N);
    let done = (Number(item["last"]?.M.percent.N ?? 0) / 100) * duration;
    await this.write({ ownerState: { S: "working" } });
    let at = this.now();
    const advance = (): number => {
      done = Math.min(duration, done + this.now() - at);
      at = this.now();
      return done;
    };
    while (advance() < duration && this.noticedAt === undefined) {
      const next = Math.min(duration, (Math.floor(done / interval) + 1) * interval);
      await this.pause(Math.min(next - done, this.beatSeconds));
      if (this.isOff) return;
      if (advance() >= next - 1e-6 && next < duration) {
        await this.save(item, next, duration, save);
        at = this.now();
      }
      if (this.isOff) return;
      await this.answer("SendTaskHeartbeat", {});
      await this.write({ progressPercent: percent(done, duration), progressAt: whole(this.now()) });
    }
    if (done < duration) {
      await this.handOver();
      if (this.isOff) return;
      advance();
    }
    await this.write({ ownerState: { S: "saving" } });
    await this.save(item, done, duration, save);
    const finished = done >= duration;
    await this.write({ ownerState: { S: "released" }, ownerReason: { S: finished ? "finished" : "notice" }, ...(finished ? { finished: { BOOL: true } } : {}) });
    // After a notice it waits for AWS's shutdown.
    if (!finished) return;
    await this.answer("SendTaskSuccess", { output: JSON.stringify({ outcome: "finished", percent: 100, epoch: this.epoch, reason: "finished" }) });
    this.options.onPowerOff();
  }

  /** Waits for the task and for the former owner, and takes the job over. */
  private async claim(): Promise<Item> {
    for (;;) {
      const item = await this.read();
      if (this.isOff) return item;
      if (item["taskInstanceId"]?.S === this.me && Number(item["taskLaunch"]?.N) === this.launch) {
        this.token = item["taskToken"].S;
        const seen = Number(item["ownerEpoch"].N);
        if (["none", "released", "dead"].includes(item["ownerState"].S) || Number(item["ownerDeadline"]?.N ?? Infinity) < this.now()) {
          this.epoch = seen + 1;
          return this.update(
            "SET ownerEpoch = :next, ownerInstanceId = :me, ownerLaunch = :launch, ownerState = :restoring REMOVE ownerDeadline, ownerReason, readyLaunch", "ownerEpoch = :seen AND taskInstanceId = :me",
            { ":next": whole(this.epoch), ":seen": whole(seen), ":me": { S: this.me }, ":launch": whole(this.launch), ":restoring": { S: "restoring" } },
          );
        }
        if (!this.isReady) await this.update("SET readyLaunch = :launch", "taskInstanceId = :me", { ":launch": whole(this.launch), ":me": { S: this.me } });
        this.isReady = true;
      }
      await this.pause(1);
    }
  }

  /** Says that it will go, and works on until its successor is ready. */
  private async handOver(): Promise<void> {
    const deadline = Math.floor(this.noticedAt! + NOTICE_SECONDS);
    await this.write({ ownerState: { S: "handing-over" }, ownerDeadline: whole(deadline) });
    await this.answer("SendTaskSuccess", { output: JSON.stringify({ outcome: "notice", epoch: this.epoch, reason: "notice", deadline }) });
    for (;;) {
      const item = await this.read();
      if (this.isOff || this.now() >= deadline - 20) return;
      if (item["taskInstanceId"].S !== this.me && item["readyLaunch"]?.N === item["taskLaunch"].N) return;
      await this.pause(1);
    }
  }

  private async save(item: Item, done: number, duration: number, saveSeconds: number): Promise<void> {
    await this.region.clock.sleep(seconds(saveSeconds));
    if (this.isOff) return;
    const { last, sequence } = await this.read();
    const number = Number(sequence.N) + 1;
    const key = `jobs/${this.job}/${this.epoch}-${number}`;
    await this.call("s3", "PutObject", { Bucket: item["bucket"].S, Key: key, Body: Buffer.from(`at ${done}`) });
    const record = { M: { epoch: whole(this.epoch), sequence: whole(number), percent: percent(done, duration), key: { S: key }, sha256: { S: "0".repeat(64) }, sizeBytes: whole(20), committedAt: whole(this.now()) } };
    await this.write({ sequence: whole(number), last: record, ...(last === undefined ? {} : { previous: last }) });
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

  /** An answer to a task that has been answered already says nothing. */
  private async answer(operation: string, more: object): Promise<void> {
    await this.call("sfn", operation, { taskToken: this.token, ...more }).catch((error: unknown) => {
      if (!["TaskTimedOut", "TaskDoesNotExist"].includes((error as { code?: string }).code ?? "")) throw error;
    });
  }
}

const whole = (value: number): Item => ({ N: String(Math.floor(value)) });
const percent = (done: number, duration: number): Item => ({ N: String(Math.round((1e6 * done) / duration) / 1e4) });
