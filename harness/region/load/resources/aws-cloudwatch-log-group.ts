/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_log_group */
import type { ResourceType } from "../resource";

export const awsCloudwatchLogGroup: ResourceType = (args) => {
  const name = args.text("name");
  const retention = args.optionalNumber("retention_in_days") ?? 0;
  const input = { logGroupName: name, kmsKeyId: args.optionalText("kms_key_id"), logGroupClass: args.optionalText("log_group_class"), tags: args.tags() };
  args.noEffect("it says how a group is destroyed", "skip_destroy");
  return async ({ call, region }) => {
    await call("cloudwatch-logs", "CreateLogGroup", input);
    // 0 is "never expires", which is how a group begins.
    if (retention > 0) await call("cloudwatch-logs", "PutRetentionPolicy", { logGroupName: name, retentionInDays: retention });
    const { accountId, partition, regionName } = region;
    return { arn: `arn:${partition}:logs:${regionName}:${accountId}:log-group:${name}`, id: name, name };
  };
};
