/**
 * Launching: what RunInstances, CreateFleet and fulfilled Spot requests have in common, from a resolved plan to a pending
 * instance. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/LaunchingAndUsingInstances.html
 */
import type { AwsError } from "../../core/types";
import type { Lifecycle } from "./capacity";
import type { Ec2Core } from "./core";
import { ec2Error } from "./errors";
import { Instance } from "./instance";
import { exposeToChance } from "./interruption";
import type { LaunchPlan } from "./launch-data";
import { metadataOf } from "./metadata-view";
import type { Subnet } from "./network";
import { setSpotStatus, type SpotRequest } from "./spot-request";
import { checkMetadataTagKeys } from "./tags";
import type { LaunchTemplate, TemplateVersion } from "./templates";

/** What a launch belongs to. */
export interface LaunchContext {
  reservationId: string;
  clientToken?: string;
  template?: { template: LaunchTemplate; version: TemplateVersion };
  fleetId?: string;
  /** A Spot request that waits for this instance; without one, a Spot launch makes its own. */
  spotRequest?: SpotRequest;
}

export const lifecycleOf = (plan: LaunchPlan): Lifecycle => (plan.spot ? "spot" : "on-demand");
export const newReservationId = (core: Ec2Core): string => `r-${core.random.hex(17)}`;

/** The highest price that a Spot launch pays, US dollars an hour: by default the On-Demand price. */
const maxPriceOf = (plan: LaunchPlan): number => plan.spot?.maxPrice ?? plan.type.onDemandPrice;

/** Why one more instance cannot be launched there; undefined when it can. */
export function launchRefusal(core: Ec2Core, plan: LaunchPlan, subnet: Subnet): AwsError | undefined {
  const lifecycle = lifecycleOf(plan);
  return requestRefusal(core, plan, 1) ?? core.capacity.refusal(core.capacity.pool(plan.type.name, subnet.zone), lifecycle, maxPriceOf(plan));
}

/** Why so many more instances may not be asked for, wherever there is capacity; undefined when they may. */
export function requestRefusal(core: Ec2Core, plan: LaunchPlan, count: number): AwsError | undefined {
  const lifecycle = lifecycleOf(plan);
  if (lifecycle === "spot" && !core.settings.spotServiceLinkedRole) {
    return ec2Error("AuthFailure.ServiceLinkedRoleCreationNotPermitted", "The provided credentials do not have permission to create the service-linked role for EC2 Spot Instances.");
  }
  return quotaRefusal(core, plan, lifecycle, count);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html#ec2-on-demand-instances-limits, …/using-spot-limits.html */
function quotaRefusal(core: Ec2Core, plan: LaunchPlan, lifecycle: Lifecycle, count: number): AwsError | undefined {
  const limit = lifecycle === "spot" ? core.settings.spotVcpuLimit : core.settings.onDemandVcpuLimit;
  if (limit === Infinity) return undefined;
  let used = count * plan.type.vcpus;
  for (const instance of core.instances.values()) {
    if (instance.lifecycle === lifecycle && instance.state !== "terminated" && instance.state !== "stopped") used += instance.plan.type.vcpus;
  }
  if (used <= limit) return undefined;
  return lifecycle === "spot"
    ? ec2Error("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded")
    : ec2Error("VcpuLimitExceeded", `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`);
}

/**
 * Launches `count` instances in one subnet, all or none.
 * @throws AwsError what `launchRefusal` gives, or bad tag keys
 */
export function launchInstances(core: Ec2Core, plan: LaunchPlan, subnet: Subnet, count: number, context: LaunchContext): Instance[] {
  if (plan.metadata.tags === "enabled") checkMetadataTagKeys(plan.instanceTags.keys());
  const pool = core.capacity.pool(plan.type.name, subnet.zone);
  const lifecycle = lifecycleOf(plan);
  const launched: Instance[] = [];
  for (let index = 0; index < count; index++) {
    const refusal = launchRefusal(core, plan, subnet);
    if (refusal) {
      for (const instance of launched) undo(core, instance);
      throw refusal;
    }
    core.capacity.take(pool, lifecycle);
    const spotRequest = lifecycle === "spot" ? context.spotRequest ?? core.requestSpot(plan) : undefined;
    const instance = new Instance(core, {
      id: `i-${core.random.hex(17)}`, reservationId: context.reservationId, plan, subnet, pool, lifecycle, launchIndex: index, metadata: (launched) => metadataOf(core, launched),
      ...(context.clientToken ? { clientToken: context.clientToken } : {}),
      ...(context.fleetId ? { fleetId: context.fleetId } : {}),
      ...(spotRequest ? { spotRequest } : {}),
    });
    core.instances.set(instance.id, instance);
    launched.push(instance);
  }
  for (const instance of launched) begin(core, instance, context);
  return launched;
}

function undo(core: Ec2Core, instance: Instance): void {
  core.instances.delete(instance.id);
  core.capacity.release(instance.pool, instance.lifecycle);
  if (instance.init.spotRequest) core.spotRequests.delete(instance.init.spotRequest.id);
}

function begin(core: Ec2Core, instance: Instance, context: LaunchContext): void {
  core.tags.put(instance.id, new Map([...instance.plan.instanceTags, ...systemTags(context)]));
  core.tags.put(instance.volumeId, instance.plan.volumeTags);
  core.tags.put(instance.interfaceId, instance.plan.interfaceTags);
  const request = instance.init.spotRequest;
  if (request) {
    request.instanceId = instance.id;
    request.zone = instance.subnet.zone;
    request.subnetId = instance.subnet.subnetId;
    setSpotStatus(core, request, "fulfilled");
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html#spot-request-fulfillment-event
    core.region.publish({
      source: "aws.ec2", "detail-type": "EC2 Spot Instance Request Fulfillment", resources: [core.arn(`instance/${instance.id}`)],
      detail: { "spot-instance-request-id": request.id, "instance-id": instance.id },
    });
  }
  instance.start();
  exposeToChance(core, instance);
}

/** Tags that EC2 itself puts on what it launches from a template or for a fleet. */
function systemTags(context: LaunchContext): Map<string, string> {
  const tags = new Map<string, string>();
  if (context.template) {
    tags.set("aws:ec2launchtemplate:id", context.template.template.id);
    tags.set("aws:ec2launchtemplate:version", String(context.template.version.number));
  }
  if (context.fleetId) tags.set("aws:ec2:fleet-id", context.fleetId);
  return tags;
}
