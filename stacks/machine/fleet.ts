/**
 * What is asked for: an instant fleet of one instance, several instance types, one place a call
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html).
 *
 * The order of pools: places (zones or subnets) in the order of the knob, beginning at one by chance, the one where an instance was
 * taken or refused last; within a place EC2 chooses among the types by price and depth. Where there is only the place that took the
 * last instance, its type is left out until every place has been asked once.
 */
import type { MachineConfig, MachineRefs } from "./config";
import { jsonata, literal, ME, type Json, type State } from "./language";
import { TAG } from "../names";

/** JSONata for the place that is asked. */
export const PLACE = "$places[$place % $count($places)]";

/** JSONata for which market is asked, `spot` or `on-demand`. Once the job goes on On-Demand, they take turns, from one round of the places to the next. */
export const MARKET = "($onDemand and $floor($tries / $count($places)) % 2 = 0 ? 'on-demand' : 'spot')";

export function fleetRequest(config: MachineConfig, refs: MachineRefs): State {
  const tags = (resource: string): Json => ({
    ResourceType: resource,
    Tags: [
      { Key: TAG.name, Value: config.name },
      { Key: TAG.job, Value: jsonata("$jobId") },
      { Key: TAG.launch, Value: jsonata("$string($launch + 1)") },
      { Key: TAG.execution, Value: jsonata(ME) },
      { Key: "Name", Value: jsonata(`${literal(`${config.name} `)} & $jobId & ' ' & $string($launch + 1)`) },
      ...Object.entries(config.tags).filter(([key]) => key !== "Name").map(([Key, Value]) => ({ Key, Value })),
    ],
  });
  const types = JSON.stringify(config.instanceTypes);
  const wanted = config.instanceTypes.length === 1 ? types : `${types}[$ != $takenType or ${PLACE} != $takenPlace or $tries >= $count($places)]`;
  const maxPrice = config.spotMaxPrice === undefined ? "" : `, "MaxPrice": ${MARKET} = 'spot' ? ${literal(String(config.spotMaxPrice))}`;
  return {
    Type: "instant",
    // Another one for each call, since each asks for something else: `place` goes on and on.
    ClientToken: jsonata(`$hash(${ME} & '/' & $string($launch + 1) & '/' & $string($place), 'SHA-256')`),
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateId: refs.launchTemplateId, Version: refs.launchTemplateVersion },
        Overrides: jsonata(`[${wanted}.{"InstanceType": $, ${literal(refs.placeKind)}: ${PLACE}${maxPrice}}]`),
      },
    ],
    TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: jsonata(MARKET) },
    SpotOptions: { AllocationStrategy: "price-capacity-optimized", InstanceInterruptionBehavior: "terminate" },
    OnDemandOptions: { AllocationStrategy: "lowest-price" },
    TagSpecifications: [tags("instance"), tags("fleet")],
  };
}
