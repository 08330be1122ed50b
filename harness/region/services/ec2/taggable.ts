/** Which ids stand for something that can be tagged. */
import type { Ec2Core } from "./core";
import { ec2Error, spotRequestNotFound } from "./errors";
import { resourceTypeOf } from "./tags";

/** @throws AwsError the not-found error of that kind of resource, or InvalidID for an id of no kind */
export function taggable(core: Ec2Core, id: string): void {
  switch (resourceTypeOf(id)) {
    case "instance":
      core.instancesWithIds([id]);
      return;
    case "spot-instances-request":
      if (!core.spotRequests.has(id)) throw spotRequestNotFound(id);
      return;
    case "fleet":
      if (!core.fleets.has(id)) throw ec2Error("InvalidFleetId.NotFound", `The fleet ID '${id}' does not exist`);
      return;
    case "launch-template":
      core.templates.withId(id);
      return;
    case "security-group":
      core.groups.withId(id);
      return;
    case "subnet":
      core.network.subnet(id);
      return;
    case "vpc":
      if (id !== core.network.vpc.vpcId) throw ec2Error("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
      return;
    case "volume":
      if (![...core.instances.values()].some(({ volumeId }) => volumeId === id)) throw ec2Error("InvalidVolume.NotFound", `The volume '${id}' does not exist.`);
      return;
    case "network-interface":
      if (![...core.instances.values()].some(({ interfaceId }) => interfaceId === id)) throw ec2Error("InvalidNetworkInterfaceID.NotFound", `The networkInterface ID '${id}' does not exist`);
      return;
    default:
      throw ec2Error("InvalidID", `The ID '${id}' is not valid`);
  }
}
