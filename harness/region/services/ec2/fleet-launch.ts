/**
 * The launches of a fleet of type `instant`, pool by pool in the order of its strategy: what was launched, and what was refused.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instant-fleet.html,
 * strategies: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-allocation-strategy.html
 */
import { AwsError, type CallContext } from "../../core/types";
import type { Lifecycle, Pool } from "./capacity";
import type { Ec2Core } from "./core";
import { ec2Error } from "./errors";
import type { Candidate, Market } from "./fleet-request";
import { structures, text, type Wire } from "./input";
import type { Instance } from "./instance";
import { launchInstances, launchRefusal, newReservationId, type LaunchContext } from "./launch";
import { resolveLaunch, type LaunchPlan } from "./launch-data";
import { permitFleetsLaunch, permitRunInstances } from "./launch-permissions";
import { readPrice } from "./spot-terms";

interface Launched { candidate: Candidate; lifecycle: Lifecycle; instances: Instance[] }

export class FleetLaunch {
  readonly errors: object[] = [];
  readonly launched: Launched[] = [];
  readonly fulfilled = { onDemand: 0, spot: 0 };
  private readonly withheld: boolean;

  constructor(
    private readonly core: Ec2Core,
    private readonly context: CallContext,
    private readonly fleetId: string,
    private readonly instanceTags: ReadonlyMap<string, string>,
    private readonly clientToken: string | undefined,
    private readonly candidates: readonly Candidate[],
  ) {
    this.withheld = core.faults.withholdsCapacity(context.caller, new Set(candidates.map(({ subnet }) => subnet.zone)));
  }

  /** Whether the caller may ask for a fleet of this. @throws AwsError UnauthorizedOperation */
  async permit(lifecycle: Lifecycle): Promise<void> {
    for (const candidate of this.candidates) {
      const plan = await this.plan(candidate, lifecycle);
      if (!(plan instanceof AwsError)) permitFleetsLaunch(this.core, this.context, plan, candidate.subnet);
    }
  }

  async launch(market: Market): Promise<void> {
    const { lifecycle, target, single } = market;
    const plans = new Map<Candidate, LaunchPlan | AwsError>();
    for (const candidate of this.candidates) plans.set(candidate, this.permitted(candidate, await this.plan(candidate, lifecycle)));
    let usable = this.ordered(market).filter((candidate) => !this.refusalOf(candidate, plans.get(candidate)!, lifecycle));
    for (const candidate of this.candidates) {
      const refusal = this.refusalOf(candidate, plans.get(candidate)!, lifecycle);
      if (refusal) this.errors.push(errorOut(candidate, lifecycle, refusal));
    }
    const first = usable[0];
    if (first && single.type) usable = usable.filter(({ instanceType }) => instanceType === first.instanceType);
    if (first && single.zone) usable = usable.filter(({ subnet }) => subnet.zone === first.subnet.zone);

    const chosen = this.distribute(usable, market);
    const capacity = [...chosen].reduce((sum, [candidate, count]) => sum + candidate.weight * count, 0);
    if (capacity < market.minTarget) {
      if (capacity > 0 || this.errors.length === 0) {
        const candidate = first ?? this.candidates[0]!;
        this.errors.push(errorOut(candidate, lifecycle, ec2Error("UnfulfillableCapacity", "Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.")));
      }
      return;
    }
    for (const [candidate, count] of chosen) this.start(candidate, plans.get(candidate) as LaunchPlan, lifecycle, count);
    if (capacity < target && this.errors.length === 0 && first) this.errors.push(errorOut(first, lifecycle, this.core.capacity.insufficient({ instanceType: first.instanceType, zone: first.subnet.zone }, lifecycle)));
  }

  /** How many to launch from each pool: all from the best while it lasts, or (diversified) in turn from each. */
  private distribute(usable: Candidate[], market: Market): Map<Candidate, number> {
    const chosen = new Map<Candidate, number>();
    const room = new Map(usable.map((candidate) => {
      const pool = this.pool(candidate);
      return [candidate, pool.limit[market.lifecycle] - pool.used[market.lifecycle]];
    }));
    let left = market.target;
    let turn = 0;
    const open = [...usable];
    while (left > 0 && open.length > 0) {
      const index = market.strategy === "diversified" ? turn++ % open.length : 0;
      const candidate = open[index]!;
      // Pools that are the same for EC2 (a type and zone named twice) share their room.
      const taken = usable.filter((other) => this.pool(other) === this.pool(candidate)).reduce((sum, other) => sum + (chosen.get(other) ?? 0), 0);
      if (taken >= room.get(candidate)!) {
        open.splice(index, 1);
        continue;
      }
      chosen.set(candidate, (chosen.get(candidate) ?? 0) + 1);
      left -= candidate.weight;
    }
    return chosen;
  }

  private start(candidate: Candidate, plan: LaunchPlan, lifecycle: Lifecycle, count: number): void {
    const context: LaunchContext = {
      reservationId: newReservationId(this.core), template: { template: candidate.template, version: candidate.version }, fleetId: this.fleetId,
      ...(this.clientToken ? { clientToken: this.clientToken } : {}),
    };
    try {
      const instances = launchInstances(this.core, plan, candidate.subnet, count, context);
      this.launched.push({ candidate, lifecycle, instances });
      this.fulfilled[lifecycle === "spot" ? "spot" : "onDemand"] += count * candidate.weight;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.errors.push(errorOut(candidate, lifecycle, error));
    }
  }

