/** How this EC2 behaves, where AWS leaves it open or accounts differ. */

/** What of this EC2 can be set, beyond the region's own settings. Seconds unless said. */
export interface Ec2Settings {
  /** For how long after its launch an instance is not yet found by its id: EC2's API is eventually consistent. */
  eventualConsistencySeconds: number;
  /** From the end of the operating system until the instance is `terminated`. */
  terminateSeconds: number;
  /** For how long EC2 waits for a machine that stands still while `shutting-down`, before it takes it for stuck and ends it by force; AWS says "several hours".
   * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/TroubleshootingInstancesShuttingDown.html */
  stuckSeconds: number;
  /** For how long a terminated instance can still be described. */
  terminatedVisibleSeconds: number;
  /** From a Spot request until it has been evaluated, and again until its instance is launched (RequestSpotInstances). */
  spotEvaluationSeconds: number;
  /** Refuse image ids that are not the region's own public ones. */
  strictImages: boolean;
  /** Quota of Spot Instances, in vCPUs that run at once. */
  spotVcpuLimit: number;
  /** Quota of On-Demand Instances, in vCPUs that run at once. */
  onDemandVcpuLimit: number;
  /** Whether the account has the service-linked role AWSServiceRoleForEC2Spot (or callers may create it). */
  spotServiceLinkedRole: boolean;
  /** Notices are emitted on a best effort basis: how they arrive. */
  notices: NoticeDelivery;
  /** How many times EventBridge gets each state-change event, emitted on a best effort basis too; 0: never. */
  stateChangeEvents: number;
  /** Whether calls are throttled, by the request limits that AWS documents for an account. */
  apiThrottling: boolean;
  /** What an instance's link to S3 carries, in megabytes (10⁶ bytes) a second, one request after the other, there and back; Infinity: all at once. */
  s3MegabytesPerSecond: number;
  /** How long the credentials of an instance's role hold. */
  roleSessionSeconds: number;
  /** Whether the metadata service replaces them before they expire, as it promises. */
  roleSessionsRenewed: boolean;
  /** What an instance's memory holds, in megabytes (10⁶ bytes), whatever its type has; undefined: what its type has. */
  instanceMemoryMegabytes?: number;
  /** What an instance's root volume has room for, in megabytes, whatever its launch says; undefined: what that says. */
  rootVolumeMegabytes?: number;
}

/** How a Spot interruption notice or a rebalance recommendation comes to those concerned. */
export interface NoticeDelivery {
  /** Whether it appears in the instance's metadata. */
  metadata: boolean;
  /** How long after it was issued it appears there. */
  metadataDelaySeconds: number;
  /** How many times EventBridge gets the event; 0: never. */
  events: number;
  /** How long after it was issued EventBridge gets it. */
  eventDelaySeconds: number;
  /** Whether a rebalance recommendation comes along with, or before, an interruption. */
  recommendations: boolean;
}

export const DEFAULT_EC2_SETTINGS: Ec2Settings = {
  eventualConsistencySeconds: 0,
  terminateSeconds: 1,
  stuckSeconds: 4 * 3600,
  terminatedVisibleSeconds: 3600,
  spotEvaluationSeconds: 1,
  strictImages: false,
  spotVcpuLimit: Infinity,
  onDemandVcpuLimit: Infinity,
  spotServiceLinkedRole: true,
  notices: { metadata: true, metadataDelaySeconds: 0, events: 1, eventDelaySeconds: 0, recommendations: true },
  stateChangeEvents: 1,
  apiThrottling: false,
  s3MegabytesPerSecond: Infinity,
  roleSessionSeconds: 6 * 3600,
  roleSessionsRenewed: true,
};
