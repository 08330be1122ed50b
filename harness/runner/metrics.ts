/**
 * The job's metrics, second by second. CloudWatch keeps data of less than a minute's period for three hours
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html), so a long run collects them on its way.
 */
import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { MICROSECONDS_PER_SECOND, seconds, toDate, type Microseconds } from "../time/clock";
import type { Target } from "../targets/target";
import type { Recorder } from "./recorder";

/** How much to leave before collecting: well within the three hours. */
export const COLLECT_EVERY_SECONDS = 2 * 3600;

export class MetricsCollector {
  private from: Microseconds;

  constructor(private readonly target: Target, private readonly recorder: Recorder, private readonly job: string, private readonly jobId: string) {
    this.from = Math.floor(recorder.startedAt / MICROSECONDS_PER_SECOND) * MICROSECONDS_PER_SECOND;
  }

  /** Whether so much has gathered that it should be fetched now. */
  get due(): boolean {
    return this.target.clock.now() - this.from >= seconds(COLLECT_EVERY_SECONDS);
  }

  /**
   * Records every sample since the last call. A second that has two samples (a commit in it) shows what is committed at
   * its end: the greater of the committed, the lesser of the unsaved.
   */
  async collect(): Promise<void> {
    const { clients, outputs, clock } = this.target;
    // Samples arrive late by a publishing period; what is fetched at the very end misses none.
    const until = Math.ceil(clock.now() / MICROSECONDS_PER_SECOND + 1) * MICROSECONDS_PER_SECOND;
    const query = (id: string, name: string, stat: string) => ({
      Id: id,
      MetricStat: { Metric: { Namespace: outputs.metricsNamespace, MetricName: name, Dimensions: [{ Name: "JobId", Value: this.jobId }] }, Period: 1, Stat: stat },
    });
    const samples = new Map<number, { checkpointed?: number; unsaved?: number }>();
    for (let token: string | undefined; ;) {
      const page = await clients.cloudwatch.send(new GetMetricDataCommand({
        StartTime: toDate(this.from), EndTime: toDate(until), ScanBy: "TimestampAscending", NextToken: token,
        MetricDataQueries: [query("checkpointed", "checkpointed", "Maximum"), query("unsaved", "unsaved", "Minimum")],
      }));
      for (const result of page.MetricDataResults ?? []) {
        result.Timestamps?.forEach((timestamp, index) => {
          const at = timestamp.getTime();
          const sample = samples.get(at) ?? {};
          sample[result.Id as "checkpointed" | "unsaved"] = result.Values?.[index];
          samples.set(at, sample);
        });
      }
      token = page.NextToken;
      if (token === undefined || token === "") break;
    }
    for (const [at, { checkpointed, unsaved }] of [...samples].sort(([a], [b]) => a - b)) {
      if (checkpointed === undefined || unsaved === undefined) continue;
      this.recorder.add(at * 1000, { type: "progress", job: this.job, checkpointedPercent: checkpointed, unsavedPercent: unsaved });
    }
    this.from = until;
  }
}
