/** What a person looks at: the dashboard of whatever jobs run. */
import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { METRICS_NAMESPACE } from "../names";
import type { StackContext } from "./context";

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
