/**
 * EC2 as far as running, interrupting and finding Spot Instances goes: launch templates, fleets, instances as actors on the
 * clock with their guests, Spot requests, capacity as a model, tags, the default network.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Welcome.html
 *
 * - `world.ts` what it launches into: `catalog.ts`, `images.ts`, `network.ts`, `capacity.ts`; `core.ts` that, and what was launched
 * - `launch-data.ts` (a request, resolved) -> `launch.ts` -> `instance.ts` (a machine's life), `spot-request.ts`, `interruption.ts`
 * - `operations/` one API operation a file; `input.ts`, `filters.ts`, `paging.ts`, `tags.ts`, `idempotency.ts` what they share
 */
import type { Operation, RegionContext, Service } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { ec2QueryService } from "../../wire/ec2-query";
import type { Pool, PoolMatch, PoolSettings } from "./capacity";
import { Ec2Core } from "./core";
import { ec2Error } from "./errors";
import type { Scope } from "./disruption";
import type { ApiFault, CapacityFault } from "./faults";
import { refuseDryRun } from "./dry-run";
import { authorizationKeys } from "./authorization-keys";
import type { Wire } from "./input";
import type { Instance } from "./instance";
import { interrupt, recommendRebalance, reclaim, type InterruptOptions } from "./interruption";
import { REFUSED_MEMBERS } from "./limits";
import { machines, type Machine } from "./machine";
import { EC2_OPERATIONS } from "./operations";
import { DEFAULT_EC2_SETTINGS, type Ec2Settings } from "./settings";
import { resourceTypeOf } from "./tags";

export type { Ec2Settings, NoticeDelivery } from "./settings";
export type { Machine } from "./machine";
export type { InterruptOptions } from "./interruption";
export type { PoolMatch, PoolSettings } from "./capacity";

/** EC2, with what no API offers: faults, capacity and the machines themselves. */
export interface Ec2Service extends Service {
  /** May be changed at any time. */
  readonly settings: Ec2Settings;
  /** Interrupts a Spot Instance. @throws AwsError InvalidInstanceID.NotFound, IncorrectInstanceState, UnsupportedOperation (not Spot) */
  interrupt(instanceId: string, options: InterruptOptions): void;
  /** A rebalance recommendation, without an interruption. @throws AwsError InvalidInstanceID.NotFound, UnsupportedOperation (not Spot) */
  recommendRebalance(instanceId: string): void;
  /** The machine stands still until `resume`. Ended meanwhile, it stays `shutting-down` until then, at most `settings.stuckSeconds`. @throws AwsError InvalidInstanceID.NotFound */
  suspend(instanceId: string): void;
  resume(instanceId: string): void;
  /** What the guest's units wrote; empty before it boots. @throws AwsError InvalidInstanceID.NotFound */
  guestConsole(instanceId: string): string;
  /**
   * Capacity and prices of pools; what no longer fits is reclaimed, and held Spot requests look again.
   * @returns a function that takes the change back
   */
  configurePools(match: PoolMatch, settings: PoolSettings): () => void;
  /** Gives the VPC an id that a configuration can name. */
  nameVpc(vpcId: string): void;
  /** The pool of a type in a zone (by name). @throws AwsError InvalidParameterValue */
  pool(instanceType: string, zone: string): Readonly<Pool>;
  /** The instances whose operating system runs now. */
  machines(): Machine[];
  /** Faults in the calls of roles; the function returned lifts the fault. */
  injectInsufficientCapacity(fault: CapacityFault): () => void;
  injectApiErrors(fault: ApiFault): () => void;
  /** Network ACLs that deny the traffic of subnets; the function returned lifts them. */
  disruptConnectivity(subnetIds: readonly string[], scope: Scope): () => void;
}

/** Makes the region's EC2. */
export function createEc2Service(region: RegionContext, settings: Partial<Ec2Settings> = {}): Ec2Service {
  const core = new Ec2Core(region, { ...DEFAULT_EC2_SETTINGS, ...settings, notices: { ...DEFAULT_EC2_SETTINGS.notices, ...settings.notices } });
  const operations: Record<string, Operation> = {};
  for (const [name, create] of Object.entries(EC2_OPERATIONS)) operations[name] = create(core);
  for (const [name, run] of Object.entries(refusingMembers(operations, REFUSED_MEMBERS, (message) => ec2Error("UnsupportedOperation", message)))) operations[name] = guarded(core, name, run);

  const instance = (instanceId: string): Instance => {
    const found = core.instances.get(instanceId);
    if (!found) throw ec2Error("InvalidInstanceID.NotFound", `The instance ID '${instanceId}' does not exist`);
    return found;
  };
  const service = ec2QueryService({
    name: "ec2", signingName: "ec2", operations, region,
    close: async () => {
      core.closing = true;
      await Promise.all([...core.instances.values()].map((each) => each.closeListener()));
    },
  });
  return Object.assign(service, {
    settings: core.settings,
    nameVpc(vpcId: string) {
      core.network.rename(vpcId);
      core.groups.rename(vpcId);
    },
    resourceType: resourceTypeOf,
    tagsOf: (id: string) => core.tags.of(id),
    authorizationKeys: (id: string) => authorizationKeys(core, id),
    launchTemplateId: (name: string) => core.templates.all().find((template) => template.name === name)?.id,
    interrupt: (instanceId: string, options: InterruptOptions) => interrupt(core, instance(instanceId), options),
    recommendRebalance: (instanceId: string) => recommendRebalance(core, instance(instanceId)),
    suspend: (instanceId: string) => instance(instanceId).suspend(),
    resume: (instanceId: string) => instance(instanceId).resume(),
    guestConsole: (instanceId: string) => instance(instanceId).console(),
    configurePools(match: PoolMatch, pools: PoolSettings) {
      const lift = core.capacity.configure(match, pools, core.now());
      const follow = (): void => {
        reclaim(core);
        core.capacityChanged.open();
      };
      follow();
      return () => {
        lift(core.now());
        follow();
      };
    },
    pool: (instanceType: string, zone: string) => core.capacity.pool(instanceType, zone),
    machines: () => machines(core),
    injectInsufficientCapacity: (fault: CapacityFault) => core.faults.injectInsufficientCapacity(fault),
    injectApiErrors: (fault: ApiFault) => core.faults.injectApiErrors(fault),
    disruptConnectivity: (subnetIds: readonly string[], scope: Scope) => core.disruptions.deny(subnetIds, scope),
  });
}

const LAUNCHES: ReadonlySet<string> = new Set(["RunInstances", "CreateFleet", "RequestSpotInstances"]);

/** What holds for every operation: request limits, faults injected into the caller's calls, and DryRun, which does nothing but say so. */
function guarded(core: Ec2Core, name: string, run: Operation<Wire>): Operation<Wire> {
  return (input, context) => {
    if (core.settings.apiThrottling) core.throttle.check(name, input);
    core.faults.checkCall(context.caller, name);
    // A launch is permitted once it is resolved, and asks for itself.
    if (!LAUNCHES.has(name)) refuseDryRun(input);
    return run(input, context);
  };
}
