/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html */
import { ec2Error } from "../errors";
import { filtered } from "../filters";
import { texts } from "../input";
import { tagSet } from "../tags";
import type { Ec2Operation } from "./operation";

export const describeVpcs: Ec2Operation = (core) => (input) => {
  const { vpc } = core.network;
  for (const id of texts(input, "VpcId")) if (id !== vpc.vpcId) throw ec2Error("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
  const matching = filtered([vpc], input, {
    "cidr": ({ cidrBlock }) => cidrBlock, "cidr-block-association.cidr-block": ({ cidrBlock }) => cidrBlock, "dhcp-options-id": ({ dhcpOptionsId }) => dhcpOptionsId,
    "is-default": () => true, "isDefault": () => true, "owner-id": () => core.region.accountId, "state": () => "available", "vpc-id": ({ vpcId }) => vpcId,
  }, ({ vpcId }) => core.tags.of(vpcId));
  return {
    vpcSet: matching.map(({ vpcId, cidrBlock, dhcpOptionsId }) => ({
      vpcId, cidrBlock, dhcpOptionsId, ownerId: core.region.accountId, state: "available", instanceTenancy: "default", isDefault: true,
      cidrBlockAssociationSet: [{ associationId: `vpc-cidr-assoc-${vpcId.slice(4)}`, cidrBlock, cidrBlockState: { state: "associated" } }], tagSet: tagSet(core.tags.of(vpcId)),
    })),
  };
};
