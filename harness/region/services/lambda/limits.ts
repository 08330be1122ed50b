/** What of Lambda is refused by name, and what is simpler than on AWS. */
import type { RefusedMembers } from "../../core/unsupported";

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
  topLevelAwait: "top-level await in ES modules of functions",
  functionUrls: "function URLs",
  eventSourceToken: "EventSourceToken",
  durable: "durable functions and tenants",
} as const;

export const SIMPLIFIED = {
  node: "Functions with Node.js runtimes are run for real, in a context of this process: they have the region's time and randomness, no network but the AWS SDK's clients, and `/tmp`.",
  python: "Functions with Python runtimes are run for real, in processes of this machine's Python, whatever version the runtime names; programs that they start see this machine's paths below `/tmp`.",
  computing: "Computing takes no time on the virtual clock: durations are those of waits; a handler that computes for longer than its time-out (at most 30 real seconds) has timed out. Memory is not limited, and not measured. On a scaled clock computing takes as many times its time, so that a short time-out is soon over.",
} as const;

export const REFUSED_MEMBERS: RefusedMembers = {
  CreateFunction: { PublishTo: [] },
  UpdateFunctionCode: { S3ObjectStorageMode: [], PublishTo: [], SourceKMSKeyArn: [] },
  ListFunctions: { MasterRegion: ["ALL"] },
  PublishVersion: { PublishTo: [] },
};
