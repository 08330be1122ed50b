/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html */
import { ec2Error } from "../errors";
import { filtered } from "../filters";
import { texts } from "../input";
import type { Ec2Operation } from "./operation";

export const describeAvailabilityZones: Ec2Operation = (core) => (input) => {
  const { zones, regionName } = core.region;
  const names = texts(input, "ZoneName");
  const ids = texts(input, "ZoneId");
  const unknown = names.filter((name) => !zones.some((zone) => zone.name === name)).concat(ids.filter((id) => !zones.some((zone) => zone.id === id)));
  if (unknown.length > 0) throw ec2Error("InvalidParameterValue", `Invalid availability zone: [${unknown.join(", ")}]`);
  const asked = zones.filter((zone) => (names.length === 0 && ids.length === 0) || names.includes(zone.name) || ids.includes(zone.id));
  const matching = filtered(asked, input, {
    "group-name": () => regionName, "opt-in-status": () => "opt-in-not-required", "region-name": () => regionName, "state": () => "available",
    "zone-id": ({ id }) => id, "zone-name": ({ name }) => name, "zone-type": () => "availability-zone",
  });
  return {
    availabilityZoneInfo: matching.map(({ name, id }) => ({
      optInStatus: "opt-in-not-required", messageSet: [], regionName, zoneName: name, zoneId: id, groupName: regionName, networkBorderGroup: regionName,
      zoneType: "availability-zone", zoneState: "available",
    })),
  };
};
