/**
 * The sweeper: on a schedule, it looks at the deployment from outside, whatever events tell or do not tell.
 *
 * - It ends the instances that nobody answers for any more. The watcher ends them as soon as an event tells of it; this is
 *   for events that were lost and for whatever else went wrong. An instance whose execution has ended, or is forgotten, is
 *   ended; one whose execution runs, but which the ledger names neither as the one that it waits for nor as an owner that
 *   still works, once it has been superfluous for long (a launch whose task was never given, a former owner that hangs).
 * - It counts the running jobs with which something is wrong.
 *
 * Everything younger than what AWS needs to be consistent is left alone until the next time. While no instance lives, it
 * makes one request. It changes nothing but instances, and each of its acts may be repeated.
 */
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { SFNClient } from "@aws-sdk/client-sfn";
import { executionStatus, goesOn, type ExecutionsDeps } from "./shared/executions";
import { fields, livingInstances, terminate, type InstancesDeps, type OurInstance } from "./shared/instances";
import { ledgerItem, type LedgerDeps } from "./shared/ledger";
import { logToConsole, type LogEntry } from "./shared/log";
import { grouped } from "./sweeper/grouped";
import { ailments } from "./sweeper/health";
import { SETTLING_SECONDS, superfluous, type Why } from "./sweeper/superfluous";

/** What the sweeper works with. */
export interface SweeperDeps extends InstancesDeps, ExecutionsDeps, LedgerDeps {
  cloudwatch: Pick<CloudWatchClient, "send">;
  /** CloudWatch namespace of what is counted. */
  namespace: string;
  /** Milliseconds since the epoch. */
  now(): number;
  log(entry: LogEntry): void;
}

/** What one sweep counts, by metric. */
type Counts = Map<string, number>;

/** The handler. What it could not look up or end does not keep it from the rest; it throws afterwards, so that Lambda counts an error. */
export function makeHandler(deps: SweeperDeps): () => Promise<void> {
  return async () => {
    const living = await livingInstances(deps);
    const settled = living.filter((ours) => ageSeconds(deps, ours) >= SETTLING_SECONDS);
    const counts: Counts = new Map();
    const errors: unknown[] = [];
    for (const [execution, launched] of grouped(settled, (ours) => ours.execution)) {
      try {
        await look(deps, execution, launched, living, counts);
      } catch (error) {
        errors.push(error);
        deps.log({ level: "warn", event: "sweep-failed", execution, error: String(error) });
      }
    }
    if (counts.size > 0) await publish(deps, counts);
    deps.log({ level: "info", event: "sweep", instances: living.length, ...Object.fromEntries(counts) });
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} executions' instances could not be swept: ${errors.map(String).join("; ")}`);
  };
}

/** Looks at one execution's instances. @param living all of the deployment's, the youngest included */
async function look(deps: SweeperDeps, execution: string, launched: readonly OurInstance[], living: readonly OurInstance[], counts: Counts): Promise<void> {
  const status = await executionStatus(deps, execution);
  if (!goesOn(status)) {
    for (const ours of launched) await sweep(deps, ours, { reason: "its execution is over", executionStatus: status }, counts);
    return;
  }
  for (const [job, instances] of grouped(launched, (ours) => ours.job)) {
    const item = await ledgerItem(deps, job);
    for (const ours of instances) {
      const why = superfluous(ours, item, living, deps.now());
      if (why !== undefined) await sweep(deps, ours, why, counts);
    }
    for (const { metric, ...ailment } of ailments(item, instances, deps.now())) {
      add(counts, metric);
      deps.log({ level: "warn", ...ailment, job, execution });
    }
  }
}

async function sweep(deps: SweeperDeps, ours: OurInstance, why: Why, counts: Counts): Promise<void> {
  await terminate(deps, ours.instanceId);
  add(counts, "swept");
  deps.log({ level: "warn", event: "swept", ...why, ageSeconds: Math.round(ageSeconds(deps, ours)), ...fields(ours) });
}

const add = (counts: Counts, metric: string): void => void counts.set(metric, (counts.get(metric) ?? 0) + 1);

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
async function publish(deps: SweeperDeps, counts: Counts): Promise<void> {
  await deps.cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: deps.namespace,
      MetricData: [...counts].map(([name, count]) => ({ MetricName: name, Dimensions: [{ Name: "Name", Value: deps.name }], Value: count, Unit: "Count" as const, Timestamp: new Date(deps.now()) })),
    }),
  );
}

const ageSeconds = (deps: SweeperDeps, ours: OurInstance): number => (deps.now() - ours.launchedAt) / 1000;

export const handler = makeHandler({
  cloudwatch: new CloudWatchClient({}),
  dynamodb: new DynamoDBClient({}),
  sfn: new SFNClient({}),
  ec2: new EC2Client({}),
  table: process.env["SPOTPROOF_TABLE"] ?? "",
  name: process.env["SPOTPROOF_NAME"] ?? "",
  namespace: process.env["SPOTPROOF_NAMESPACE"] ?? "",
  now: Date.now,
  log: logToConsole,
});
