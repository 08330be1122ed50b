/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmsForMetric.html
 */
import { pageOf } from "../../../core/paging";
import type { Operation } from "../../../core/types";
import { numberOf } from "../../../wire/scalars";
import type { Alarm, Alarms } from "../alarms";
import { metricKey, type Dimension } from "../metrics";
import { metricName } from "../queries";

interface Input { AlarmNames?: string[]; AlarmNamePrefix?: string; AlarmTypes?: string[]; StateValue?: string; ActionPrefix?: string; MaxRecords?: number | string; NextToken?: string; ChildrenOfAlarmName?: string; ParentsOfAlarmName?: string }

const sorted = (alarms: Alarms): Alarm[] => [...alarms.byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
const actionsOf = (alarm: Alarm): string[] => [...alarm.okActions, ...alarm.alarmActions, ...alarm.insufficientDataActions];

export const describeAlarms = (alarms: Alarms): Operation<Input> => (input) => {
  const ofMetrics = !input.AlarmTypes?.length || input.AlarmTypes.includes("MetricAlarm");
  const found = sorted(alarms).filter((alarm) => ofMetrics
    && (!input.AlarmNames?.length || input.AlarmNames.includes(alarm.name))
    && alarm.name.startsWith(input.AlarmNamePrefix ?? "")
    && (!input.StateValue || alarm.state === input.StateValue)
    && (!input.ActionPrefix || actionsOf(alarm).some((action) => action.startsWith(input.ActionPrefix!))));
  const { items, nextToken } = pageOf(found, numberOf(input.MaxRecords, "MaxRecords") ?? 50, input.NextToken || undefined, "InvalidNextToken");
  return { MetricAlarms: items.map(alarmMembers), CompositeAlarms: [], NextToken: nextToken };
};

interface ForMetric { Namespace?: string; MetricName?: string; Dimensions?: Dimension[]; Period?: number | string; Statistic?: string; ExtendedStatistic?: string }

export const describeAlarmsForMetric = (alarms: Alarms): Operation<ForMetric> => (input) => {
  const key = metricKey(metricName(input));
  const period = numberOf(input.Period, "Period");
  const stat = input.Statistic || input.ExtendedStatistic;
  const found = sorted(alarms).filter((alarm) => alarm.queries.some(({ metric }) => metric && metricKey(metric.name) === key && (period === undefined || metric.period === period) && (!stat || metric.stat === stat)));
  return { MetricAlarms: found.map(alarmMembers) };
};

/** An alarm as the API shows it. */
const alarmMembers = (alarm: Alarm): object => ({
  AlarmName: alarm.name,
  AlarmArn: alarm.arn,
  AlarmDescription: alarm.description,
  AlarmConfigurationUpdatedTimestamp: alarm.configurationUpdated,
  ActionsEnabled: alarm.actionsEnabled,
  OKActions: alarm.okActions,
  AlarmActions: alarm.alarmActions,
  InsufficientDataActions: alarm.insufficientDataActions,
  StateValue: alarm.state,
  StateReason: alarm.stateReason,
  StateReasonData: alarm.stateReasonData,
  StateUpdatedTimestamp: alarm.stateUpdated,
  StateTransitionedTimestamp: alarm.stateTransitioned,
  ...(alarm.single ? {
    MetricName: alarm.single.metric.MetricName,
    Namespace: alarm.single.metric.Namespace,
    Dimensions: alarm.single.metric.Dimensions,
    Statistic: alarm.single.statistic,
    ExtendedStatistic: alarm.single.extendedStatistic,
    Period: alarm.single.period,
    Unit: alarm.single.unit,
  } : { Metrics: alarm.queries.map(queryMembers) }),
  EvaluationPeriods: alarm.evaluationPeriods,
  DatapointsToAlarm: alarm.datapointsToAlarm,
  Threshold: alarm.threshold,
  ComparisonOperator: alarm.comparison,
  TreatMissingData: alarm.treatMissingData,
  EvaluateLowSampleCountPercentile: alarm.evaluateLowSampleCountPercentile,
});

/** A query as parsed, so that scalars which came as text are what they should be. */
const queryMembers = ({ id, label, returnData, period, expression, metric }: Alarm["queries"][number]): object => ({
  Id: id,
  ...(metric ? { MetricStat: { Metric: { Namespace: metric.name.namespace, MetricName: metric.name.name, Dimensions: metric.name.dimensions }, Period: metric.period, Stat: metric.stat, Unit: metric.unit } } : { Expression: expression }),
  Label: label,
  Period: period,
  ReturnData: returnData,
});
