/** Records into a stream of a log group. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html */
import type { RegionContext, Service } from "../../../core/types";
import { deliver, onlyFrom, PRINCIPAL, sourceArn, type Destination } from "./delivery";

/** What the logs service lends: a write by another service of AWS. */
interface LogsWriter extends Service {
  putForService(write: { groupArn: string; streamName: string; message: string; principal: string; sourceArn: string }): Promise<void>;
}

/** What the experiment's role must have to log: https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html#monitoring-logging-permissions */
const PERMISSIONS = ["logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"];

export const cloudWatchLogs = (region: RegionContext, experimentId: string, groupArn: string): Destination => ({
  start: ({ caller }) => region.permit?.(caller, "cloudwatch-logs", PERMISSIONS.map((action) => ({ action, resource: "*" }))),
  write: (message, role) => deliver(
    role,
    () => region.service<LogsWriter>("cloudwatch-logs").putForService({ groupArn, streamName: `/aws/fis/${experimentId}`, message, principal: PRINCIPAL, sourceArn: sourceArn(region) }),
    async ({ caller }) => {
      await region.call(caller, "cloudwatch-logs", "PutResourcePolicy", { policyName: "AWSLogDeliveryWrite20150319", policyDocument: policy(region, groupArn) });
    },
  ),
  close: async () => undefined,
});

const policy = (region: RegionContext, groupArn: string): string => JSON.stringify({
  Version: "2012-10-17",
  Statement: [{
    Sid: "AWSLogDeliveryWrite", Effect: "Allow", Principal: { Service: PRINCIPAL }, Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [`${groupArn.replace(/:\*$/, "")}:log-stream:*`], Condition: onlyFrom(region),
  }],
});
