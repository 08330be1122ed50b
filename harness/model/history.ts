/**
 * A history: what a run of a scenario showed, in order of time. Everything in it was read through AWS's APIs, so a run
 * on AWS and a run in the embedded region give histories of one kind. Checks and reports see nothing else.
 */
import type { PermissionRefusal } from "./permissions";
import type { FaultKind, ScenarioRun } from "./scenario";

/** Seconds since the run began, to the microsecond; on AWS as exact as the API that told it. */
export type RunSeconds = number;

export type HistoryEvent = { atSeconds: RunSeconds } & (
  /** `fault`: the one that started it, a further execution of a job that has its own. */
  | { type: "execution-started"; job: string; execution: string; executionArn: string; input: unknown; fault?: number }
  | { type: "execution-ended"; job: string; execution: string; status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED"; error?: string; cause?: string }
  /** The state machine asked for an instance and was given none; `code` is EC2's. */
  | { type: "launch-refused"; job: string; code: string; message: string }
  | { type: "instance-launched"; job: string; launch: number; instanceId: string; instanceType: string; zone: string; spotRequestId?: string }
  | { type: "instance-state"; job: string; instanceId: string; state: string; reason?: string }
  /** The Spot request's status code changed: `fulfilled`, `marked-for-termination`, `instance-terminated-by-experiment`… */
  | { type: "spot-request-status"; job: string; spotRequestId: string; code: string }
  /** An instance took the job over; from here on its epoch is the one that may write. `atSeconds` is when it was seen;
   * `notBeforeSeconds`, when it was known not to have happened yet. `fromPercent` is what there was to restore. */
  | { type: "ownership-taken"; job: string; epoch: number; launch: number; instanceId: string; fromPercent: number; notBeforeSeconds?: RunSeconds }
  | { type: "ownership-released"; job: string; epoch: number; instanceId: string; reason: string }
  /** The owner's newest report of progress in the ledger changed, as seen there; `epoch` is the owner's at that moment. */
  | { type: "progress-reported"; job: string; epoch: number; percent: number }
  /** A sample of the job's metrics: percent committed, and percent worked beyond it. */
  | { type: "progress"; job: string; checkpointedPercent: number; unsavedPercent: number }
  | { type: "checkpoint-committed"; job: string; epoch: number; sequence: number; percent: number; key: string; sha256: string; sizeBytes: number }
  /** A fault of the scenario struck. `percent` is the job's progress at that moment, extrapolated from its last report. */
  | { type: "fault-injected"; job: string; fault: number; kind: FaultKind; instanceId?: string; percent: number }
  /** What the fault did, where it is not over at once: an experiment's end, a resumed machine. */
  | { type: "fault-ended"; job: string; fault: number; kind: FaultKind; status: string; reason?: string }
  | { type: "experiment-status"; experimentId: string; status: string; reason?: string }
  /** An alarm of the deployment changed its state; `alarm`: its name without the deployment's. */
  | { type: "alarm-state"; alarm: string; state: string; reason: string }
  /** A line of an instance's final log (JSON), as found in the bucket. */
  | { type: "agent-log"; job: string; launch: number; instanceId: string; level: string; message: string; fields: Record<string, unknown> }
);

export type EventOf<T extends HistoryEvent["type"]> = Extract<HistoryEvent, { type: T }>;

/** What was found when the run was over. */
export interface FinalState {
  job: string;
  executionArns: string[];
  /** The ledger item, unmarshalled; undefined when there is none. */
  ledger?: Record<string, unknown>;
  /** Every object under the job's checkpoint prefix. */
  checkpoints: { key: string; sizeBytes: number; lastModifiedSeconds: RunSeconds }[];
  finalLogs: { key: string; launch: number; instanceId: string; /** When S3 had it. */ uploadedSeconds?: RunSeconds }[];
  /** `state.json` of the last committed checkpoint, when the job is the default workload. */
  workload?: { jobId: string; unitsDone: number; unitsTotal: number; digest: string; [field: string]: unknown };
  /** Why the last committed checkpoint could not be read back as what was committed. */
  checkpointProblem?: string;
  /** How long a waiting task may go without a heartbeat, as its execution's history says. */
  heartbeatSeconds?: number;
  instances: { instanceId: string; launch: number; state: string; launchedSeconds: RunSeconds; endedSeconds?: RunSeconds; lifecycle: "spot" | "on-demand" }[];
}

/** What instances cost an hour. */
export interface Prices {
  /** Of the pools that were used: each price with the time since which it holds, negative before the run. */
  spot: { instanceType: string; zone: string; fromSeconds: RunSeconds; dollarsAnHour: number }[];
  /** By instance type; one that is not known is not there. */
  onDemand: Record<string, number>;
}

export interface History {
  run: ScenarioRun;
  /** When the run began, ISO 8601. */
  startedAt: string;
  target: "local" | "aws";
  seed: string;
  /** Sorted by atSeconds; ties in the order in which they were recorded. */
  events: HistoryEvent[];
  finals: FinalState[];
  /** What is left at the end in the load balancer's target group that the deployment names. */
  targets?: TargetState[];
  prices?: Prices;
  /** Calls that IAM refused, where the target can tell. */
  refusals?: PermissionRefusal[];
  /** Virtual seconds from the first start to the last end. */
  virtualSeconds: number;
  /** How long things take there, where the target knows; elsewhere it is taken from what was observed. */
  timing?: RegionTiming;
}

/** A target of a load balancer's target group, as DescribeTargetHealth tells. */
export interface TargetState { instanceId: string; state: string; reason?: string }

/** What a region takes its time for, in seconds. */
export interface RegionTiming { launchSeconds: number; bootSeconds: number; eventDeliverySeconds: number; shutdownGraceSeconds: number }

/** Events of one type, of one job where given. */
export function eventsOf<T extends HistoryEvent["type"]>(history: History, type: T, job?: string): EventOf<T>[] {
  return history.events.filter((event) => event.type === type && (job === undefined || ("job" in event && event.job === job))) as EventOf<T>[];
}

/** A job's own executions, in their order; those that a fault started beside them are not among them. */
export const startedOf = (history: History, job?: string): EventOf<"execution-started">[] => eventsOf(history, "execution-started", job).filter(({ fault }) => fault === undefined);

/** The ends of a job's own executions, in their order. */
export function endedOf(history: History, job?: string): EventOf<"execution-ended">[] {
  const others = new Set(eventsOf(history, "execution-started", job).filter(({ fault }) => fault !== undefined).map(({ execution }) => execution));
  return eventsOf(history, "execution-ended", job).filter(({ execution }) => !others.has(execution));
}

export const finalOf = (history: History, job: string): FinalState | undefined => history.finals.find((final) => final.job === job);
