/**
 * CreateFleet, type `instant`: instances are launched at once, pool by pool in the order of the allocation strategy; what
 * could not be launched is in `errorSet`, beside what could. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instant-fleet.html,
 * strategies: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-allocation-strategy.html
 */
import { AwsError, type CallContext } from "../../../core/types";
import type { Lifecycle, Pool } from "../capacity";
import { INSTANCE_TYPES } from "../catalog";
import type { Ec2Core } from "../core";
import { ec2Error, invalidValue, unsupported } from "../errors";
import { refuseDryRun } from "../dry-run";
import type { Fleet } from "../fleets";
import { flag, numeric, refuseOthers, structure, structures, text, whole, type Wire } from "../input";
import type { Instance } from "../instance";
import { readPrice, refuseInterruptionBehavior, resolveLaunch, type LaunchPlan } from "../launch-data";
import { permitFleet, permitFleetsLaunch, permitRunInstances } from "../launch-permissions";
import { launchInstances, launchRefusal, newReservationId, type LaunchContext } from "../launch";
import { REFUSED } from "../limits";
import type { Subnet } from "../network";
import { readTagSpecifications } from "../tags";
import type { LaunchTemplate, TemplateVersion } from "../templates";
import type { Ec2Operation } from "./operation";

const KNOWN = new Set(["ClientToken", "DryRun", "LaunchTemplateConfigs", "OnDemandOptions", "SpotOptions", "TagSpecification", "TargetCapacitySpecification", "TerminateInstancesWithExpiration", "Type", "ExcessCapacityTerminationPolicy", "ReplaceUnhealthyInstances"]);
const KNOWN_OVERRIDES = new Set(["AvailabilityZone", "ImageId", "InstanceType", "MaxPrice", "Placement", "Priority", "SubnetId", "WeightedCapacity"]);
const KNOWN_OPTIONS = new Set(["AllocationStrategy", "InstanceInterruptionBehavior", "InstancePoolsToUseCount", "MinTargetCapacity", "SingleAvailabilityZone", "SingleInstanceType", "MaxTotalPrice"]);

const SPOT_STRATEGIES = ["lowest-price", "diversified", "capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"];
const ON_DEMAND_STRATEGIES = ["lowest-price", "prioritized"];
const MOST_CONFIGS = 50;

/** One launch specification with one override, in one subnet: a pool that the fleet may launch from. */
interface Candidate {
  template: LaunchTemplate;
  version: TemplateVersion;
  overrides: Wire;
  instanceType: string;
  subnet: Subnet;
  weight: number;
  priority: number;
  /** Position in the request, which settles ties. */
  order: number;
}

interface Launched { candidate: Candidate; lifecycle: Lifecycle; instances: Instance[] }

interface Market {
  lifecycle: Lifecycle;
  target: number;
  strategy: string;
  minTarget: number;
  single: { type: boolean; zone: boolean };
}

export const createFleet: Ec2Operation = (core) => (input, context) => {
  validate(input);
  return core.idempotency.once("CreateFleet", text(input, "ClientToken"), input, () => create(core, input, context));
};

function validate(input: Wire): void {
  const type = text(input, "Type") || "maintain";
  if (!["instant", "maintain", "request"].includes(type)) throw invalidValue(type, "type");
  if (type !== "instant") throw unsupported(REFUSED.fleetTypes, type);
  refuseOthers(input, KNOWN, "CreateFleet");
  refuseOthers(structure(input, "SpotOptions"), KNOWN_OPTIONS, "CreateFleet (SpotOptions)");
  refuseOthers(structure(input, "OnDemandOptions"), KNOWN_OPTIONS, "CreateFleet (OnDemandOptions)");
  refuseInterruptionBehavior(structure(input, "SpotOptions"));
  for (const name of ["SpotOptions", "OnDemandOptions"]) if (text(structure(input, name), "MaxTotalPrice")) throw unsupported(REFUSED.fleetMaxTotalPrice, name);
  for (const name of ["ExcessCapacityTerminationPolicy", "ReplaceUnhealthyInstances"]) {
    const value = text(input, name);
    if (value && value !== "false") throw ec2Error("InvalidParameterCombination", `${name} is supported only for fleets of type maintain.`);
  }
}

