/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/cloudwatch_metric_alarm */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

const dimensions = (args: Arguments): object[] | undefined => {
  const map = args.optionalMap("dimensions");
  return map && Object.entries(map).map(([Name, Value]) => ({ Name, Value }));
};

function metricQuery(args: Arguments): object {
  const metric = args.optionalBlock("metric");
  return {
    Id: args.text("id"), Expression: args.optionalText("expression"), Label: args.optionalText("label"), ReturnData: args.optionalFlag("return_data") ?? false, Period: args.optionalNumber("period"), AccountId: args.optionalText("account_id"),
    ...(metric ? { MetricStat: { Metric: { MetricName: metric.text("metric_name"), Namespace: metric.optionalText("namespace"), Dimensions: dimensions(metric) }, Period: metric.number("period"), Stat: metric.text("stat"), Unit: metric.optionalText("unit") } } : {}),
  };
}

export const awsCloudwatchMetricAlarm: ResourceType = (args) => {
  const name = args.text("alarm_name");
  const queries = args.blocks("metric_query").map(metricQuery);
  const some = (list: string[]): string[] | undefined => (list.length > 0 ? list : undefined);
  const input = {
    AlarmName: name,
    AlarmDescription: args.optionalText("alarm_description"),
    ActionsEnabled: args.optionalFlag("actions_enabled") ?? true,
    AlarmActions: some(args.texts("alarm_actions")),
    OKActions: some(args.texts("ok_actions")),
    InsufficientDataActions: some(args.texts("insufficient_data_actions")),
    Namespace: args.optionalText("namespace"),
    MetricName: args.optionalText("metric_name"),
    Dimensions: dimensions(args),
    Statistic: args.optionalText("statistic"),
    ExtendedStatistic: args.optionalText("extended_statistic"),
    Unit: args.optionalText("unit"),
    Period: args.optionalNumber("period"),
    EvaluationPeriods: args.number("evaluation_periods"),
    DatapointsToAlarm: args.optionalNumber("datapoints_to_alarm"),
    Threshold: args.optionalNumber("threshold"),
    ThresholdMetricId: args.optionalText("threshold_metric_id"),
    ComparisonOperator: args.text("comparison_operator"),
    TreatMissingData: args.optionalText("treat_missing_data"),
    EvaluateLowSampleCountPercentile: args.optionalText("evaluate_low_sample_count_percentiles"),
    Tags: args.tagList(),
    ...(queries.length > 0 ? { Metrics: queries } : {}),
  };
  return async ({ call, region }) => {
    await call("cloudwatch", "PutMetricAlarm", input);
    const { accountId, partition, regionName } = region;
    return { arn: `arn:${partition}:cloudwatch:${regionName}:${accountId}:alarm:${name}`, id: name };
  };
};
