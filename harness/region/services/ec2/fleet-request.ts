/**
 * What a request for a fleet asks for: pools that it may launch from, how much of each market, and by which strategy.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html
 */
import type { Lifecycle } from "./capacity";
import { INSTANCE_TYPES } from "./catalog";
import { ec2Error, invalidValue, unsupported } from "./errors";
import type { Fleet } from "./fleets";
import { flag, numeric, refuseOthers, structure, structures, text, whole, type Wire } from "./input";
import { REFUSED } from "./limits";
import type { Subnet } from "./network";
import { refuseInterruptionBehavior } from "./spot-terms";
import type { LaunchTemplate, TemplateVersion } from "./templates";
import type { Ec2World } from "./world";

const KNOWN = new Set(["ClientToken", "DryRun", "LaunchTemplateConfigs", "OnDemandOptions", "SpotOptions", "TagSpecification", "TargetCapacitySpecification", "TerminateInstancesWithExpiration", "Type", "ExcessCapacityTerminationPolicy", "ReplaceUnhealthyInstances"]);
const KNOWN_OVERRIDES = new Set(["AvailabilityZone", "ImageId", "InstanceType", "MaxPrice", "Placement", "Priority", "SubnetId", "WeightedCapacity"]);
const KNOWN_OPTIONS = new Set(["AllocationStrategy", "InstanceInterruptionBehavior", "InstancePoolsToUseCount", "MinTargetCapacity", "SingleAvailabilityZone", "SingleInstanceType", "MaxTotalPrice"]);

const SPOT_STRATEGIES = ["lowest-price", "diversified", "capacity-optimized", "capacity-optimized-prioritized", "price-capacity-optimized"];
const ON_DEMAND_STRATEGIES = ["lowest-price", "prioritized"];
const MOST_CONFIGS = 50;

/** One launch specification with one override, in one subnet: a pool that the fleet may launch from. */
export interface Candidate {
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

/** What a fleet is to launch of Spot, or of On-Demand. */
export interface Market {
  lifecycle: Lifecycle;
  target: number;
  strategy: string;
  minTarget: number;
  single: { type: boolean; zone: boolean };
}

/** @throws AwsError for what is refused of any fleet */
export function validateFleet(input: Wire): void {
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

/** What to launch of each market, On-Demand first. */
export const readMarkets = (input: Wire, capacity: Fleet["capacity"]): Market[] => [
  { lifecycle: "on-demand", target: capacity.onDemand, ...readMarket(structure(input, "OnDemandOptions"), ON_DEMAND_STRATEGIES, "lowest-price") },
  { lifecycle: "spot", target: capacity.spot, ...readMarket(structure(input, "SpotOptions"), SPOT_STRATEGIES, "lowest-price") },
];

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

export function readCapacity(specification: Wire): Fleet["capacity"] {
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
export function readCandidates(world: Ec2World, input: Wire): Candidate[] {
  const configs = structures(input, "LaunchTemplateConfigs");
  if (configs.length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter LaunchTemplateConfigs");
  if (configs.length > MOST_CONFIGS) throw ec2Error("InvalidParameterValue", `A fleet may have at most ${MOST_CONFIGS} launch template configurations.`);
  const candidates: Candidate[] = [];
  for (const config of configs) {
    const specification = structure(config, "LaunchTemplateSpecification");
    const template = world.templates.find(specification);
    const versionText = text(specification, "Version");
    if (!versionText) throw ec2Error("MissingParameter", "The request must contain the parameter LaunchTemplateConfigs.LaunchTemplateSpecification.Version");
    const version = world.templates.version(template, versionText);
    if (text(structure(version.data, "InstanceMarketOptions"), "MarketType")) throw unsupported(REFUSED.fleetTemplateMarket);
    const overrides = structures(config, "Overrides");
    for (const override of overrides.length > 0 ? overrides : [{}]) {
      refuseOthers(override, KNOWN_OVERRIDES, "CreateFleet (Overrides)");
      const instanceType = text(override, "InstanceType") ?? text(version.data, "InstanceType");
      if (!instanceType) throw ec2Error("InvalidFleetConfig", "The fleet configuration has no instance type: neither the launch template nor its overrides have one.");
      if (!INSTANCE_TYPES.has(instanceType)) throw ec2Error("InvalidFleetConfig", `Invalid: Parameter: InstanceTypes. Unsupported instancetypes specified in the request: ${instanceType}`);
      for (const [subnet, one] of placements(world, override, version.data)) {
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
function placements(world: Ec2World, override: Wire, data: Wire): [Subnet, Wire][] {
  const subnetIds = text(override, "SubnetId")?.split(",").map((id) => id.trim());
  if (subnetIds) return subnetIds.map((subnetId) => [world.network.subnet(subnetId), { ...override, SubnetId: subnetId }]);
  const zones = (text(override, "AvailabilityZone") ?? text(structure(override, "Placement"), "AvailabilityZone"))?.split(",").map((zone) => zone.trim());
  if (zones) return zones.map((zone) => [world.network.subnetOfZone(zone), { ...override, AvailabilityZone: zone }]);
  const inTemplate = text(structures(data, "NetworkInterface")[0] ?? {}, "SubnetId");
  if (inTemplate) return [[world.network.subnet(inTemplate), override]];
  const templateZone = text(structure(data, "Placement"), "AvailabilityZone");
  if (templateZone) return [[world.network.subnetOfZone(templateZone), override]];
  return world.network.subnets.map((subnet) => [subnet, override]);
}
