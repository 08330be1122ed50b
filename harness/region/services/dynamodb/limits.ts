/** What of DynamoDB is refused by name, and what is simpler than on AWS. */
export const REFUSED = {
  streams: "streams (StreamSpecification)",
} as const;

export const SIMPLIFIED = {
  pointInTime: "Point-in-time recovery is kept and shown; nothing is restored.",
  throughput: "Provisioned throughput is kept and shown; nothing is throttled.",
  timeToLive: "Time to live is kept and shown; nothing expires.",
} as const;
