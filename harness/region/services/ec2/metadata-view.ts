/** What an instance's metadata service may know of it: the seam between ec2 and imds. */
import type { MetadataView } from "../imds";
import type { Instance } from "./instance";
import { publicName } from "./network";
import type { Ec2World } from "./world";

/** A live view: what changes (tags, notices) is looked up at each request. */
export function metadataOf(world: Ec2World, instance: Instance): MetadataView {
  const { plan, subnet } = instance;
  const { region } = world;
  return {
    instanceId: instance.id,
    instanceType: plan.type.name,
    architecture: plan.type.architecture,
    imageId: plan.image.imageId,
    reservationId: instance.init.reservationId,
    launchIndex: instance.init.launchIndex,
    launchedAt: instance.launchedAt,
    zone: subnet.zone,
    zoneId: subnet.zoneId,
    regionName: region.regionName,
    partition: region.partition,
    accountId: region.accountId,
    lifecycle: instance.lifecycle,
    privateIp: instance.privateIp,
    hostname: instance.hostname,
    ...(instance.publicIp === undefined ? {} : { publicIp: instance.publicIp, publicHostname: publicName(region.regionName, instance.publicIp) }),
    mac: instance.mac,
    interfaceId: instance.interfaceId,
    subnetId: subnet.subnetId,
    subnetCidr: subnet.cidrBlock,
    vpcId: subnet.vpcId,
    vpcCidr: world.network.vpc.cidrBlock,
    groups: plan.groupIds.map((groupId) => ({ id: groupId, name: world.groups.withId(groupId).groupName })),
    userData: plan.userDataBytes,
    detailedMonitoring: plan.detailedMonitoring,
    get options() {
      return instance.metadataOptions;
    },
    ...(plan.profile ? { profile: { arn: plan.profile.arn, id: plan.profile.id, ...(plan.profile.role ? { roleName: plan.profile.role.name } : {}) } } : {}),
    assumeRole: () => {
      const role = plan.profile?.role;
      return role && region.assumeRole(role.arn, instance.id, { service: "ec2.amazonaws.com", sourceArn: world.arn(`instance/${instance.id}`), durationSeconds: world.settings.roleSessionSeconds });
    },
    renewsRole: () => world.settings.roleSessionsRenewed,
    tags: () => world.tags.of(instance.id),
    interruptionAt: () => (instance.interruption && instance.interruption.visibleFrom <= world.now() ? instance.interruption.at : undefined),
    rebalanceAt: () => (instance.rebalance && instance.rebalance.visibleFrom <= world.now() ? instance.rebalance.at : undefined),
  };
}
