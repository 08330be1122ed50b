/** What of CloudWatch is refused by name, and what is simpler than on AWS. */
import type { RefusedMembers } from "../../core/unsupported";

export const REFUSED = {
  anomalyDetection: "anomaly detection alarms",
  alarmActions: "alarm actions other than Lambda functions and SNS topics",
  entityMetrics: "EntityMetricData",
  mathFunctions: "functions of metric math but those listed",
} as const;

export const SIMPLIFIED = {
  sns: "There is no SNS: an alarm's action on a topic is taken, and its failure stands in the alarm's history.",
} as const;

export const REFUSED_MEMBERS: RefusedMembers = {
  PutMetricData: { StrictEntityValidation: [] },
  GetMetricData: { LabelOptions: [] },
  ListMetrics: { IncludeLinkedAccounts: [], OwningAccount: [] },
  PutMetricAlarm: { EvaluationWindow: [], WarmUpConfiguration: [], EvaluationCriteria: [], EvaluationInterval: [], ActionConfiguration: [] },
  DescribeAlarms: { ChildrenOfAlarmName: [], ParentsOfAlarmName: [] },
  DescribeAlarmHistory: { AlarmContributorId: [], AlarmTypes: [["MetricAlarm"]] },
  PutDashboard: { Tags: [] },
};
