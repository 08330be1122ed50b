/** What of DynamoDB is refused by name, and what is simpler than on AWS. */
import type { InertMembers } from "../../core/unsupported";

export const REFUSED = {
  streams: "streams (StreamSpecification)",
  transactionReturns: "ReturnConsumedCapacity and ReturnItemCollectionMetrics of transactions",
} as const;

export const SIMPLIFIED = {
  pointInTime: "Point-in-time recovery is kept and shown; nothing is restored.",
  throughput: "Provisioned throughput is kept and shown; nothing is throttled.",
  timeToLive: "An item whose time to live is over is deleted two days later; on AWS, within a few days.",
} as const;

export const INERT_MEMBERS: InertMembers = {
  ListTagsOfResource: { NextToken: "all tags are on the first page" },
};