  /** The launches of a fleet are made in its caller's name; what is not permitted is one of the fleet's errors. */
  private permitted(candidate: Candidate, plan: LaunchPlan | AwsError): LaunchPlan | AwsError {
    if (plan instanceof AwsError) return plan;
    try {
      permitRunInstances(this.core, this.context, plan, candidate.subnet, candidate.template);
      return plan;
    } catch (error) {
      if (error instanceof AwsError) return error;
      throw error;
    }
  }

  private async plan(candidate: Candidate, lifecycle: Lifecycle): Promise<LaunchPlan | AwsError> {
    const data: Wire = { ...candidate.version.data, InstanceType: candidate.instanceType };
    const imageId = text(candidate.overrides, "ImageId");
    if (imageId) data["ImageId"] = imageId;
    const interfaces = structures(data, "NetworkInterface");
    if (interfaces[0]) data["NetworkInterface"] = [{ ...interfaces[0], SubnetId: candidate.subnet.subnetId }, ...interfaces.slice(1)];
    else data["SubnetId"] = candidate.subnet.subnetId;
    delete data["Placement"];
    try {
      const plan = await resolveLaunch(this.core, this.context, data, "CreateFleet (launch template data)");
      for (const [key, value] of this.instanceTags) plan.instanceTags.set(key, value);
      // Requests that a fleet makes cannot be tagged at launch.
      plan.spotRequestTags.clear();
      if (lifecycle === "spot") {
        const maxPrice = readPrice(candidate.overrides, "MaxPrice");
        plan.spot = maxPrice === undefined ? {} : { maxPrice };
      }
      return plan;
    } catch (error) {
      if (error instanceof AwsError) return error;
      throw error;
    }
  }

  private refusalOf(candidate: Candidate, plan: LaunchPlan | AwsError, lifecycle: Lifecycle): AwsError | undefined {
    if (plan instanceof AwsError) return plan;
    if (this.withheld) return this.core.capacity.insufficient({ instanceType: candidate.instanceType, zone: candidate.subnet.zone }, lifecycle);
    return launchRefusal(this.core, plan, candidate.subnet);
  }

  private pool(candidate: Candidate): Pool {
    return this.core.capacity.pool(candidate.instanceType, candidate.subnet.zone);
  }

  /** Candidates, the best first. Ties keep the request's order. */
  private ordered({ lifecycle, strategy }: Market): Candidate[] {
    const price = (candidate: Candidate): number => {
      const pool = this.pool(candidate);
      return (lifecycle === "spot" ? pool.spotPrice : pool.onDemandPrice) / candidate.weight;
    };
    // How deep a pool is: what is left in it. Infinity is as deep as any other.
    const depth = (candidate: Candidate): number => {
      const pool = this.pool(candidate);
      return pool.limit[lifecycle] - pool.used[lifecycle];
    };
    const deepest = (a: Candidate, b: Candidate): number => (depth(a) === depth(b) ? 0 : depth(b) - depth(a));
    const cheapest = (a: Candidate, b: Candidate): number => price(a) - price(b);
    const foremost = (a: Candidate, b: Candidate): number => (a.priority === b.priority ? 0 : a.priority - b.priority);
    const by: Readonly<Record<string, (a: Candidate, b: Candidate) => number>> = {
      "lowest-price": cheapest, diversified: () => 0, prioritized: foremost, "capacity-optimized": deepest,
      "capacity-optimized-prioritized": (a, b) => deepest(a, b) || foremost(a, b),
      "price-capacity-optimized": (a, b) => deepest(a, b) || cheapest(a, b),
    };
    return [...this.candidates].sort((a, b) => by[strategy]!(a, b) || a.order - b.order);
  }
}

const launchTemplateAndOverrides = ({ template, version, overrides }: Candidate): object => ({
  launchTemplateSpecification: { launchTemplateId: template.id, version: String(version.number) },
  overrides: {
    instanceType: text(overrides, "InstanceType"), maxPrice: text(overrides, "MaxPrice"), subnetId: text(overrides, "SubnetId"), availabilityZone: text(overrides, "AvailabilityZone"),
    weightedCapacity: text(overrides, "WeightedCapacity"), priority: text(overrides, "Priority"), imageId: text(overrides, "ImageId"),
  },
});

/** As CreateFleet answers a refusal. */
const errorOut = (candidate: Candidate, lifecycle: Lifecycle, error: AwsError): object =>
  ({ launchTemplateAndOverrides: launchTemplateAndOverrides(candidate), lifecycle, errorCode: error.code, errorMessage: error.message });

/** As CreateFleet answers a launch. */
export const launchedOut = ({ candidate, lifecycle, instances }: Launched): object => ({
  launchTemplateAndOverrides: launchTemplateAndOverrides(candidate), lifecycle, instanceIds: instances.map(({ id }) => id), instanceType: candidate.instanceType,
  availabilityZone: candidate.subnet.zone, availabilityZoneId: candidate.subnet.zoneId, subnetId: candidate.subnet.subnetId,
});
