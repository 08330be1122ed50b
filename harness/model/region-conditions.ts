/**
 * Under which conditions a scenario's region works, beyond the faults that strike: what AWS leaves to chance (best-effort
 * notices and events, eventual consistency) and how long things take there. Only a target that makes its own region can
 * set them. One table: the scenario's schema, the local target and the documentation read it.
 */
export interface RegionConditions {
  eventualConsistencySeconds?: number;
  launchSeconds?: number;
  bootSeconds?: number;
  shutdownGraceSeconds?: number;
  noticeInMetadata?: boolean;
  noticeDelaySeconds?: number;
  noticeEvents?: number;
  noticeEventDelaySeconds?: number;
  rebalanceRecommendations?: boolean;
  stateChangeEvents?: number;
  executionEvents?: number;
  eventDeliverySeconds?: number;
  apiThrottling?: boolean;
  spotVcpuLimit?: number;
  onDemandVcpuLimit?: number;
  spotServiceLinkedRole?: boolean;
  strictImages?: boolean;
  deniedAction?: string;
  deniedTo?: string;
  vpcId?: string;
  interruptionsPerHour?: number;
  s3MegabytesPerSecond?: number;
  roleSessionMinutes?: number;
  roleSessionsRenewed?: boolean;
  instanceMemoryMegabytes?: number;
  rootVolumeMegabytes?: number;
}

export type ConditionName = keyof RegionConditions;

/** What a condition's value may be. */
type Allowed = { kind: "number"; least: number; most: number; unit: string; whole?: true } | { kind: "boolean" } | { kind: "text"; pattern: RegExp; what: string };

export const REGION_CONDITIONS: Readonly<Record<ConditionName, { allowed: Allowed; meaning: string }>> = {
  eventualConsistencySeconds: { allowed: seconds(60), meaning: "for so long after its launch an instance is not found by its id" },
  launchSeconds: { allowed: seconds(600), meaning: "from the launch until an instance is `running`" },
  bootSeconds: { allowed: seconds(600), meaning: "from `running` until the user data's units start" },
  shutdownGraceSeconds: { allowed: seconds(600), meaning: "what processes have after the operating system's SIGTERM" },
  noticeInMetadata: { allowed: { kind: "boolean" }, meaning: "whether Spot notices and rebalance recommendations appear in the metadata" },
  noticeDelaySeconds: { allowed: seconds(600), meaning: "how late they appear there" },
  noticeEvents: { allowed: times(), meaning: "how many times EventBridge gets each of them" },
  noticeEventDelaySeconds: { allowed: seconds(3600), meaning: "how late it gets them" },
  rebalanceRecommendations: { allowed: { kind: "boolean" }, meaning: "whether a rebalance recommendation comes along with, or before, an interruption" },
  stateChangeEvents: { allowed: times(), meaning: "how many times EventBridge gets each change of an instance's state" },
  executionEvents: { allowed: times(), meaning: "how many times EventBridge gets each change of an execution's status" },
  eventDeliverySeconds: { allowed: seconds(3600), meaning: "from an event until its target is called" },
  apiThrottling: { allowed: { kind: "boolean" }, meaning: "whether EC2's documented request limits hold" },
  spotVcpuLimit: { allowed: { kind: "number", least: 0, most: 1_000_000, unit: "vCPUs", whole: true }, meaning: "the quota of Spot vCPUs that run at once" },
  onDemandVcpuLimit: { allowed: { kind: "number", least: 0, most: 1_000_000, unit: "vCPUs", whole: true }, meaning: "the quota of On-Demand vCPUs that run at once" },
  spotServiceLinkedRole: { allowed: { kind: "boolean" }, meaning: "whether the account has the service-linked role of EC2 Spot" },
  strictImages: { allowed: { kind: "boolean" }, meaning: "whether images that are none of AWS's public ones are refused" },
  deniedAction: { allowed: { kind: "text", pattern: /^[a-z0-9-]+:[A-Za-z]+$/, what: "an action such as ec2:CreateFleet" }, meaning: "an action that is denied to a role of the deployment's" },
  deniedTo: { allowed: { kind: "text", pattern: /^(state-machine|watcher|sweeper)$/, what: "state-machine, watcher or sweeper" }, meaning: "to which, beside deniedAction; the state machine's if left out" },
  vpcId: { allowed: { kind: "text", pattern: /^vpc-[0-9a-f]{17}$/, what: "a VPC's id" }, meaning: "the id of the account's VPC, so that knobs can name it" },
  interruptionsPerHour: { allowed: { kind: "number", least: 0, most: 60, unit: "an hour" }, meaning: "how often each Spot Instance is interrupted for capacity, with notice, by chance and on average" },
  s3MegabytesPerSecond: { allowed: { kind: "number", least: 0.001, most: 100_000, unit: "megabytes (10⁶ bytes) a second" }, meaning: "what an instance's link to S3 carries, one request after the other, there and back; without it they take no time" },
  roleSessionMinutes: { allowed: { kind: "number", least: 15, most: 720, unit: "minutes" }, meaning: "how long the credentials of an instance's role hold (360 if left out); there are new ones twenty minutes before they expire" },
  roleSessionsRenewed: { allowed: { kind: "boolean" }, meaning: "whether there are" },
  instanceMemoryMegabytes: { allowed: { kind: "number", least: 64, most: 1_000_000, unit: "megabytes (10⁶ bytes)" }, meaning: "what an instance's memory holds, instead of what its type has; only where this machine's kernel is Linux" },
  rootVolumeMegabytes: { allowed: { kind: "number", least: 8, most: 16_000_000, unit: "megabytes (10⁶ bytes)" }, meaning: "what an instance's root volume has room for, instead of what its launch says" },
};

export const CONDITION_NAMES = Object.keys(REGION_CONDITIONS) as ConditionName[];

function seconds(most: number): Allowed {
  return { kind: "number", least: 0, most, unit: "seconds" };
}

function times(): Allowed {
  return { kind: "number", least: 0, most: 10, unit: "times", whole: true };
}
