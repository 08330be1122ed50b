/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html */
import { filtered } from "../filters";
import { texts } from "../input";
import { SUBNET_ADDRESSES } from "../network";
import { paged } from "../paging";
import { tagSet } from "../tags";
import type { Ec2Operation } from "./operation";

export const describeSubnets: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "SubnetId");
  const asked = ids.length > 0 ? ids.map((id) => core.network.subnet(id)) : [...core.network.subnets];
  const matching = filtered(asked, input, {
    "availability-zone": ({ zone }) => zone, "availability-zone-id": ({ zoneId }) => zoneId, "available-ip-address-count": ({ used }) => SUBNET_ADDRESSES - used,
    "cidr-block": ({ cidrBlock }) => cidrBlock, "default-for-az": () => true, "map-public-ip-on-launch": () => true, "owner-id": () => core.region.accountId,
    "state": () => "available", "subnet-id": ({ subnetId }) => subnetId, "vpc-id": ({ vpcId }) => vpcId,
  }, ({ subnetId }) => core.tags.of(subnetId));
  const { items, nextToken } = paged(matching, input, ({ subnetId }) => subnetId);
  return {
    subnetSet: items.map((subnet) => ({
      subnetId: subnet.subnetId, subnetArn: core.arn(`subnet/${subnet.subnetId}`), state: "available", vpcId: subnet.vpcId, ownerId: core.region.accountId,
      cidrBlock: subnet.cidrBlock, availableIpAddressCount: SUBNET_ADDRESSES - subnet.used, availabilityZone: subnet.zone, availabilityZoneId: subnet.zoneId,
      defaultForAz: true, mapPublicIpOnLaunch: true, assignIpv6AddressOnCreation: false, ipv6CidrBlockAssociationSet: [], enableDns64: false, ipv6Native: false,
      tagSet: tagSet(core.tags.of(subnet.subnetId)),
    })),
    nextToken,
  };
};
