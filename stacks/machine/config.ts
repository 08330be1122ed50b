/** What shapes the machine: the knobs, and what its definition refers to. */
import type { Config } from "../knobs";

/** The knobs that shape the machine. */
export type MachineConfig = Pick<
  Config,
  | "name"
  | "instanceTypes"
  | "heartbeatSeconds"
  | "attemptTimeoutSeconds"
  | "maxAttempts"
  | "onDemandDollarsPerHour"
  | "maxAttemptsWithoutProgress"
  | "noCapacityWaitSeconds"
  | "noCapacityMaxWaitSeconds"
  | "noCapacityLimitMinutes"
  | "onDemandAfterMinutes"
  | "spotMaxPrice"
  | "tags"
>;

/** What the machine refers to: names, or Terraform references. */
export interface MachineRefs {
  table: string;
  bucket: string;
  launchTemplateId: string;
  launchTemplateVersion: string;
  /** `arn:PARTITION`, for the ARNs of SDK integrations. */
  partition: string;
  /** Where one launch call may ask for capacity: a list of zones or of subnets. */
  places: unknown;
  placeKind: "AvailabilityZone" | "SubnetId";
}