async function create(core: Ec2Core, input: Wire, context: CallContext): Promise<object> {
  // With an instant fleet, the fleet and its instances can be tagged, nothing else.
  const tags = readTagSpecifications(input, ["fleet", "instance"]);
  const candidates = readCandidates(core, input);
  const capacity = readCapacity(structure(input, "TargetCapacitySpecification"));
  permitFleet(core, context, candidates.map(({ template }) => template), tags.get("fleet") ?? new Map());
  const fleetId = fleetIdOf(core);
  const clientToken = text(input, "ClientToken");
  const run = new FleetLaunch(core, context, fleetId, tags.get("instance") ?? new Map(), clientToken, candidates);
  const markets: Market[] = [
    { lifecycle: "on-demand", target: capacity.onDemand, ...readMarket(structure(input, "OnDemandOptions"), ON_DEMAND_STRATEGIES, "lowest-price") },
    { lifecycle: "spot", target: capacity.spot, ...readMarket(structure(input, "SpotOptions"), SPOT_STRATEGIES, "lowest-price") },
  ];
  await run.permit(markets.find(({ target }) => target > 0)?.lifecycle ?? "on-demand");
  refuseDryRun(input);
  for (const market of markets) if (market.target > 0) await run.launch(market);

  const fleet: Fleet = {
    id: fleetId, createdAt: core.now(), request: input, errors: run.errors, instances: run.launched.map(launchedOut), capacity, fulfilled: run.fulfilled,
    ...(clientToken ? { clientToken } : {}),
  };
  core.fleets.set(fleetId, fleet);
  core.tags.put(fleetId, tags.get("fleet") ?? new Map());
  return { fleetId, errorSet: fleet.errors, fleetInstanceSet: fleet.instances };
}

function readMarket(options: Wire, strategies: readonly string[], fallback: string): Omit<Market, "lifecycle" | "target"> {
  const given = text(options, "AllocationStrategy") || fallback;
  // The API's older spelling.
  const strategy = given === "lowestPrice" ? "lowest-price" : given === "capacityOptimized" ? "capacity-optimized" : given;
  if (!strategies.includes(strategy)) throw invalidValue(given, "allocationStrategy");
  return {
    strategy, minTarget: whole(options, "MinTargetCapacity") ?? 0,
    single: { type: flag(options, "SingleInstanceType") ?? false, zone: flag(options, "SingleAvailabilityZone") ?? false },
  };
}

function readCapacity(specification: Wire): Fleet["capacity"] {
  const total = whole(specification, "TotalTargetCapacity", 1);
  if (total === undefined) throw ec2Error("MissingParameter", "The request must contain the parameter TotalTargetCapacity");
  const unit = text(specification, "TargetCapacityUnitType");
  if (unit && unit !== "units") throw unsupported(REFUSED.fleetCapacityUnits, unit);
  const defaultType = text(specification, "DefaultTargetCapacityType") || "on-demand";
  if (!["spot", "on-demand"].includes(defaultType)) throw invalidValue(defaultType, "defaultTargetCapacityType");
  let spot = whole(specification, "SpotTargetCapacity") ?? 0;
  let onDemand = whole(specification, "OnDemandTargetCapacity") ?? 0;
  const rest = total - spot - onDemand;
  if (rest < 0) throw ec2Error("InvalidParameterValue", "The sum of OnDemandTargetCapacity and SpotTargetCapacity may not exceed TotalTargetCapacity.");
  if (defaultType === "spot") spot += rest;
  else onDemand += rest;
  return { total, onDemand, spot, defaultType };
}

