/**
 * What the instances of a job tell AWS of it, heard at the region's hook: how the ledger's item reads after each of their writes, what they answer
 * their tasks, which samples they publish. Two guests that tell the same at the same times are the same to whoever runs the job.
 */
import type { Authorization, CallStage, RegionContext } from "../../../../harness/region/core/types";
import { toSeconds } from "../../../../harness/time/clock";

/* eslint-disable @typescript-eslint/no-explicit-any */

/** One request: what it said, by which instance (numbered as they came), seconds since the beginning; the job's committed percent then. */
export interface Said { what: string; instance: number; at: number; percent: number }
/** What only says how far the job is: samples say so, too. */
const PROGRESS_ALONE = "SET #progressPercent = :progressPercent, #progressAt = :progressAt";

export interface Sample { at: number; checkpointed: number; unsaved: number }

export class Listener {
  readonly said: Said[] = [];
  /** By their second. */
  readonly samples = new Map<number, Sample>();
  private readonly instances: string[] = [];
  private readonly began: number;

  constructor(private readonly region: RegionContext, private readonly table: string, private readonly job: string) {
    this.began = toSeconds(region.clock.now());
  }

  /** The region's hook. */
  readonly meet = (stage: CallStage, { service, operation, input, context }: Authorization): Promise<void> | undefined => {
    const instance = /\/(i-[0-9a-f]+)$/.exec(context.caller?.arn ?? "")?.[1];
    if (stage !== "done" || instance === undefined) return undefined;
    if (!this.instances.includes(instance)) this.instances.push(instance);
    const given = input as any;
    if (operation === "UpdateItem") return given.UpdateExpression === PROGRESS_ALONE ? undefined : this.readItem(instance);
    if (operation === "SendTaskSuccess") {
      const { outcome, epoch, reason, percent, deadline } = JSON.parse(given.output);
      this.say(instance, `answers ${outcome} in epoch ${epoch}: ${reason}${deadline === undefined ? "" : ", with a deadline"}`, percent);
    }
    if (operation === "SendTaskHeartbeat") this.say(instance, "heartbeat", 0);
    if (service === "s3" && operation === "PutObject" && given.Key.startsWith("jobs/")) this.say(instance, `stores ${/(\d+-\d+)-[0-9a-f-]{36}$/.exec(given.Key)?.[1]}`, 0);
    if (operation === "PutMetricData") for (const { MetricName: name, Timestamp: at, Value: value } of given.MetricData) if (name === "checkpointed" || name === "unsaved") this.take(at - this.began, name, value);
    return undefined;
  };

  private take(at: number, name: "checkpointed" | "unsaved", value: number): void {
    const sample = this.samples.get(at) ?? { at, checkpointed: 0, unsaved: 0 };
    sample[name] = value;
    this.samples.set(at, sample);
  }

  private say(instance: string, what: string, percent: number): void {
    this.said.push({ what, instance: this.instances.indexOf(instance) + 1, at: toSeconds(this.region.clock.now()) - this.began, percent });
  }

  /** The item after a write: what of it counts, in words. */
  private async readItem(instance: string): Promise<void> {
    const { Item: item } = (await this.region.call(this.region.admin, "dynamodb", "GetItem", { TableName: this.table, Key: { jobId: { S: this.job } } })) as { Item: Record<string, any> };
    const { ownerEpoch, ownerLaunch, ownerState, ownerReason, readyLaunch, sequence, last, previous, finished } = item;
    const commit = (record: any): string => (record === undefined ? "none" : `${record.M.epoch.N}-${record.M.sequence.N} (${Object.keys(record.M).sort().join(" ")})`);
    const now = [
      `epoch ${ownerEpoch.N} by launch ${ownerLaunch?.N}`, ownerState.S, ownerReason?.S ?? "", readyLaunch === undefined ? "" : `launch ${readyLaunch.N} is ready`, `sequence ${sequence.N}`,
      `last ${commit(last)}`, `previous ${commit(previous)}`, finished?.BOOL === true ? "finished" : "", `attributes ${Object.keys(item).sort().join(" ")}`,
    ].filter((part) => part !== "").join(", ");
    this.say(instance, now, Number(last?.M.percent.N ?? 0));
  }
}
