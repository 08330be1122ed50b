/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/subnets */
import { filtersOf } from "../filters";
import type { ResourceType } from "../resource";

export const awsSubnets: ResourceType = (args) => {
  const filters = [...filtersOf(args), ...Object.entries(args.optionalMap("tags") ?? {}).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }))];
  return async ({ call, region }) => {
    const { Subnets = [] } = await call<{ Subnets?: { SubnetId: string }[] }>("ec2", "DescribeSubnets", filters.length > 0 ? { Filters: filters } : {});
    return { id: region.regionName, ids: Subnets.map(({ SubnetId }) => SubnetId) };
  };
};
