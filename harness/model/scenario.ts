/**
 * A scenario: a job's input, the faults that strike it and what is expected. The file's fields are checked by
 * `scenario-schema.ts`; these are the types that a checked file has.
 */
export const FAULT_KINDS = ["interrupt", "terminate", "vanish", "rebalance", "no-capacity", "suspend", "stop-execution"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** When a fault strikes: exactly one of the first six, then `offsetSeconds` later (default 0). */
export interface Trigger {
  /** k-th committed checkpoint (1-based). */
  checkpoint?: number;
  /** The job's progress, committed or not, in percent. */
  percent?: number;
  /** Seconds since the execution started. */
  afterSeconds?: number;
  /** An instance is launched and its operating system starts: counted from `running`. */
  phase?: "boot" | "restore";
  /** While the job writes its k-th save (1-based), in the middle of it. */
  duringSave?: number;
  /** Before anything is started. */
  beforeStart?: true;
  offsetSeconds?: number;
  /** Strike on this attempt only (1-based); default: whichever attempt meets the trigger first. */
  attempt?: number;
}

export interface Fault {
  kind: FaultKind;
  at: Trigger;
  /** Which job of the scenario, by its name; default: the first. */
  job: string;
  /** suspend: how long the machine stands still; no-capacity: how long none is to be had; stop-execution: how long
   * until a new execution resumes the job (absent: never). */
  durationSeconds?: number;
}

export interface JobSpec {
  name: string;
  durationMinutes: number;
  checkpointMinutes: number;
  /** How long the default workload takes to write a save. */
  saveSeconds: number;
}

/** Bounds on a figure; both may be given. */
export interface Bounds { atLeast?: number; atMost?: number }

export interface Expectation {
  /** Of the job's last execution. */
  status: "SUCCEEDED" | "FAILED" | "ABORTED" | "TIMED_OUT";
  /** The Error of a failed execution. */
  error?: string;
  attempts?: number | Bounds;
  /** Work done more than once or thrown away, over the whole run, in seconds of work. */
  lostWorkSeconds?: Bounds;
  /** Each interruption's pause. */
  pauseSeconds?: Bounds;
  /** From the first start to the last end. */
  virtualSeconds?: Bounds;
  /** Status codes that the interrupted Spot request went through, in this order. */
  spotRequestStatus?: string[];
  /** The interrupted instance's final log is in the bucket. */
  finalLogs?: boolean;
  /** Seconds after stop-execution within which no instance of that job runs. */
  instancesGoneWithinSeconds?: number;
}

/** A scenario file. */
export interface Scenario {
  name: string;
  description: string;
  jobs: JobSpec[];
  faults: Fault[];
  expect: Expectation;
  /** Give up after so much virtual time. */
  timeoutMinutes: number;
  file: string;
}

/** One run: a scenario with its matrix values filled in. `id` is `name`, or `name/value` for a matrix. */
export interface ScenarioRun extends Scenario { id: string }
