/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/availability_zones */
import { filtersOf } from "../filters";
import type { ResourceType } from "../resource";

export const awsAvailabilityZones: ResourceType = (args) => {
  const state = args.optionalText("state");
  const filters = filtersOf(args);
  const excluded = { names: args.texts("exclude_names"), ids: args.texts("exclude_zone_ids") };
  const all = args.optionalFlag("all_availability_zones");
  return async ({ call, region }) => {
    const { AvailabilityZones = [] } = await call<{ AvailabilityZones?: { ZoneName: string; ZoneId: string; GroupName?: string }[] }>("ec2", "DescribeAvailabilityZones", {
      ...(all === undefined ? {} : { AllAvailabilityZones: all }), Filters: [...filters, ...(state === undefined ? [] : [{ Name: "state", Values: [state] }])],
    });
    const zones = AvailabilityZones.filter(({ ZoneName, ZoneId }) => !excluded.names.includes(ZoneName) && !excluded.ids.includes(ZoneId)).sort((a, b) => (a.ZoneName < b.ZoneName ? -1 : 1));
    return {
      id: region.regionName, names: zones.map(({ ZoneName }) => ZoneName), zone_ids: zones.map(({ ZoneId }) => ZoneId),
      group_names: [...new Set(zones.flatMap(({ GroupName }) => (GroupName ? [GroupName] : [])))],
    };
  };
};
