/** The world that instances are launched into: network, capacity, templates, tags, and what goes wrong in it. It knows no instance. */
import type { Gate, Microseconds, Random } from "../../../time/clock";
import type { RegionContext } from "../../core/types";
import { Capacity } from "./capacity";
import { Disruptions } from "./disruption";
import { Faults } from "./faults";
import { SecurityGroups } from "./groups";
import { Idempotency } from "./idempotency";
import { Network } from "./network";
import type { Ec2Settings } from "./settings";
import { TagStore } from "./tags";
import { LaunchTemplates } from "./templates";
import { Throttle } from "./throttling";

export class Ec2World {
  readonly random: Random;
  readonly network: Network;
  readonly capacity: Capacity;
  readonly faults: Faults;
  readonly disruptions = new Disruptions();
  readonly throttle = new Throttle(() => this.now());
  readonly tags = new TagStore();
  readonly templates: LaunchTemplates;
  readonly groups: SecurityGroups;
  readonly idempotency = new Idempotency();
  /** The region is closing: guests end without anyone's doing, and that is no failure. */
  closing = false;
  /** Opened whenever capacity, a price or what runs has changed: held Spot requests look again. */
  readonly capacityChanged: Gate;

  constructor(readonly region: RegionContext, readonly settings: Ec2Settings) {
    this.random = region.random.fork("ec2");
    this.network = new Network(this.random.fork("network"), region.zones);
    this.capacity = new Capacity(region.zones, region.clock.now());
    this.faults = new Faults(this.random.fork("faults"), new Map(region.zones.map(({ name, id }) => [name, id])));
    this.templates = new LaunchTemplates(this.random.fork("launch-templates"));
    this.groups = new SecurityGroups(this.random.fork("security-groups"), this.network.vpc.vpcId, region);
    this.capacityChanged = region.clock.gate("ec2 capacity");
  }

  now(): Microseconds {
    return this.region.clock.now();
  }

  arn(resource: string): string {
    return `arn:${this.region.partition}:ec2:${this.region.regionName}:${this.region.accountId}:${resource}`;
  }
}
