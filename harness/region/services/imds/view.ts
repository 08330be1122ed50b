/** What an instance's metadata service is told of it. Functions are asked anew at each request. */
import type { Microseconds } from "../../../time/clock";
import type { RoleSession } from "../../core/types";

export interface MetadataView {
  instanceId: string;
  instanceType: string;
  architecture: string;
  imageId: string;
  reservationId: string;
  launchIndex: number;
  launchedAt: Microseconds;
  zone: string;
  zoneId: string;
  regionName: string;
  partition: string;
  accountId: string;
  lifecycle: "spot" | "on-demand";
  privateIp: string;
  hostname: string;
  /** Absent where the subnet gives none. */
  publicIp?: string;
  publicHostname?: string;
  mac: string;
  interfaceId: string;
  subnetId: string;
  subnetCidr: string;
  vpcId: string;
  vpcCidr: string;
  groups: readonly { id: string; name: string }[];
  /** As it was given, but for the base64; empty when there is none. */
  userData: Buffer;
  detailedMonitoring: boolean;
  /** May change at any time. */
  readonly options: { httpEndpoint: "enabled" | "disabled"; httpTokens: "required" | "optional"; hopLimit: number; tags: "enabled" | "disabled" };
  /** The instance profile; `roleName` is absent when the profile holds no role. */
  profile?: { arn: string; id: string; roleName?: string };
  /** New credentials of the profile's role; undefined when it has none. @throws AwsError when the role is gone */
  assumeRole(): RoleSession | undefined;
  /** Whether there are new ones before the old ones expire. */
  renewsRole(): boolean;
  tags(): ReadonlyMap<string, string>;
  /** When the instance will be shut down; undefined until that is announced. */
  interruptionAt(): Microseconds | undefined;
  /** When a rebalance recommendation was given. */
  rebalanceAt(): Microseconds | undefined;
}