/** Every override in every subnet that it allows. @throws AwsError for templates that do not exist, and for malformed overrides */
function readCandidates(core: Ec2Core, input: Wire): Candidate[] {
  const configs = structures(input, "LaunchTemplateConfigs");
  if (configs.length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter LaunchTemplateConfigs");
  if (configs.length > MOST_CONFIGS) throw ec2Error("InvalidParameterValue", `A fleet may have at most ${MOST_CONFIGS} launch template configurations.`);
  const candidates: Candidate[] = [];
  for (const config of configs) {
    const specification = structure(config, "LaunchTemplateSpecification");
    const template = core.templates.find(specification);
    const versionText = text(specification, "Version");
    if (!versionText) throw ec2Error("MissingParameter", "The request must contain the parameter LaunchTemplateConfigs.LaunchTemplateSpecification.Version");
    const version = core.templates.version(template, versionText);
    if (text(structure(version.data, "InstanceMarketOptions"), "MarketType")) throw unsupported(REFUSED.fleetTemplateMarket);
    const overrides = structures(config, "Overrides");
    for (const override of overrides.length > 0 ? overrides : [{}]) {
      refuseOthers(override, KNOWN_OVERRIDES, "CreateFleet (Overrides)");
      const instanceType = text(override, "InstanceType") ?? text(version.data, "InstanceType");
      if (!instanceType) throw ec2Error("InvalidFleetConfig", "The fleet configuration has no instance type: neither the launch template nor its overrides have one.");
      if (!INSTANCE_TYPES.has(instanceType)) throw ec2Error("InvalidFleetConfig", `Invalid: Parameter: InstanceTypes. Unsupported instancetypes specified in the request: ${instanceType}`);
      for (const [subnet, one] of placements(core, override, version.data)) {
        candidates.push({
          template, version, overrides: one, instanceType, subnet, order: candidates.length,
          weight: numeric(override, "WeightedCapacity") ?? 1, priority: numeric(override, "Priority") ?? Infinity,
        });
      }
    }
  }
  return candidates;
}

/** The subnets of an override, each with the override as it is for that subnet. Without subnet and zone: every zone. */
function placements(core: Ec2Core, override: Wire, data: Wire): [Subnet, Wire][] {
  const subnetIds = text(override, "SubnetId")?.split(",").map((id) => id.trim());
  if (subnetIds) return subnetIds.map((subnetId) => [core.network.subnet(subnetId), { ...override, SubnetId: subnetId }]);
  const zones = (text(override, "AvailabilityZone") ?? text(structure(override, "Placement"), "AvailabilityZone"))?.split(",").map((zone) => zone.trim());
  if (zones) return zones.map((zone) => [core.network.subnetOfZone(zone), { ...override, AvailabilityZone: zone }]);
  const inTemplate = text(structures(data, "NetworkInterface")[0] ?? {}, "SubnetId");
  if (inTemplate) return [[core.network.subnet(inTemplate), override]];
  const templateZone = text(structure(data, "Placement"), "AvailabilityZone");
  if (templateZone) return [[core.network.subnetOfZone(templateZone), override]];
  return core.network.subnets.map((subnet) => [subnet, override]);
}

const fleetIdOf = (core: Ec2Core): string =>
  `fleet-${[8, 4, 4, 4, 12].map((length) => core.random.hex(length)).join("-")}`;

/** The launches of one fleet: what was launched, what was refused. */
class FleetLaunch {
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

const errorOut = (candidate: Candidate, lifecycle: Lifecycle, error: AwsError): object =>
  ({ launchTemplateAndOverrides: launchTemplateAndOverrides(candidate), lifecycle, errorCode: error.code, errorMessage: error.message });

const launchedOut = ({ candidate, lifecycle, instances }: Launched): object => ({
  launchTemplateAndOverrides: launchTemplateAndOverrides(candidate), lifecycle, instanceIds: instances.map(({ id }) => id), instanceType: candidate.instanceType,
  availabilityZone: candidate.subnet.zone, availabilityZoneId: candidate.subnet.zoneId, subnetId: candidate.subnet.subnetId,
});
