/**
 * Cancels requests; the instances that they launched run on.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CancelSpotInstanceRequests.html
 */
import { ec2Error } from "../errors";
import { texts } from "../input";
import { setSpotStatus } from "../spot-request";
import { spotRequestsWithIds } from "./describe-spot-instance-requests";
import type { Ec2Operation } from "./operation";

export const cancelSpotInstanceRequests: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "SpotInstanceRequestId");
  if (ids.length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter SpotInstanceRequestId");
  return {
    spotInstanceRequestSet: spotRequestsWithIds(core, ids).map((request) => {
      if (request.state === "open") {
        setSpotStatus(core, request, "canceled-before-fulfillment");
        core.capacityChanged.open();
      } else if (request.state === "active") setSpotStatus(core, request, "request-canceled-and-instance-running");
      return { spotInstanceRequestId: request.id, state: request.state };
    }),
  };
};
