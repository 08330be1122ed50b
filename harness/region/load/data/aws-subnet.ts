/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/subnet */
import { filtersOf } from "../filters";
import type { ResourceType } from "../resource";

interface Subnet { SubnetId: string; VpcId: string; CidrBlock: string; AvailabilityZone: string; AvailabilityZoneId: string; MapPublicIpOnLaunch?: boolean; DefaultForAz?: boolean }

/** Arguments that are filters, by the filter's name. */
const FILTERS: Readonly<Record<string, string>> = { vpc_id: "vpc-id", availability_zone: "availability-zone", availability_zone_id: "availability-zone-id", cidr_block: "cidr-block", default_for_az: "default-for-az", state: "state" };

export const awsSubnet: ResourceType = (args) => {
  const id = args.optionalText("id");
  const filters = filtersOf(args);
  for (const [argument, name] of Object.entries(FILTERS)) {
    const value = args.optionalText(argument);
    if (value !== undefined) filters.push({ Name: name, Values: [value] });
  }
  for (const [key, value] of Object.entries(args.optionalMap("tags") ?? {})) filters.push({ Name: `tag:${key}`, Values: [value] });
  return async ({ call, region }) => {
    const { Subnets = [] } = await call<{ Subnets?: Subnet[] }>("ec2", "DescribeSubnets", { ...(id === undefined ? {} : { SubnetIds: [id] }), ...(filters.length > 0 ? { Filters: filters } : {}) });
    const [subnet] = Subnets;
    if (!subnet || Subnets.length > 1) throw args.problem(subnet ? `${Subnets.length} subnets match, and one is wanted` : "no subnet matches");
    const { accountId, partition, regionName } = region;
    return {
      id: subnet.SubnetId, arn: `arn:${partition}:ec2:${regionName}:${accountId}:subnet/${subnet.SubnetId}`, vpc_id: subnet.VpcId, cidr_block: subnet.CidrBlock,
      availability_zone: subnet.AvailabilityZone, availability_zone_id: subnet.AvailabilityZoneId, default_for_az: subnet.DefaultForAz ?? false, map_public_ip_on_launch: subnet.MapPublicIpOnLaunch ?? false,
      owner_id: accountId, state: "available",
    };
  };
};
