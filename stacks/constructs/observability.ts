/** What a person looks at: the dashboard of whatever jobs run, and alarms. */
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { METRICS_NAMESPACE } from "../names";
import type { StackContext } from "./context";

/** What the alarms watch. */
export interface Watched {
  machineArn: string;
  watcher: LambdaFunction;
  deadLetters: SqsQueue;
  sweeper: LambdaFunction;
}

/** Alarms: each means that someone should look; a Spot interruption is none. */
export function alarms(context: StackContext, { machineArn, watcher, deadLetters, sweeper }: Watched): void {
  alarm(context, "executions_failed", "A job's execution failed: its Cause says why and how to resume it.", "AWS/States", "ExecutionsFailed", {
    StateMachineArn: machineArn,
  });
  alarm(context, "watcher_errors", "The watcher failed: instances may run on, or waits last until the heartbeat's timeout.", "AWS/Lambda", "Errors", {
    FunctionName: watcher.functionName,
  });
  alarm(
    context,
    "watcher_dead_letters",
    "Events that the watcher could not handle are in its dead-letter queue.",
    "AWS/SQS",
    "ApproximateNumberOfMessagesVisible",
    { QueueName: deadLetters.name },
    "Maximum",
  );
  alarm(context, "sweeper_errors", "The sweeper failed: instances whose execution is gone may run on. Its log says which.", "AWS/Lambda", "Errors", {
    FunctionName: sweeper.functionName,
  });
  alarm(context, "swept", "The sweeper ended instances that the watcher should have ended: its log says which, and why.", METRICS_NAMESPACE, "swept", {
    Name: context.config.name,
  });
}

function alarm(
  { scope, config }: StackContext,
  id: string,
  description: string,
  namespace: string,
  metricName: string,
  dimensions: Record<string, string>,
  statistic = "Sum",
): CloudwatchMetricAlarm {
  return new CloudwatchMetricAlarm(scope, `alarm_${id}`, {
    alarmName: `${config.name}-${id.replaceAll("_", "-")}`,
    alarmDescription: description,
    namespace,
    metricName,
    dimensions,
    statistic,
    period: 60,
    evaluationPeriods: 1,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    ...(config.alarmTopicArn === undefined ? {} : { alarmActions: [config.alarmTopicArn] }),
  });
}

/** SEARCH finds the metrics of every job: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
function search(metric: string, id: string): [{ expression: string; id: string; label: string }] {
  return [{ expression: `SEARCH('{${METRICS_NAMESPACE},JobId} MetricName="${metric}"', 'Maximum', 10)`, id, label: metric }];
}

export function dashboard({ scope, config, names }: StackContext, machineArn: string, functionName: string): void {
  const widget = (x: number, y: number, width: number, properties: object): object => ({
    type: "metric",
    x,
    y,
    width,
    height: 8,
    properties: { region: config.region, view: "timeSeries", stacked: false, ...properties },
  });
  const count = (namespace: string, metric: string, dimension: string, value: string): unknown[] => [namespace, metric, dimension, value];
  const body = {
    widgets: [
      widget(0, 0, 24, {
        title: "Jobs: checkpointed and unsaved work (percent)",
        stacked: true,
        metrics: [search("checkpointed", "checkpointed"), search("unsaved", "unsaved")],
        yAxis: { left: { min: 0, max: 100 } },
        period: 10,
      }),
      widget(0, 8, 12, {
        title: "Executions",
        stat: "Sum",
        period: 300,
        metrics: ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsAborted"].map((metric) =>
          count("AWS/States", metric, "StateMachineArn", machineArn),
        ),
      }),
      widget(12, 8, 12, {
        title: "Watcher",
        stat: "Sum",
        period: 300,
        metrics: ["Invocations", "Errors"].map((metric) => count("AWS/Lambda", metric, "FunctionName", functionName)),
      }),
    ],
  };
  new CloudwatchDashboard(scope, "dashboard", { dashboardName: names.dashboard, dashboardBody: JSON.stringify(body) });
}
