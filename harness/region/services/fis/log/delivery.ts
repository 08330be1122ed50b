/** Vended logs: written by the log delivery service, which a resource's own policy must let in. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html */
import { AwsError, type RegionContext, type RoleSession } from "../../../core/types";

export const PRINCIPAL = "delivery.logs.amazonaws.com";

/** Where an experiment's records go. */
export interface Destination {
  /** The experiment begins. @throws AwsError when its role may not log there */
  start?(role: RoleSession): void;
  /** @throws AwsError when it cannot take the record */
  write(record: string, role: RoleSession | undefined): Promise<void>;
  /** The experiment is over. @throws AwsError */
  close(role: RoleSession | undefined): Promise<void>;
}

/** On whose behalf log delivery writes. */
export const sourceArn = ({ accountId, regionName, partition }: RegionContext): string => `arn:${partition}:logs:${regionName}:${accountId}:*`;

/** The conditions under which log delivery is let in, as it writes them itself. */
export const onlyFrom = (region: RegionContext, more: Record<string, string> = {}): object =>
  ({ StringEquals: { "aws:SourceAccount": [region.accountId], ...more }, ArnLike: { "aws:SourceArn": [sourceArn(region)] } });

/** Writes; when that is denied, lets log delivery in with the permissions of whoever configures it, and writes again. */
export async function deliver(role: RoleSession | undefined, write: () => Promise<void>, admit: (role: RoleSession) => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof AwsError) || !error.code.startsWith("AccessDenied") || !role) throw error;
    await admit(role);
    await write();
  }
}
