/** What EC2 holds: its resources, its capacity, its settings. Operations are functions over this. */
import type { Microseconds, Random } from "../../../time/clock";
import { seconds } from "../../../time/clock";
import type { RegionContext } from "../../core/types";
import { Capacity } from "./capacity";
import { ec2Error, instancesNotFound } from "./errors";
import { Disruptions } from "./disruption";
import { Faults } from "./faults";
import type { Fleet } from "./fleets";
import { SecurityGroups } from "./groups";
import { Idempotency } from "./idempotency";
import type { Instance } from "./instance";
import { Network } from "./network";
import type { SpotRequest } from "./spot-request";
import { TagStore } from "./tags";
import { LaunchTemplates } from "./templates";
import { Throttle } from "./throttling";

/** What of this EC2 can be set, beyond the region's own settings. Seconds unless said. */
export interface Ec2Settings {
  /** For how long after its launch an instance is not yet found by its id: EC2's API is eventually consistent. */
  eventualConsistencySeconds: number;
  /** From the end of the operating system until the instance is `terminated`. */
  terminateSeconds: number;
  /** For how long a terminated instance can still be described. */
  terminatedVisibleSeconds: number;
  /** From a Spot request until it has been evaluated, and again until its instance is launched (RequestSpotInstances). */
  spotEvaluationSeconds: number;
  /** Refuse image ids that are not the region's own public ones. */
  strictImages: boolean;
  /** Quota of Spot Instances, in vCPUs that run at once. */
  spotVcpuLimit: number;
  /** Quota of On-Demand Instances, in vCPUs that run at once. */
  onDemandVcpuLimit: number;
  /** Whether the account has the service-linked role AWSServiceRoleForEC2Spot (or callers may create it). */
  spotServiceLinkedRole: boolean;
  /** Notices are emitted on a best effort basis: how they arrive. */
  notices: NoticeDelivery;
  /** How many times EventBridge gets each state-change event, emitted on a best effort basis too; 0: never. */
  stateChangeEvents: number;
  /** Whether calls are throttled, by the request limits that AWS documents for an account. */
  apiThrottling: boolean;
  /** What an instance's link to S3 carries, in megabytes (10⁶ bytes) a second, one request after the other, there and back; Infinity: all at once. */
  s3MegabytesPerSecond: number;
}

/** How a Spot interruption notice or a rebalance recommendation comes to those concerned. */
export interface NoticeDelivery {
  /** Whether it appears in the instance's metadata. */
  metadata: boolean;
  /** How long after it was issued it appears there. */
  metadataDelaySeconds: number;
  /** How many times EventBridge gets the event; 0: never. */
  events: number;
  /** How long after it was issued EventBridge gets it. */
  eventDelaySeconds: number;
  /** Whether a rebalance recommendation comes along with, or before, an interruption. */
  recommendations: boolean;
}

export const DEFAULT_EC2_SETTINGS: Ec2Settings = {
  eventualConsistencySeconds: 0,
  terminateSeconds: 1,
  terminatedVisibleSeconds: 3600,
  spotEvaluationSeconds: 1,
  strictImages: false,
  spotVcpuLimit: Infinity,
  onDemandVcpuLimit: Infinity,
  spotServiceLinkedRole: true,
  notices: { metadata: true, metadataDelaySeconds: 0, events: 1, eventDelaySeconds: 0, recommendations: true },
  stateChangeEvents: 1,
  apiThrottling: false,
  s3MegabytesPerSecond: Infinity,
};

export class Ec2Core {
  readonly random: Random;
  readonly network: Network;
  readonly capacity: Capacity;
  readonly faults: Faults;
  readonly disruptions = new Disruptions(() => {
    for (const instance of this.instances.values()) instance.system?.networkChanged();
  });
  readonly throttle = new Throttle(() => this.now());
  readonly tags = new TagStore();
  readonly templates: LaunchTemplates;
  readonly groups: SecurityGroups;
  readonly idempotency = new Idempotency();
  /** In order of launch, terminated ones included. */
  readonly instances = new Map<string, Instance>();
  readonly spotRequests = new Map<string, SpotRequest>();
  readonly fleets = new Map<string, Fleet>();
  /** The region is closing: guests end without anyone's doing, and that is no failure. */
  closing = false;
  /** Opened whenever capacity, a price or what runs has changed: held Spot requests look again. */
  readonly capacityChanged;

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

  /** The instances that a Describe call can see now. */
  visibleInstances(): Instance[] {
    return [...this.instances.values()].filter((instance) => this.isVisible(instance));
  }

  /**
   * Instances by id, in the order asked for.
   * @throws AwsError InvalidInstanceID.Malformed, InvalidInstanceID.NotFound (also within the eventual-consistency time)
   */
  instancesWithIds(ids: readonly string[]): Instance[] {
    for (const id of ids) {
      if (!/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id)) throw ec2Error("InvalidInstanceID.Malformed", `Invalid id: "${id}"`);
    }
    const unique = [...new Set(ids)];
    const missing = unique.filter((id) => {
      const instance = this.instances.get(id);
      return !instance || !this.isVisible(instance);
    });
    if (missing.length > 0) throw instancesNotFound(missing);
    return unique.map((id) => this.instances.get(id)!);
  }

  private isVisible(instance: Instance): boolean {
    const now = this.now();
    if (now < instance.launchedAt + seconds(this.settings.eventualConsistencySeconds)) return false;
    return instance.terminatedAt === undefined || now < instance.terminatedAt + seconds(this.settings.terminatedVisibleSeconds);
  }
}
