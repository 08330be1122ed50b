/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
import { toDate } from "../../../../time/clock";
import type { Ec2Core } from "../core";
import { ec2Error } from "../errors";
import { filtered, type FilterFields } from "../filters";
import { texts, whole } from "../input";
import { STATE_CODES, type Instance } from "../instance";
import { paged } from "../paging";
import { reservationsOut } from "../render";
import type { Ec2Operation } from "./operation";

/** What DescribeInstances filters by. */
export const instanceFields = (core: Ec2Core): FilterFields<Instance> => ({
  "architecture": ({ plan }) => plan.type.architecture,
  "availability-zone": ({ subnet }) => subnet.zone,
  "availability-zone-id": ({ subnet }) => subnet.zoneId,
  "client-token": ({ init }) => init.clientToken,
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
  "ip-address": () => undefined,
  "key-name": ({ plan }) => plan.keyName,
  "launch-index": ({ init }) => init.launchIndex,
  "launch-time": ({ launchedAt }) => toDate(launchedAt).toISOString(),
  "metadata-options.http-endpoint": ({ plan }) => plan.metadata.httpEndpoint,
  "metadata-options.http-tokens": ({ plan }) => plan.metadata.httpTokens,
  "metadata-options.http-put-response-hop-limit": ({ plan }) => plan.metadata.hopLimit,
  "metadata-options.instance-metadata-tags": ({ plan }) => plan.metadata.tags,
  "monitoring-state": ({ plan }) => (plan.detailedMonitoring ? "enabled" : "disabled"),
  "owner-id": () => core.region.accountId,
  "private-dns-name": ({ hostname }) => hostname,
  "private-ip-address": ({ privateIp }) => privateIp,
  "reason": ({ transitionReason }) => transitionReason || undefined,
  "reservation-id": ({ init }) => init.reservationId,
  "root-device-type": () => "ebs",
  "spot-instance-request-id": ({ init }) => init.spotRequest?.id,
  "state-reason-code": ({ stateReason }) => stateReason?.code,
  "state-reason-message": ({ stateReason }) => stateReason?.message,
  "subnet-id": ({ subnet }) => subnet.subnetId,
  "tenancy": () => "default",
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
