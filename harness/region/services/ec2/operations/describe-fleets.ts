/** Fleets of type `instant` are described only when they are asked for by id. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFleets.html */
import { toDate } from "../../../../time/clock";
import { ec2Error } from "../errors";
import { texts } from "../input";
import { tagSet } from "../tags";
import type { Ec2Operation } from "./operation";

export const describeFleets: Ec2Operation = (core) => (input) => ({
  fleetSet: texts(input, "FleetId").map((id) => {
    const fleet = core.fleets.get(id);
    if (!fleet) throw ec2Error("InvalidFleetId.NotFound", `The fleet ID '${id}' does not exist`);
    return {
      fleetId: fleet.id, createTime: toDate(fleet.createdAt), fleetState: "active", activityStatus: fleet.errors.length > 0 ? "error" : "fulfilled", type: "instant", clientToken: fleet.clientToken,
      fulfilledCapacity: fleet.fulfilled.spot + fleet.fulfilled.onDemand, fulfilledOnDemandCapacity: fleet.fulfilled.onDemand,
      targetCapacitySpecification: {
        totalTargetCapacity: fleet.capacity.total, onDemandTargetCapacity: fleet.capacity.onDemand, spotTargetCapacity: fleet.capacity.spot, defaultTargetCapacityType: fleet.capacity.defaultType,
      },
      errorSet: fleet.errors, fleetInstanceSet: fleet.instances, tagSet: tagSet(core.tags.of(fleet.id)),
    };
  }),
});
