/**
 * Capacity as a model: a pool for each instance type in each zone, with how many Spot and On-Demand instances it can
 * still launch and what a Spot hour costs there. EC2's errors for lack of capacity or too low a price come from it, and so do
 * reclaims: a pool whose price rises above a request's maximum, or that is made smaller than what runs in it, interrupts.
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
}

/** A Spot price when nothing else is set: a third of the On-Demand price, each zone a little dearer than the one before. */
const defaultSpotPrice = (onDemandPrice: number, zoneIndex: number): number => Math.round(onDemandPrice * (0.33 + 0.01 * zoneIndex) * 1e4) / 1e4;

export class Capacity {
  private readonly pools = new Map<string, Pool>();
  private readonly rules: { match: PoolMatch; settings: PoolSettings; time: Microseconds }[] = [];

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
        instanceType, zone, limit: { spot: Infinity, "on-demand": Infinity }, used: { spot: 0, "on-demand": 0 },
        spotPrice, onDemandPrice: type.onDemandPrice, priceHistory: [{ time: this.startedAt, price: spotPrice }],
      };
      this.pools.set(key, pool);
      for (const rule of this.rules) if (applies(rule.match, pool)) apply(pool, rule.settings, rule.time);
    }
    return pool;
  }

  /** Changes every pool that matches, those that nobody has asked for yet included. Returns the pools that exist and changed. */
  configure(match: PoolMatch, settings: PoolSettings, time: Microseconds): Pool[] {
    this.rules.push({ match, settings, time });
    const changed = [...this.pools.values()].filter((pool) => applies(match, pool));
    for (const pool of changed) apply(pool, settings, time);
    return changed;
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
export const priceText = (price: number): string => String(Math.round(price * 1e6) / 1e6);

/** `0.031700`, as EC2 writes prices in answers. */
export const priceField = (price: number): string => price.toFixed(6);

const applies = (match: PoolMatch, pool: Pool): boolean =>
  (match.instanceType === undefined || match.instanceType === pool.instanceType) && (match.zone === undefined || match.zone === pool.zone);

function apply(pool: Pool, settings: PoolSettings, time: Microseconds): void {
  if (settings.spotLimit !== undefined) pool.limit.spot = settings.spotLimit;
  if (settings.onDemandLimit !== undefined) pool.limit["on-demand"] = settings.onDemandLimit;
  if (settings.spotPrice !== undefined && settings.spotPrice !== pool.spotPrice) {
    pool.spotPrice = settings.spotPrice;
    pool.priceHistory.push({ time, price: settings.spotPrice });
  }
}
