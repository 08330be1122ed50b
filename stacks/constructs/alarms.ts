/** Alarms: each means that someone should look; a Spot interruption is none. */
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { METRICS_NAMESPACE } from "../names";
import type { StackContext } from "./context";

/** What the alarms watch. */
export interface Watched {
  machine: SfnStateMachine;
  watcher: LambdaFunction;
  deadLetters: SqsQueue;
  sweeper: LambdaFunction;
}

interface Alarm {
  /** Its name ends with it. */
  id: string;
  description: string;
  namespace: string;
  metric: string;
  dimensions: Record<string, string>;
  statistic?: "Sum" | "Maximum";
  periodSeconds?: number;
  /** In so many periods in a row. */
  periods?: number;
}

/** A metric that counts lines of a log group. */
interface LineCount {
  id: string;
  logGroup: string;
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
  pattern: string;
  metric: string;
}

export function alarms(context: StackContext, watched: Watched): void {
  for (const count of lineCounts(context)) lineCount(context, count, watched);
  for (const each of [...ofFailures(watched), ...ofLineCounts(context), ...ofTheSweeper(context)]) alarm(context, each);
}

function ofFailures({ machine, watcher, deadLetters, sweeper }: Watched): Alarm[] {
  const errors = (lambda: LambdaFunction): Pick<Alarm, "namespace" | "metric" | "dimensions"> => ({ namespace: "AWS/Lambda", metric: "Errors", dimensions: { FunctionName: lambda.functionName } });
  return [
    {
      id: "executions_failed", description: "A job's execution failed: its Cause says why and how to resume it.",
      namespace: "AWS/States", metric: "ExecutionsFailed", dimensions: { StateMachineArn: machine.arn },
    },
    { id: "watcher_errors", description: "The watcher failed: instances may run on, or waits last until the heartbeat's timeout.", ...errors(watcher) },
    {
      id: "watcher_dead_letters", description: "Events that the watcher could not handle are in its dead-letter queue.",
      namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: deadLetters.name }, statistic: "Maximum",
    },
    { id: "sweeper_errors", description: "The sweeper failed: instances whose execution is gone may run on. Its log says which.", ...errors(sweeper) },
  ];
}

/** Lines of the executions' log, which holds no data but the states' names, and of the agents'. */
function lineCounts({ names, config }: StackContext): LineCount[] {
  const entered = (id: string, type: string, state: string, metric: string): LineCount => ({ id, logGroup: names.machineLogs, pattern: `{ $.type = "${type}" && $.details.name = "${state}" }`, metric });
  return [
    entered("no_progress_ended", "FailStateEntered", "No progress", "crashLoops"),
    { id: "crash_loop_seen", logGroup: names.agentLogs, pattern: '{ $.event = "crash-loop" }', metric: "crashLoops" },
    // No alarm: the deployment has asked for it (knob onDemandAfterMinutes).
    ...(config.onDemandAfterMinutes === undefined ? [] : [entered("goes_on_demand", "PassStateEntered", "Go on On-Demand", "onDemand")]),
    entered("waits_for_capacity", "WaitStateEntered", "Wait for capacity", "waitsForCapacity"),
  ];
}

/** The namespace of metrics that lines are counted in: they have no dimensions. */
const countNamespace = ({ config }: StackContext): string => `${METRICS_NAMESPACE}/${config.name}`;

function ofLineCounts(context: StackContext): Alarm[] {
  const counted = { namespace: countNamespace(context), dimensions: {} };
  return [
    { id: "crash_loop", description: "A job was given up, since run after run of it, or attempt after attempt ended without a new checkpoint: the execution's Cause and the final logs say why.", metric: "crashLoops", ...counted },
    {
      id: "no_capacity", description: "For an hour now a job has been waiting for capacity: add instance types or zones.", metric: "waitsForCapacity", ...counted,
      periodSeconds: 300, periods: 12,
    },
  ];
}

/** What it counts it counts again with each sweep. */
function ofTheSweeper({ config }: StackContext): Alarm[] {
  const counted = { namespace: METRICS_NAMESPACE, dimensions: { Name: config.name } };
  const stands = { statistic: "Maximum", periodSeconds: 120 * config.sweepMinutes } as const;
  return [
    { id: "swept", description: "The sweeper ended instances that the watcher should have ended: its log says which, and why.", metric: "swept", ...counted },
    { id: "no_progress", description: "An instance works, but its job has had no new checkpoint for three intervals: the sweeper's log says which.", metric: "stalledJobs", ...counted, ...stands },
    { id: "attempts_running_out", description: "A job has used more than four fifths of its attempts (input or knob maxAttempts): the sweeper's log says which.", metric: "jobsShortOfAttempts", ...counted, ...stands },
  ];
}

function lineCount(context: StackContext, { id, logGroup, pattern, metric }: LineCount, { machine }: Watched): void {
  new CloudwatchLogMetricFilter(context.scope, id, {
    name: `${context.config.name}-${id.replaceAll("_", "-")}`,
    logGroupName: logGroup,
    pattern,
    metricTransformation: { name: metric, namespace: countNamespace(context), value: "1" },
    dependsOn: [machine],
  });
}

function alarm({ scope, config }: StackContext, { id, description, namespace, metric, dimensions, statistic = "Sum", periodSeconds = 60, periods = 1 }: Alarm): void {
  new CloudwatchMetricAlarm(scope, `alarm_${id}`, {
    alarmName: `${config.name}-${id.replaceAll("_", "-")}`,
    alarmDescription: description,
    namespace,
    metricName: metric,
    ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
    statistic,
    period: periodSeconds,
    evaluationPeriods: periods,
    threshold: 1,
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    treatMissingData: "notBreaching",
    ...(config.alarmTopicArn === undefined ? {} : { alarmActions: [config.alarmTopicArn] }),
  });
}
