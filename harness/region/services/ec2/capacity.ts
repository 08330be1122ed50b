/**
 * Capacity as a model: a pool for each instance type in each zone, with how many Spot and On-Demand instances it can
 * still launch and what a Spot hour costs there. EC2's errors for lack of capacity or too low a price come from it, and so do
 * reclaims: a pool whose price rises above a request's maximum, or that is made smaller than what runs in it, interrupts, and so
 * does one that is set to do so by chance.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-instances.html (Spot capacity pools),
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshooting-launch.html#troubleshooting-launch-capacity
 */
import type { AwsError } from "../../core/types";
import type { Microseconds } from "../../../time/clock";
import { INSTANCE_TYPES } from "./catalog";
import { ec2Error } from "./errors";

export type Lifecycle = "spot" | "on-demand";

export interface Pool {
  readonly instanceType: string;
  readonly zone: string;
  /** How many instances of each kind the pool holds at most, running ones included; Infinity: ample. */
  limit: Record<Lifecycle, number>;
  used: Record<Lifecycle, number>;
  /** US dollars an hour. */
  spotPrice: number;
  /** How often each Spot Instance in it is interrupted, on average. */
  interruptionsPerHour: number;
  /** What a Spot hour costs when nothing is set. */
  readonly usualSpotPrice: number;
  readonly onDemandPrice: number;
  /** Spot prices with the time from which each held, oldest first. */
  readonly priceHistory: { time: Microseconds; price: number }[];
}

/** What a setting applies to: every pool that has these; absent means any. */
export interface PoolMatch { instanceType?: string; zone?: string }

/** New figures for pools; absent means as before. */
export interface PoolSettings {
  /** Spot instances that fit, running ones included. */
  spotLimit?: number;
  onDemandLimit?: number;
  /** US dollars an hour. */
  spotPrice?: number;
  /** Of each Spot Instance launched from then on, by chance and on average. */
  interruptionsPerHour?: number;
}

interface Rule { match: PoolMatch; settings: PoolSettings; from: Microseconds; until: Microseconds }

/** A Spot price when nothing else is set: a third of the On-Demand price, each zone a little dearer than the one before. */
const defaultSpotPrice = (onDemandPrice: number, zoneIndex: number): number => Math.round(onDemandPrice * (0.33 + 0.01 * zoneIndex) * 1e4) / 1e4;

export class Capacity {
  private readonly pools = new Map<string, Pool>();
  /** In the order in which they were given; later ones win. Those that are over are kept: price histories have them. */
  private readonly rules: Rule[] = [];

  constructor(private readonly zones: readonly { name: string }[], private readonly startedAt: Microseconds) {}

  /** @throws AwsError InvalidParameterValue, for an instance type that does not exist */
  pool(instanceType: string, zone: string): Pool {
    const key = `${instanceType} ${zone}`;
    let pool = this.pools.get(key);
    if (!pool) {
      const type = INSTANCE_TYPES.get(instanceType);
      if (!type) throw ec2Error("InvalidParameterValue", `Invalid value '${instanceType}' for InstanceType.`);
      const spotPrice = defaultSpotPrice(type.onDemandPrice, this.zones.findIndex(({ name }) => name === zone));
      pool = {
        instanceType, zone, limit: { spot: Infinity, "on-demand": Infinity }, used: { spot: 0, "on-demand": 0 }, interruptionsPerHour: 0,
        usualSpotPrice: spotPrice, spotPrice, onDemandPrice: type.onDemandPrice, priceHistory: [{ time: this.startedAt, price: spotPrice }],
      };
      this.pools.set(key, pool);
      // As if it had been asked for from the start, so that its history has what was set meanwhile.
      const changes = this.rules.flatMap(({ from, until }) => (until === Infinity ? [from] : [from, until])).sort((a, b) => a - b);
      for (const time of changes) this.settle(pool, time);
    }
    return pool;
  }

  /**
   * Changes every pool that matches, those that nobody has asked for yet included.
   * @returns a function that takes the change back, at a later time
   */
  configure(match: PoolMatch, settings: PoolSettings, time: Microseconds): (time: Microseconds) => void {
    const rule: Rule = { match, settings, from: time, until: Infinity };
    this.rules.push(rule);
    this.settleAll(match, time);
    return (later) => {
      rule.until = later;
      this.settleAll(match, later);
    };
  }

  private settleAll(match: PoolMatch, time: Microseconds): void {
    for (const pool of this.pools.values()) if (applies(match, pool)) this.settle(pool, time);
  }

  /** Gives a pool what the rules that hold at that time say of it. */
  private settle(pool: Pool, time: Microseconds): void {
    const settings: PoolSettings = {};
    for (const { match, from, until, settings: own } of this.rules) if (from <= time && time < until && applies(match, pool)) Object.assign(settings, own);
    pool.limit.spot = settings.spotLimit ?? Infinity;
    pool.limit["on-demand"] = settings.onDemandLimit ?? Infinity;
    pool.interruptionsPerHour = settings.interruptionsPerHour ?? 0;
    const price = settings.spotPrice ?? pool.usualSpotPrice;
    if (price === pool.spotPrice) return;
    pool.spotPrice = price;
    // What held for no time at all is no part of the history.
    if (pool.priceHistory.at(-1)!.time === time) pool.priceHistory.pop();
    if (pool.priceHistory.at(-1)?.price !== price) pool.priceHistory.push({ time, price });
  }

  /** Why the pool cannot launch one more; undefined when it can. `maxPrice` is in US dollars an hour. */
  refusal(pool: Pool, lifecycle: Lifecycle, maxPrice: number): AwsError | undefined {
    if (lifecycle === "spot" && pool.spotPrice > maxPrice) {
      return ec2Error("SpotMaxPriceTooLow", `Your Spot request price of ${priceText(maxPrice)} is lower than the minimum required Spot request fulfillment price of ${priceText(pool.spotPrice)}.`);
    }
    if (pool.used[lifecycle] >= pool.limit[lifecycle]) return this.insufficient(pool, lifecycle);
    return undefined;
  }

  /** The error of a pool that has run dry, which names the zones that have not. */
  insufficient(pool: Pick<Pool, "instanceType" | "zone">, lifecycle: Lifecycle): AwsError {
    if (lifecycle === "spot") return ec2Error("InsufficientInstanceCapacity", "There is no Spot capacity available that matches your request.");
    const others = this.zones.map(({ name }) => name)
      .filter((zone) => zone !== pool.zone && this.pool(pool.instanceType, zone).used["on-demand"] < this.pool(pool.instanceType, zone).limit["on-demand"]);
    const advice = others.length === 0 ? "" : ` You can currently get ${pool.instanceType} capacity by not specifying an Availability Zone in your request or choosing ${others.join(", ")}.`;
    return ec2Error("InsufficientInstanceCapacity", `We currently do not have sufficient ${pool.instanceType} capacity in the Availability Zone you requested (${pool.zone}). Our system will be working on provisioning additional capacity.${advice}`);
  }

  take(pool: Pool, lifecycle: Lifecycle): void {
    pool.used[lifecycle]++;
  }

  release(pool: Pool, lifecycle: Lifecycle): void {
    pool.used[lifecycle]--;
  }
}

/** `0.0317`, as EC2 writes prices in messages. */
const priceText = (price: number): string => String(Math.round(price * 1e6) / 1e6);

/** `0.031700`, as EC2 writes prices in answers. */
export const priceField = (price: number): string => price.toFixed(6);

const applies = (match: PoolMatch, pool: Pool): boolean =>
  (match.instanceType === undefined || match.instanceType === pool.instanceType) && (match.zone === undefined || match.zone === pool.zone);
