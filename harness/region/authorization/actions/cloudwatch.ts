/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
import { all, anywhere, each, on, requestTags, tagKeys, when, type Call, type RuleTable } from "../need";

const alarm = ({ input, arn }: Call): string => arn("cloudwatch", `alarm:${String(input.AlarmName ?? "")}`);
const alarms = ({ input, arn }: Call): string[] => ((input.AlarmNames ?? []) as string[]).map((name) => arn("cloudwatch", `alarm:${name}`));
/** Dashboards have no region. */
const dashboard = ({ region }: Call, name: unknown): string => `arn:${region.partition}:cloudwatch::${region.accountId}:dashboard/${String(name ?? "")}`;
const resource = ({ input }: Call): string => String(input.ResourceARN ?? "");

export const CLOUDWATCH: RuleTable = {
  PutMetricData: anywhere("cloudwatch:PutMetricData", ({ input }) => ({ "cloudwatch:namespace": input.Namespace })),
  ...each("GetMetricData GetMetricStatistics ListMetrics DescribeAlarmsForMetric ListDashboards", (name) => anywhere(`cloudwatch:${name}`)),
  // Of a list without names, the action is authorized on every alarm.
  DescribeAlarms: on("cloudwatch:DescribeAlarms", (call) => { const named = alarms(call); return named.length > 0 ? named : call.arn("cloudwatch", "alarm:*"); }),
  DescribeAlarmHistory: on("cloudwatch:DescribeAlarmHistory", (call) => (call.input.AlarmName === undefined ? call.arn("cloudwatch", "alarm:*") : alarm(call))),
  PutMetricAlarm: all(
    on("cloudwatch:PutMetricAlarm", alarm, ({ input }) => ({ ...requestTags(input.Tags), "cloudwatch:AlarmActions": input.AlarmActions })),
    when(({ input }) => (input.Tags?.length ?? 0) > 0, on("cloudwatch:TagResource", alarm, ({ input }) => requestTags(input.Tags))),
  ),
  SetAlarmState: on("cloudwatch:SetAlarmState", alarm),
  ...each("DeleteAlarms EnableAlarmActions DisableAlarmActions", (name) => on(`cloudwatch:${name}`, alarms)),
  PutDashboard: on("cloudwatch:PutDashboard", (call) => dashboard(call, call.input.DashboardName)),
  GetDashboard: on("cloudwatch:GetDashboard", (call) => dashboard(call, call.input.DashboardName)),
  DeleteDashboards: on("cloudwatch:DeleteDashboards", (call) => ((call.input.DashboardNames ?? []) as string[]).map((name) => dashboard(call, name))),
  TagResource: on("cloudwatch:TagResource", resource, ({ input }) => requestTags(input.Tags)),
  UntagResource: on("cloudwatch:UntagResource", resource, ({ input }) => tagKeys(input.TagKeys)),
  ListTagsForResource: on("cloudwatch:ListTagsForResource", resource),
};
