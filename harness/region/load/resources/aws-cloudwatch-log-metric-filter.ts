/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_log_metric_filter */
import type { ResourceType } from "../resource";

export const awsCloudwatchLogMetricFilter: ResourceType = (args) => {
  const name = args.text("name");
  const transformation = args.block("metric_transformation");
  const input = {
    filterName: name,
    filterPattern: args.text("pattern"),
    logGroupName: args.text("log_group_name"),
    metricTransformations: [{
      metricName: transformation.text("name"), metricNamespace: transformation.text("namespace"), metricValue: transformation.text("value"),
      defaultValue: transformation.optionalNumber("default_value"), unit: transformation.optionalText("unit"), dimensions: transformation.optionalMap("dimensions"),
    }],
  };
  return async ({ call }) => {
    await call("cloudwatch-logs", "PutMetricFilter", input);
    return { id: name };
  };
};
