/**
 * Amazon CloudWatch: metrics with their statistics and math, alarms that evaluate on the clock, dashboards.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/Welcome.html
 */
import { toSeconds } from "../../../time/clock";
import type { RegionContext, Service } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { Alarms } from "./alarms";
import { validation } from "./errors";
import { Evaluator } from "./evaluator";
import { REFUSED_MEMBERS } from "./limits";
import { Metrics } from "./metrics";
import { disableAlarmActions, enableAlarmActions } from "./operations/alarm-actions";
import { deleteDashboards, getDashboard, listDashboards, putDashboard, type Dashboards } from "./operations/dashboards";
import { deleteAlarms } from "./operations/delete-alarms";
import { describeAlarmHistory } from "./operations/describe-alarm-history";
import { describeAlarms, describeAlarmsForMetric } from "./operations/describe-alarms";
import { getMetricData } from "./operations/get-metric-data";
import { getMetricStatistics } from "./operations/get-metric-statistics";
import { listMetrics } from "./operations/list-metrics";
import { putMetricAlarm } from "./operations/put-metric-alarm";
import { putMetricData, store, type InputDatum } from "./operations/put-metric-data";
import { setAlarmState } from "./operations/set-alarm-state";
import { listTagsForResource, tagResource, untagResource } from "./operations/tags";
import { cloudWatchProtocols } from "./protocols";

export interface CloudWatchService extends Service {
  /** Stores metrics of an AWS service, in its own namespace (`AWS/Events`). @throws AwsError when the data is not valid */
  putServiceMetrics(namespace: string, data: readonly InputDatum[]): void;
}

export function createCloudWatchService(region: RegionContext): CloudWatchService {
  const metrics = new Metrics();
  const alarms = new Alarms(region);
  const evaluator = new Evaluator(metrics, alarms);
  const dashboards: Dashboards = new Map();
  const service = cloudWatchProtocols(region, refusingMembers({
    PutMetricData: putMetricData(metrics, evaluator),
    GetMetricData: getMetricData(metrics),
    GetMetricStatistics: getMetricStatistics(metrics),
    ListMetrics: listMetrics(metrics),
    PutMetricAlarm: putMetricAlarm(alarms, evaluator),
    DescribeAlarms: describeAlarms(alarms),
    DescribeAlarmsForMetric: describeAlarmsForMetric(alarms),
    DescribeAlarmHistory: describeAlarmHistory(alarms),
    SetAlarmState: setAlarmState(alarms, evaluator),
    DeleteAlarms: deleteAlarms(alarms, evaluator),
    EnableAlarmActions: enableAlarmActions(alarms),
    DisableAlarmActions: disableAlarmActions(alarms),
    PutDashboard: putDashboard(dashboards, { region, now: () => alarms.now() }),
    GetDashboard: getDashboard(dashboards),
    ListDashboards: listDashboards(dashboards),
    DeleteDashboards: deleteDashboards(dashboards),
    TagResource: tagResource(alarms),
    UntagResource: untagResource(alarms),
    ListTagsForResource: listTagsForResource(alarms),
  }, REFUSED_MEMBERS, validation));
  return { ...service, putServiceMetrics: (namespace, data) => store(metrics, evaluator, namespace, data, toSeconds(region.clock.now())) };
}
