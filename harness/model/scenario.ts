/**
 * A scenario: a job's input, the faults that strike it and what is expected. The file's fields are checked by
 * `scenario-schema.ts`; these are the types that a checked file has.
 */
import type { RegionConditions } from "./region-conditions";

export const FAULT_KINDS = ["interrupt", "terminate", "vanish", "rebalance", "price-rise", "reclaim", "no-capacity", "suspend", "kill-process", "network-cut", "storage-errors", "checkpoint-damage", "stop-execution", "start-execution"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Kinds that strike an instance. */
export const ON_INSTANCE: ReadonlySet<FaultKind> = new Set<FaultKind>(["interrupt", "terminate", "vanish", "rebalance", "price-rise", "reclaim", "suspend", "kill-process", "network-cut", "storage-errors", "checkpoint-damage"]);

/** The conditions that a trigger may name: exactly one of them. */
export const TRIGGER_CONDITIONS = ["checkpoint", "percent", "afterSeconds", "phase", "duringSave", "beforeStart", "afterEnd"] as const;

/** Phases that AWS's APIs show: what each is, and from when it counts. */
export const SEEN_PHASES = {
  launch: "an instance has been asked for: from its launch, whether it runs yet or not",
  boot: "an instance's operating system starts: from `running`",
  restore: "an instance has taken over a job that has a committed checkpoint, and brings it back",
  work: "an instance has taken the job over, and works",
  handoff: "the owner has had its warning and works on, while its successor is on its way",
  ready: "the successor waits for the owner's release",
} as const;

/** Phases that only the calls of an instance show: the strike comes while that call is on its way. */
export const CALL_PHASES = {
  takeover: "the instance has just taken the job over, and has not had the answer",
  upload: "a save's upload is asked for, and nothing of it is stored",
  commit: "a save is in the bucket, and not committed yet",
  committed: "a save is committed, and the instance has not had the answer",
  "final-log": "the final log's upload is asked for, and nothing of it is stored",
  report: "the instance reports the end of its work, and nothing has heard it",
  reported: "the end is reported, and the instance not powered off",
} as const;

export type SeenPhase = keyof typeof SEEN_PHASES;
export type CallPhase = keyof typeof CALL_PHASES;
export type Phase = SeenPhase | CallPhase;
export const PHASE_NAMES = [...Object.keys(SEEN_PHASES), ...Object.keys(CALL_PHASES)] as Phase[];
export const isCallPhase = (phase: Phase | undefined): phase is CallPhase => phase !== undefined && Object.hasOwn(CALL_PHASES, phase);

/** During a handoff a job has two instances. */
export const STRUCK_PARTIES = ["owner", "successor"] as const;
export type StruckParty = (typeof STRUCK_PARTIES)[number];

/** When a fault strikes: exactly one of the first seven, then `offsetSeconds` later (default 0). */
export interface Trigger {
  /** k-th committed checkpoint (1-based). */
  checkpoint?: number;
  /** The job's progress, committed or not, in percent. */
  percent?: number;
  /** Seconds since the execution started. */
  afterSeconds?: number;
  /** What an instance is doing, or the system around it. */
  phase?: Phase;
  /** While the job writes its k-th save (1-based), in the middle of it. */
  duringSave?: number;
  /** Before anything is started. */
  beforeStart?: true;
  /** Once the job's execution has ended, however it did. */
  afterEnd?: true;
  offsetSeconds?: number;
  /** Strike on this attempt only (1-based); default: whichever attempt meets the trigger first. */
  attempt?: number;
}

export interface Fault {
  kind: FaultKind;
  at: Trigger;
  /** Which job of the scenario, by its name; default: the first. */
  job: string;
  /** suspend: how long the machine stands still; network-cut: how long nothing gets through; storage-errors: how long there are errors; no-capacity: how long none is to be had; stop-execution: how long
   * until a new execution resumes the job (absent: never); price-rise, reclaim: how long until the price is what it was,
   * and there is capacity again (absent: not in this run). */
  durationSeconds?: number;
  /** Which of a job's two instances it strikes, where there are two; default: the owner, or the one that the phase is about. */
  instance?: StruckParty;
  /** Strikes so many times, each time another instance; `every`: every one that comes to the phase. */
  repeat?: number | "every";
  /** kill-process: which of the instance's processes gets SIGKILL; default: the agent. */
  process?: KilledProcess;
  /** network-cut: what the instance's subnet does not let through; default: `all` but the metadata service. */
  scope?: CutScope;
  /** storage-errors: which service answers the job's instances with errors (default: s3), and with which (default: throttled). */
  service?: StorageService;
  answer?: StorageAnswer;
  /** checkpoint-damage: what becomes of the last committed checkpoint's object; default: missing. */
  damage?: CheckpointDamage;
  /** price-rise: what a Spot hour costs from then on, as a multiple of what the struck instance's request pays at most, or
   * in US dollars. */
  toTimesMaximum?: number;
  toDollarsPerHour?: number;
  /** price-rise, reclaim: which Spot pools it strikes; default: the struck instance's own. */
  pools?: PoolChoice;
  /** start-execution: fields of the further execution's input that differ from the job's; how it has to end. */
  input?: Readonly<Record<string, unknown>>;
  ends?: Ending;
}

export const EXECUTION_STATUSES = ["SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT"] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

/** How an execution has to end. */
export interface Ending {
  status: ExecutionStatus;
  /** The Error of a failed one, and what its Cause says, among other things. */
  error?: string;
  cause?: string[];
  /** From its start. */
  withinSeconds?: number;
}

/** The agent's takes the job's along, as systemd does with what is left of a unit; the job's own is run again by its agent. */
export const KILLED_PROCESSES = ["agent", "job"] as const;
export type KilledProcess = (typeof KILLED_PROCESSES)[number];

export const CUT_SCOPES = ["all", "s3", "dynamodb"] as const;
export type CutScope = (typeof CUT_SCOPES)[number];

export const STORAGE_SERVICES = ["s3", "dynamodb"] as const;
export type StorageService = (typeof STORAGE_SERVICES)[number];
/** Too many requests; no permission; an error of the service's own; the session's time is over. */
export const STORAGE_ANSWERS = ["throttled", "denied", "failing", "expired"] as const;
export type StorageAnswer = (typeof STORAGE_ANSWERS)[number];
/** `older`: it has the content of the checkpoint before. */
export const CHECKPOINT_DAMAGES = ["truncated", "altered", "older", "missing"] as const;
export type CheckpointDamage = (typeof CHECKPOINT_DAMAGES)[number];

/** `own`: the struck instance's type in its zone; `zone`: every type in its zone; `all`: every type in every zone. */
export const POOL_CHOICES = ["own", "zone", "all"] as const;
export type PoolChoice = (typeof POOL_CHOICES)[number];

export const LIFECYCLES = ["spot", "on-demand"] as const;
export type Lifecycle = (typeof LIFECYCLES)[number];

export interface JobSpec {
  name: string;
  durationMinutes: number;
  checkpointMinutes: number;
  /** How long the default workload takes to write a save. */
  saveSeconds: number;
  /** How much it writes, in megabytes (10⁶ bytes), beside its state. */
  saveMegabytes?: number;
  /** Further fields of the execution's input, or others than those above; they need not be right. */
  input?: Readonly<Record<string, unknown>>;
  /** When its first execution has failed, another one resumes the job, with these fields of the input instead of `input`. */
  resume?: Readonly<Record<string, unknown>>;
  /** The execution's input itself, whatever it is, instead of one made of all these. */
  wholeInput?: unknown;
  /** What the Cause of this job's failed execution says, beside what is expected of every job's. */
  cause?: string[];
}

/** Bounds on a figure; both may be given. A file may give one number for both. */
export interface Bounds { atLeast?: number; atMost?: number }

export interface Expectation {
  /** Of the job's last execution; one that a fault of kind start-execution started is not the job's. */
  status: ExecutionStatus;
  /** The Error of a failed execution. */
  error?: string;
  /** What the Cause of a failed execution says, among other things. */
  cause?: string[];
  /** Launch calls that gave no instance, of all executions. They were neither too close to each other nor at one pace for ever. */
  launchesRefused?: Bounds;
  /** Of each job's instances, in their order: spot or on-demand. */
  lifecycles?: Lifecycle[];
  /** Each instance that a fault struck is followed by one in another zone, or in the same zone by one of another type. */
  elsewhere?: true | "type";
  /** Instances launched for each job that a fault struck (for every job, when none was). */
  attempts?: Bounds;
  /** How often each job's command was run, on whatever instance. */
  runs?: Bounds;
  /** Checkpoints committed of each job. */
  checkpoints?: Bounds;
  /** Checkpoints of each job that were stored, and whose commit never came, as far as a later owner found them. */
  neverCommitted?: Bounds;
  /** How often an agent took the job over: each of its lives does so once. */
  takeovers?: Bounds;
  /** Instances of one job that run at the same moment, at most. */
  instancesAtOnce?: number;
  /** Work done more than once or thrown away, over the whole run, in seconds of work. */
  lostWorkSeconds?: Bounds;
  /** Each interruption's pause. */
  pauseSeconds?: Bounds;
  /** From the first start to the last end. */
  virtualSeconds?: Bounds;
  /** Status codes that the interrupted Spot request went through, in this order. */
  spotRequestStatus?: string[];
  /** Every interruption kept to its documented timeline: the notice at once and two minutes ahead of the end, seen within five
   * seconds, the save and the final log before the end, the end two minutes after the notice at the latest. */
  interruptionTimeline?: true;
  /** The final logs of the instances that the scenario struck are in the bucket. */
  finalLogs?: boolean;
  /** Events that must stand in the final logs of the instances struck: `superseded`, say; where none was, in those of every job. */
  logEvents?: string[];
  /** Every instance that worked was in the deployment's target group, and had left it before it was gone. */
  deregistered?: true;
  /** Events that must stand in the final log of some instance of each job, struck or not. */
  logEventsOfAny?: string[];
  /** The alarms that go off, by their names without the deployment's; none where it is left out. */
  alarms?: string[];
  /** Seconds after stop-execution, or else after the job's execution has ended, within which no instance of that job runs. */
  instancesGoneWithinSeconds?: number;
}

/** Values of the deployment's knobs, by their names; others have their defaults, or what the environment says. */
export type Knobs = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A scenario file. */
export interface Scenario {
  name: string;
  description: string;
  jobs: JobSpec[];
  faults: Fault[];
  expect: Expectation;
  /** Under which conditions the region works; only a target that makes its own region can set them. */
  region?: RegionConditions;
  /** The job's own program, a folder in harness/scenarios/programs: it is in the checkpoint bucket as artifacts/PROGRAM.tar.gz before
   * anything starts, where the knob jobArtifact finds it. Only a target that deploys for itself can do so. */
  program?: string;
  /** How its deployment differs from the others'; only a target that deploys for itself can do so. */
  knobs?: Knobs;
  /** Give up after so much virtual time. */
  timeoutMinutes: number;
  file: string;
}

/** One run: a scenario with its matrix values filled in. `id` is `name`, or `name/value` for a matrix. */
export interface ScenarioRun extends Scenario { id: string }
