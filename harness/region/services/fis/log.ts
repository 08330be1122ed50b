/**
 * An experiment's log in CloudWatch Logs, delivered as all vended logs are: by the log delivery service, which a resource
 * policy must let in; a role that may, sets that policy.
 * https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
import { toDate } from "../../../time/clock";
import { AwsError, type RegionContext, type RoleSession, type Service } from "../../core/types";
import type { Experiment } from "./model";

/** What the logs service lends: a write by another service of AWS. */
interface LogsWriter extends Service {
  putForService(write: { groupArn: string; streamName: string; message: string; principal: string; sourceArn: string }): Promise<void>;
}

export type LogType = "experiment-start" | "target-resolution-start" | "target-resolution-detail" | "target-resolution-end" | "action-start" | "action-error" | "action-end" | "experiment-end";

const PRINCIPAL = "delivery.logs.amazonaws.com";

export class ExperimentLog {
  private readonly groupArn: string | undefined;

  constructor(private readonly region: RegionContext, private readonly experiment: Experiment) {
    this.groupArn = experiment.definition.logConfiguration?.cloudWatchLogsConfiguration?.logGroupArn;
  }

  /** Writes a record; the first one lets log delivery in if need be. @throws AwsError when the log cannot be written */
  async write(role: RoleSession | undefined, type: LogType, details: Record<string, unknown>): Promise<void> {
    if (!this.groupArn) return;
    const message = JSON.stringify({
      id: this.experiment.id, log_type: type, event_timestamp: this.time(), version: String(this.experiment.definition.logConfiguration!.logSchemaVersion), details,
    });
    const { accountId, regionName, partition } = this.region;
    const write = {
      groupArn: this.groupArn, streamName: `/aws/fis/${this.experiment.id}`, message, principal: PRINCIPAL, sourceArn: `arn:${partition}:logs:${regionName}:${accountId}:*`,
    };
    const logs = this.region.service<LogsWriter>("cloudwatch-logs");
    try {
      await logs.putForService(write);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== "AccessDeniedException" || !role) throw error;
      await this.admit(role);
      await logs.putForService(write);
    }
  }

  /** The policy that log delivery sets up for itself, with the permissions of whoever configures it. */
  private async admit(role: RoleSession): Promise<void> {
    const { accountId, regionName, partition } = this.region;
    const policyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Sid: "AWSLogDeliveryWrite", Effect: "Allow", Principal: { Service: PRINCIPAL }, Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [`${this.groupArn!.replace(/:\*$/, "")}:log-stream:*`],
        Condition: { StringEquals: { "aws:SourceAccount": [accountId] }, ArnLike: { "aws:SourceArn": [`arn:${partition}:logs:${regionName}:${accountId}:*`] } },
      }],
    });
    await this.region.call(role.caller, "cloudwatch-logs", "PutResourcePolicy", { policyName: "AWSLogDeliveryWrite20150319", policyDocument });
  }

  time(): string {
    return `${toDate(this.region.clock.now()).toISOString().slice(0, 19)}Z`;
  }
}
