/**
 * The sweeper: on a schedule, it ends the instances of this deployment that nobody answers for any more. The watcher ends
 * them as soon as an event tells of it; this is for events that were lost and for whatever else went wrong.
 *
 * - An instance whose execution has ended, or is forgotten, is ended.
 * - An instance whose execution runs, but which the ledger names neither as the one that it waits for nor as an owner that
 *   still works, is ended once it has been superfluous for long: a launch whose task was never given, a former owner that
 *   hangs after it handed over.
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
import { ledgerItem, type LedgerDeps, type LedgerItem } from "./shared/ledger";
import { logToConsole, type LogEntry } from "./shared/log";

/** What the sweeper works with. */
export interface SweeperDeps extends InstancesDeps, ExecutionsDeps, LedgerDeps {
  cloudwatch: Pick<CloudWatchClient, "send">;
  /** CloudWatch namespace of the metric `swept`. */
  namespace: string;
  /** Milliseconds since the epoch. */
  now(): number;
  log(entry: LogEntry): void;
}

/** An instance is so old before anything is concluded from what other services do not yet say of it. */
const SETTLING_SECONDS = 60;
/**
 * So long may an instance be superfluous by the ledger: launched and not yet in it, or released and still busy. A former
 * owner has at most Spot's two minutes and its agent's last minute; the rest is for slow days.
 */
const SUPERFLUOUS_SECONDS = 900;
/** States of an owner that works no more. */
const OWNS_NO_MORE = ["released", "dead"];

/** Why an instance is ended, for the log. */
interface Why { reason: string; [field: string]: unknown }

/** The handler. What it could not look up or end does not keep it from the rest; it throws afterwards, so that Lambda counts an error and tries again. */
export function makeHandler(deps: SweeperDeps): () => Promise<void> {
  return async () => {
    const living = await livingInstances(deps);
    const settled = living.filter((ours) => ageSeconds(deps, ours) >= SETTLING_SECONDS);
    let swept = 0;
    const errors: unknown[] = [];
    for (const [execution, launched] of byKey(settled, (ours) => ours.execution)) {
      try {
        for (const [ours, why] of await superfluous(deps, execution, launched, living)) {
          await terminate(deps, ours.instanceId);
          swept++;
          deps.log({ level: "warn", event: "swept", ...why, ageSeconds: Math.round(ageSeconds(deps, ours)), ...fields(ours) });
        }
      } catch (error) {
        errors.push(error);
        deps.log({ level: "warn", event: "sweep-failed", execution, error: String(error) });
      }
    }
    if (swept > 0) await count(deps, swept);
    deps.log({ level: "info", event: "sweep", instances: living.length, swept });
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} executions' instances could not be swept: ${errors.map(String).join("; ")}`);
  };
}

/** Those of an execution's instances that are to be ended. @param living all of the deployment's, the youngest included */
async function superfluous(deps: SweeperDeps, execution: string, launched: readonly OurInstance[], living: readonly OurInstance[]): Promise<[OurInstance, Why][]> {
  const status = await executionStatus(deps, execution);
  if (!goesOn(status)) return launched.map((ours) => [ours, { reason: "its execution is over", executionStatus: status }]);
  const found: [OurInstance, Why][] = [];
  for (const [job, instances] of byKey(launched, (ours) => ours.job)) {
    const old = instances.filter((ours) => ageSeconds(deps, ours) >= SUPERFLUOUS_SECONDS);
    if (old.length === 0) continue;
    const item = await ledgerItem(deps, job);
    const why = { reason: "the ledger has no use for it", ...ownership(item) };
    for (const ours of old) if (superfluousSeconds(deps, ours, item, living) >= SUPERFLUOUS_SECONDS) found.push([ours, why]);
  }
  return found;
}

/** For how long an instance has been of no use, at least; negative infinity while it is of use. */
function superfluousSeconds(deps: SweeperDeps, ours: OurInstance, item: LedgerItem | undefined, living: readonly OurInstance[]): number {
  const owns = item?.["ownerInstanceId"]?.S === ours.instanceId;
  const worksNoMore = OWNS_NO_MORE.includes(item?.["ownerState"]?.S ?? "");
  const isAwaited = item?.["taskInstanceId"]?.S === ours.instanceId;
  if (owns ? !worksNoMore : isAwaited) return -Infinity;
  // An owner worked at least until it last reported; whoever was replaced, until its successor was launched.
  const reportedAt = owns ? Number(item?.["progressAt"]?.N ?? 0) * 1000 : 0;
  const successor = living.find(({ instanceId }) => instanceId === item?.["taskInstanceId"]?.S);
  return (deps.now() - Math.max(ours.launchedAt, reportedAt, successor?.launchedAt ?? 0)) / 1000;
}

/** What the ledger says of who has the job, for the log. */
const ownership = (item: LedgerItem | undefined): object =>
  item === undefined
    ? { ledger: "no item" }
    : { epoch: Number(item["ownerEpoch"]?.N ?? 0), taskInstanceId: item["taskInstanceId"]?.S, ownerInstanceId: item["ownerInstanceId"]?.S, ownerState: item["ownerState"]?.S };

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
async function count(deps: SweeperDeps, swept: number): Promise<void> {
  await deps.cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: deps.namespace,
      MetricData: [{ MetricName: "swept", Dimensions: [{ Name: "Name", Value: deps.name }], Value: swept, Unit: "Count", Timestamp: new Date(deps.now()) }],
    }),
  );
}

const ageSeconds = (deps: SweeperDeps, ours: OurInstance): number => (deps.now() - ours.launchedAt) / 1000;

function byKey<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

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
