/** What of CloudWatch is refused by name, and what is simpler than on AWS. */
export const REFUSED = {
  anomalyDetection: "anomaly detection alarms",
  alarmActions: "alarm actions other than Lambda functions and SNS topics",
  entityMetrics: "EntityMetricData",
  mathFunctions: "functions of metric math but those listed",
} as const;

export const SIMPLIFIED = {
  sns: "There is no SNS: an alarm's action on a topic is taken, and its failure stands in the alarm's history.",
} as const;
