/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/vpc */
import { filtersOf } from "../filters";
import type { ResourceType } from "../resource";

export const awsVpc: ResourceType = (args) => {
  const isDefault = args.optionalFlag("default");
  const id = args.optionalText("id");
  const filters = [...filtersOf(args), ...(isDefault === undefined ? [] : [{ Name: "is-default", Values: [String(isDefault)] }])];
  const tags = Object.entries(args.optionalMap("tags") ?? {}).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
  return async ({ call, region }) => {
    const all = [...filters, ...tags];
    const { Vpcs = [] } = await call<{ Vpcs?: { VpcId: string; CidrBlock: string; IsDefault: boolean; DhcpOptionsId: string; InstanceTenancy: string }[] }>("ec2", "DescribeVpcs", { ...(id === undefined ? {} : { VpcIds: [id] }), ...(all.length > 0 ? { Filters: all } : {}) });
    const [vpc] = Vpcs;
    if (!vpc || Vpcs.length > 1) throw args.problem(vpc ? `${Vpcs.length} VPCs match, and one is wanted` : "no VPC matches");
    const { accountId, partition, regionName } = region;
    return {
      id: vpc.VpcId, arn: `arn:${partition}:ec2:${regionName}:${accountId}:vpc/${vpc.VpcId}`, cidr_block: vpc.CidrBlock, default: vpc.IsDefault,
      dhcp_options_id: vpc.DhcpOptionsId, instance_tenancy: vpc.InstanceTenancy, owner_id: accountId, state: "available",
    };
  };
};
