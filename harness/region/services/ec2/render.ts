/** Instances and Spot requests as answers have them, in wire names. */
import { toDate } from "../../../time/clock";
import { priceField } from "./capacity";
import type { Ec2Core } from "./core";
import { STATE_CODES, type Instance, type StateName } from "./instance";
import { publicName } from "./network";
import type { SpotRequest } from "./spot-request";
import { tagSet } from "./tags";

export const stateOut = (state: StateName): { code: number; name: StateName } => ({ code: STATE_CODES[state], name: state });

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html */
function instanceOut(core: Ec2Core, instance: Instance): object {
  const { plan, subnet } = instance;
  const gone = instance.state === "terminated";
  const groups = groupSet(core, plan.groupIds);
  const attachedAt = toDate(instance.launchedAt);
  return {
    instanceId: instance.id,
    imageId: plan.image.imageId,
    instanceState: stateOut(instance.state),
    privateDnsName: gone ? "" : instance.hostname,
    dnsName: instance.publicIp === undefined ? "" : publicName(core.region.regionName, instance.publicIp),
    ipAddress: instance.publicIp,
    reason: instance.transitionReason,
    keyName: plan.keyName,
    amiLaunchIndex: instance.init.launchIndex,
    productCodes: [],
    instanceType: plan.type.name,
    launchTime: attachedAt,
    placement: { availabilityZone: subnet.zone, availabilityZoneId: subnet.zoneId, groupName: "", tenancy: "default" },
    monitoring: { state: plan.detailedMonitoring ? "enabled" : "disabled" },
    ...(gone ? {} : { subnetId: subnet.subnetId, vpcId: subnet.vpcId, privateIpAddress: instance.privateIp }),
    stateReason: instance.stateReason,
    architecture: plan.type.architecture,
    rootDeviceType: "ebs",
    rootDeviceName: "/dev/xvda",
    blockDeviceMapping: gone ? [] : [{ deviceName: "/dev/xvda", ebs: { volumeId: instance.volumeId, status: "attached", attachTime: attachedAt, deleteOnTermination: true } }],
    virtualizationType: "hvm",
    clientToken: instance.init.clientToken ?? "",
    tagSet: tagSet(core.tags.of(instance.id)),
    hypervisor: "xen",
    ...(gone ? {} : { networkInterfaceSet: [networkInterfaceOut(core, instance, groups)], groupSet: groups }),
    iamInstanceProfile: plan.profile && { arn: plan.profile.arn, id: plan.profile.id },
    ebsOptimized: plan.ebsOptimized,
    enaSupport: true,
    sourceDestCheck: gone ? undefined : true,
    instanceLifecycle: instance.lifecycle === "spot" ? "spot" : undefined,
    spotInstanceRequestId: instance.init.spotRequest?.id,
    cpuOptions: { coreCount: Math.max(1, plan.type.vcpus / 2), threadsPerCore: plan.type.architecture === "arm64" || plan.type.vcpus === 1 ? 1 : 2 },
    capacityReservationSpecification: { capacityReservationPreference: "open" },
    hibernationOptions: { configured: false },
    metadataOptions: metadataOptionsOut(instance),
    enclaveOptions: { enabled: false },
    bootMode: "uefi-preferred",
    platformDetails: "Linux/UNIX",
    usageOperation: "RunInstances",
    usageOperationUpdateTime: attachedAt,
    privateDnsNameOptions: { hostnameType: "ip-name", enableResourceNameDnsARecord: false, enableResourceNameDnsAAAARecord: false },
    maintenanceOptions: { autoRecovery: "default" },
    currentInstanceBootMode: "uefi",
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsResponse.html */
export const metadataOptionsOut = ({ state, metadataOptions: { httpTokens, hopLimit, httpEndpoint, tags } }: Instance): object => ({
  state: state === "pending" ? "pending" : "applied", httpTokens, httpPutResponseHopLimit: hopLimit, httpEndpoint, httpProtocolIpv6: "disabled", instanceMetadataTags: tags,
});

function networkInterfaceOut(core: Ec2Core, instance: Instance, groups: object[]): object {
  const { subnet } = instance;
  const { publicIp } = instance;
  const names = {
    privateDnsName: instance.hostname, privateIpAddress: instance.privateIp,
    ...(publicIp === undefined ? {} : { association: { publicIp, publicDnsName: publicName(core.region.regionName, publicIp), ipOwnerId: "amazon" } }),
  };
  return {
    networkInterfaceId: instance.interfaceId, subnetId: subnet.subnetId, vpcId: subnet.vpcId, description: "", ownerId: core.region.accountId, status: "in-use",
    macAddress: instance.mac, ...names, sourceDestCheck: true, groupSet: groups, interfaceType: "interface",
    attachment: { attachmentId: `eni-attach-${instance.interfaceId.slice(4)}`, deviceIndex: 0, status: "attached", attachTime: toDate(instance.launchedAt), deleteOnTermination: true, networkCardIndex: 0 },
    privateIpAddressesSet: [{ ...names, primary: true }],
  };
}

export const groupSet = (core: Ec2Core, groupIds: readonly string[]): { groupId: string; groupName: string }[] =>
  groupIds.flatMap((groupId) => core.groups.all().filter((group) => group.groupId === groupId)).map(({ groupId, groupName }) => ({ groupId, groupName }));

/** Instances by reservation, each in order of launch. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Reservation.html */
export function reservationsOut(core: Ec2Core, instances: readonly Instance[]): object[] {
  const byReservation = new Map<string, Instance[]>();
  for (const instance of instances) {
    const { reservationId } = instance.init;
    const together = byReservation.get(reservationId);
    if (together) together.push(instance);
    else byReservation.set(reservationId, [instance]);
  }
  return [...byReservation].map(([reservationId, together]) => reservationOut(core, reservationId, together));
}

export const reservationOut = (core: Ec2Core, reservationId: string, instances: readonly Instance[]): object => ({
  reservationId, ownerId: core.region.accountId, groupSet: [], instancesSet: instances.map((instance) => instanceOut(core, instance)),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SpotInstanceRequest.html */
export function spotRequestOut(core: Ec2Core, request: SpotRequest): object {
  const { plan } = request;
  const subnet = request.subnetId ? core.network.subnet(request.subnetId) : plan.subnets.length === 1 ? plan.subnets[0] : undefined;
  return {
    spotInstanceRequestId: request.id,
    spotPrice: priceField(request.maxPrice),
    type: "one-time",
    state: request.state,
    status: { code: request.status.code, message: request.status.message, updateTime: toDate(request.status.at) },
    createTime: toDate(request.createdAt),
    validFrom: request.validFrom,
    validUntil: request.validUntil,
    instanceId: request.instanceId,
    launchedAvailabilityZone: request.instanceId ? request.zone : undefined,
    launchedAvailabilityZoneId: request.instanceId ? subnet?.zoneId : undefined,
    launchSpecification: {
      imageId: plan.image.imageId, instanceType: plan.type.name, keyName: plan.keyName, groupSet: groupSet(core, plan.groupIds),
      ...(subnet ? { subnetId: subnet.subnetId, placement: { availabilityZone: subnet.zone } } : {}),
      iamInstanceProfile: plan.profile && { arn: plan.profile.arn, name: plan.profile.name }, monitoring: { enabled: plan.detailedMonitoring }, ebsOptimized: plan.ebsOptimized,
    },
    productDescription: "Linux/UNIX",
    instanceInterruptionBehavior: "terminate",
    tagSet: tagSet(core.tags.of(request.id)),
  };
}
