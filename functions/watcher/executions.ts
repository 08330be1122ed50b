/** Executions that end: nothing that an execution launched outlives it. */
import { executionStatus } from "../shared/executions";
import { fields, livingInstances, terminate, type OurInstance } from "../shared/instances";
import type { WatcherDeps, WatcherEvent } from "./event";

/** A sweep looks again after it has terminated something, but not for ever. */
const MOST_SWEEPS = 5;

/** Nothing that an execution launched outlives it, however it ended. */
export async function onExecutionEnded(deps: WatcherDeps, event: WatcherEvent): Promise<void> {
  const execution = event.detail["executionArn"];
  const status = event.detail["status"];
  if (typeof execution !== "string") return deps.log({ level: "warn", event: "ignored", reason: "no executionArn" });
  if (status === "RUNNING" || status === "PENDING_REDRIVE") return;
  // The event may be old: a redriven execution runs again under the same ARN.
  const now = await executionStatus(deps, execution);
  if (now === "RUNNING") return deps.log({ level: "info", event: "runs-again", execution, status });
  const done = new Set<string>();
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    const found = (await launchedBy(deps, execution)).filter((ours) => !done.has(ours.instanceId));
    if (found.length === 0) break;
    for (const ours of found) {
      await terminate(deps, ours.instanceId);
      done.add(ours.instanceId);
      deps.log({ level: "warn", event: "swept", status, ...fields(ours) });
    }
  }
  deps.log({ level: "info", event: "execution-ended", execution, status, instancesTerminated: done.size });
}

/** The living instances of an execution, found by its tag. */
const launchedBy = (deps: WatcherDeps, execution: string): Promise<OurInstance[]> => livingInstances(deps, [{ Name: "tag:spotproof:execution", Values: [execution] }]);
