/** What the watcher is told, what it works with, and whose instance an event is about. */
import type { ExecutionsDeps } from "../shared/executions";
import { ourInstance, type InstancesDeps, type OurInstance } from "../shared/instances";
import type { LedgerDeps } from "../shared/ledger";
import type { LogEntry } from "../shared/log";

/** An event as EventBridge hands it to Lambda. */
export interface WatcherEvent {
  "detail-type": string;
  /** ISO 8601. */
  time: string;
  detail: Record<string, unknown>;
}

/** What the watcher works with. */
export interface WatcherDeps extends InstancesDeps, ExecutionsDeps, LedgerDeps {
  log(entry: LogEntry): void;
}

/** The event's instance, if it is of this deployment. */
export async function instanceOf(deps: WatcherDeps, event: WatcherEvent): Promise<OurInstance | undefined> {
  const instanceId = event.detail["instance-id"];
  if (typeof instanceId === "string") return ourInstance(deps, instanceId);
  deps.log({ level: "warn", event: "ignored", reason: "no instance-id", detailType: event["detail-type"] });
  return undefined;
}
