/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
import { toDate } from "../../../../time/clock";
import type { Ec2Core } from "../core";
import { ec2Error } from "../errors";
import { filtered, type FilterFields } from "../filters";
import { texts, whole } from "../input";
import { STATE_CODES, type Instance } from "../instance";
import { publicName } from "../network";
import { paged } from "../paging";
import { reservationsOut } from "../render";
import type { Ec2Operation } from "./operation";

/** What DescribeInstances filters by. */
const instanceFields = (core: Ec2Core): FilterFields<Instance> => ({
  "architecture": ({ plan }) => plan.type.architecture,
  "availability-zone": ({ subnet }) => subnet.zone,
  "availability-zone-id": ({ subnet }) => subnet.zoneId,
  "block-device-mapping.delete-on-termination": () => true,
  "block-device-mapping.device-name": () => "/dev/xvda",
  "block-device-mapping.status": () => "attached",
  "block-device-mapping.volume-id": ({ volumeId }) => volumeId,
  "boot-mode": () => "uefi-preferred",
  "capacity-reservation-id": () => undefined,
  "client-token": ({ init }) => init.clientToken,
  "current-instance-boot-mode": () => "uefi",
  "ebs-optimized": ({ plan }) => plan.ebsOptimized,
  "ena-support": () => true,
  "enclave-options.enabled": () => false,
  "hibernation-options.configured": () => false,
  "host-id": () => undefined,
  "hypervisor": () => "xen",
  "iam-instance-profile.arn": ({ plan }) => plan.profile?.arn,
  "iam-instance-profile.id": ({ plan }) => plan.profile?.id,
  "iam-instance-profile.name": ({ plan }) => plan.profile?.name,
  "image-id": ({ plan }) => plan.image.imageId,
  "instance-id": ({ id }) => id,
  "instance-lifecycle": ({ lifecycle }) => (lifecycle === "spot" ? "spot" : undefined),
  "instance-state-code": ({ state }) => STATE_CODES[state],
  "instance-state-name": ({ state }) => state,
  "instance-type": ({ plan }) => plan.type.name,
  "instance.group-id": ({ plan }) => plan.groupIds,
  "instance.group-name": ({ plan }) => core.groups.all().filter(({ groupId }) => plan.groupIds.includes(groupId)).map(({ groupName }) => groupName),
  "ip-address": ({ publicIp }) => publicIp,
  "dns-name": ({ publicIp }) => publicIp && publicName(core.region.regionName, publicIp),
  "key-name": ({ plan }) => plan.keyName,
  "launch-index": ({ init }) => init.launchIndex,
  "launch-time": ({ launchedAt }) => toDate(launchedAt).toISOString(),
  "metadata-options.http-endpoint": ({ metadataOptions }) => metadataOptions.httpEndpoint,
  "metadata-options.http-tokens": ({ metadataOptions }) => metadataOptions.httpTokens,
  "metadata-options.http-put-response-hop-limit": ({ metadataOptions }) => metadataOptions.hopLimit,
  "metadata-options.instance-metadata-tags": ({ metadataOptions }) => metadataOptions.tags,
  "metadata-options.http-protocol-ipv6": () => "disabled",
  "metadata-options.state": ({ state }) => (state === "pending" ? "pending" : "applied"),
  "monitoring-state": ({ plan }) => (plan.detailedMonitoring ? "enabled" : "disabled"),
  "network-interface.addresses.association.public-ip": ({ publicIp }) => publicIp,
  "network-interface.addresses.private-ip-address": ({ privateIp }) => privateIp,
  "network-interface.availability-zone": ({ subnet }) => subnet.zone,
  "network-interface.group-id": ({ plan }) => plan.groupIds,
  "network-interface.mac-address": ({ mac }) => mac,
  "network-interface.network-interface-id": ({ interfaceId }) => interfaceId,
  "network-interface.subnet-id": ({ subnet }) => subnet.subnetId,
  "network-interface.vpc-id": ({ subnet }) => subnet.vpcId,
  "owner-id": () => core.region.accountId,
  "placement-group-name": () => undefined,
  "platform": () => undefined,
  "platform-details": () => "Linux/UNIX",
  "private-dns-name": ({ hostname }) => hostname,
  "private-ip-address": ({ privateIp }) => privateIp,
  "reason": ({ transitionReason }) => transitionReason || undefined,
  "reservation-id": ({ init }) => init.reservationId,
  "root-device-name": () => "/dev/xvda",
  "root-device-type": () => "ebs",
  "source-dest-check": () => true,
  "spot-instance-request-id": ({ init }) => init.spotRequest?.id,
  "state-reason-code": ({ stateReason }) => stateReason?.code,
  "state-reason-message": ({ stateReason }) => stateReason?.message,
  "subnet-id": ({ subnet }) => subnet.subnetId,
  "tenancy": () => "default",
  "usage-operation": () => "RunInstances",
  "virtualization-type": () => "hvm",
  "vpc-id": ({ subnet }) => subnet.vpcId,
});

export const describeInstances: Ec2Operation = (core) => {
  const fields = instanceFields(core);
  return (input) => {
    const ids = texts(input, "InstanceId");
    if (ids.length > 0 && whole(input, "MaxResults") !== undefined) {
      throw ec2Error("InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults");
    }
    const asked = ids.length > 0 ? core.instancesWithIds(ids) : core.visibleInstances();
    const { items, nextToken } = paged(filtered(asked, input, fields, ({ id }) => core.tags.of(id)), input, ({ id }) => id);
    return { reservationSet: reservationsOut(core, items), nextToken };
  };
};
