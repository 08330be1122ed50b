/** What of Lambda is refused by name, and what is simpler than on AWS. */
export const REFUSED = {
  images: "functions packaged as container images",
  vpc: "functions in a VPC",
  layers: "layers",
  fileSystems: "file systems of functions",
  snapStart: "SnapStart",
  codeSigning: "code signing",
  newMembers: "DurableConfig, CapacityProviderConfig and TenancyConfig of a function",
  deadLetters: "dead-letter targets other than SQS queues",
  destinations: "destinations other than SQS queues, functions and event buses",
  weightedAliases: "weighted aliases",
  functionUrls: "function URLs",
  eventSourceToken: "EventSourceToken",
  durable: "durable functions and tenants",
} as const;

export const SIMPLIFIED = {
  functions: "Functions are run for real, in a context of this process: they have the region's time and randomness, no network but the AWS SDK's clients, and `/tmp`.",
} as const;
