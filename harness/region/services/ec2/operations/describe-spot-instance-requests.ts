/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotInstanceRequests.html */
import { toDate } from "../../../../time/clock";
import { priceField } from "../capacity";
import type { Ec2Core } from "../core";
import { idMalformed, spotRequestNotFound } from "../errors";
import { filtered, type FilterFields } from "../filters";
import { texts } from "../input";
import { paged } from "../paging";
import { spotRequestOut } from "../render";
import type { SpotRequest } from "../spot-request";
import type { Ec2Operation } from "./operation";

const FIELDS: FilterFields<SpotRequest> = {
  "availability-zone-group": () => undefined,
  "create-time": ({ createdAt }) => toDate(createdAt).toISOString(),
  "instance-id": ({ instanceId }) => instanceId,
  "launch.group-id": ({ plan }) => plan.groupIds,
  "launch.image-id": ({ plan }) => plan.image.imageId,
  "launch.instance-type": ({ plan }) => plan.type.name,
  "launch.key-name": ({ plan }) => plan.keyName,
  "launched-availability-zone": ({ instanceId, zone }) => (instanceId ? zone : undefined),
  "product-description": () => "Linux/UNIX",
  "spot-instance-request-id": ({ id }) => id,
  "spot-price": ({ maxPrice }) => priceField(maxPrice),
  "state": ({ state }) => state,
  "status-code": ({ status }) => status.code,
  "status-message": ({ status }) => status.message,
  "type": () => "one-time",
  "valid-from": ({ validFrom }) => validFrom?.toISOString(),
  "valid-until": ({ validUntil }) => validUntil?.toISOString(),
};

/** Requests by id. @throws AwsError InvalidSpotInstanceRequestID.Malformed, InvalidSpotInstanceRequestID.NotFound */
export function spotRequestsWithIds(core: Ec2Core, ids: readonly string[]): SpotRequest[] {
  return [...new Set(ids)].map((id) => {
    if (!/^sir-[a-z0-9]{8}$/.test(id)) throw idMalformed("InvalidSpotInstanceRequestID.Malformed", id);
    const request = core.spotRequests.get(id);
    if (!request) throw spotRequestNotFound(id);
    return request;
  });
}

export const describeSpotInstanceRequests: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "SpotInstanceRequestId");
  const asked = ids.length > 0 ? spotRequestsWithIds(core, ids) : [...core.spotRequests.values()];
  const { items, nextToken } = paged(filtered(asked, input, FIELDS, ({ id }) => core.tags.of(id)), input, ({ id }) => id);
  return { spotInstanceRequestSet: items.map((request) => spotRequestOut(core, request)), nextToken };
};
