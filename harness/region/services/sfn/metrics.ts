/** What Step Functions measures of executions. https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
import { toDate } from "../../../time/clock";
import type { RegionContext, Service } from "../../core/types";
import type { ExecutionRecord } from "./store";

/** What the cloudwatch service offers to other services of AWS. */
interface MetricSink extends Service { putServiceMetrics(namespace: string, data: readonly object[]): void }

const ENDINGS = { SUCCEEDED: "ExecutionsSucceeded", FAILED: "ExecutionsFailed", ABORTED: "ExecutionsAborted", TIMED_OUT: "ExecutionsTimedOut" } as const;

/** Counts a start, a redrive or an ending; an ending tells how long the execution took. */
export function measure(region: RegionContext, { machine, execution }: ExecutionRecord): void {
  const { status, startTime, endTime } = execution;
  const Timestamp = toDate(region.clock.now());
  const Dimensions = [{ Name: "StateMachineArn", Value: machine.arn }];
  const count = (MetricName: string): object => ({ MetricName, Value: 1, Unit: "Count", Timestamp, Dimensions });
  const data = status === "RUNNING" ? [count(execution.redriveCount > 0 ? "ExecutionsRedriven" : "ExecutionsStarted")] : [count(ENDINGS[status]), ...(execution.redriveCount > 0 ? [count(`Redriven${ENDINGS[status]}`)] : [])];
  if (status !== "RUNNING" && endTime !== undefined) data.push({ MetricName: "ExecutionTime", Value: (endTime - startTime) / 1000, Unit: "Milliseconds", Timestamp, Dimensions });
  region.service<MetricSink>("cloudwatch").putServiceMetrics("AWS/States", data);
}
