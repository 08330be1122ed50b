/**
 * What the runner needs of the place in which it runs scenarios: AWS SDK clients, the stacks' outputs, a clock and the
 * faults that can be injected there. The runner never asks which target it has.
 */
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { FisClient } from "@aws-sdk/client-fis";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { RegionTiming, TargetState } from "../model/history";
import type { ConditionName } from "../model/region-conditions";
import type { PermissionRecord } from "../model/permissions";
import { isCallPhase, SEEN_PHASES, type CallPhase, type Fault, type FaultKind, type ScenarioRun } from "../model/scenario";
import type { Microseconds, Random } from "../time/clock";
import type { RootClock } from "../time/root-clock";

export type TargetKind = "local" | "aws";

export interface Clients {
  sfn: SFNClient;
  ec2: EC2Client;
  fis: FisClient;
  dynamodb: DynamoDBClient;
  s3: S3Client;
  cloudwatch: CloudWatchClient;
}

/** The outputs of both stacks, by the names of docs/ARCHITECTURE.md. */
export interface Outputs {
  stateMachineArn: string;
  ledgerTable: string;
  checkpointBucket: string;
  metricsNamespace: string;
  name: string;
  interruptTemplateId: string;
  terminateTemplateId: string;
  noCapacityTemplateId: string;
  armedTagKey: string;
  armedTagValue: string;
}

/** What an injector is told, and what it tells. */
export interface InjectionContext {
  fault: Fault;
  jobId: string;
  /** ARN of the job's running execution; undefined before the start. */
  executionArn?: string;
  /** The instance to strike, where the fault strikes one. */
  instanceId?: string;
  /** The instance must own the job at the moment of the strike; false while it boots. */
  mustOwn: boolean;
  clients: Clients;
  outputs: Outputs;
  clock: RootClock;
  random: Random;
  /** How often to ask for what changes by itself, in seconds. */
  pollSeconds: number;
  /** To be called once, when the fault has struck; `at`: when it did, where something knows it better. */
  struck(at?: Microseconds): void;
  /** An experiment's status, at each change. */
  experiment(experimentId: string, status: string, reason?: string): void;
  /** Starts a new execution that resumes the job. */
  resume(): Promise<void>;
  /** Starts a further execution of the job, which is not the job's own. */
  startAgain(): Promise<void>;
  /** The run is over: end what you started, and return. */
  over(): boolean;
}

/** How it ended: `completed`, or why not (`failed`, `missed`, `stopped`). */
export interface InjectionOutcome { status: string; reason?: string }

/** Injects one kind of fault. */
export interface Injector {
  /** How exact the moment of the strike is. */
  resolutionSeconds: number;
  /** Runs as an actor of its own until all that belongs to the fault is over. Rejects with the SDK's errors. */
  inject(context: InjectionContext): Promise<InjectionOutcome>;
}

export interface Target {
  readonly kind: TargetKind;
  readonly seed: string;
  readonly clock: RootClock;
  readonly random: Random;
  readonly clients: Clients;
  readonly outputs: Outputs;
  /** A kind that is not here is not supported. */
  readonly injectors: Readonly<Partial<Record<FaultKind, Injector>>>;
  /** Conditions of a scenario's region that were set as the run asks; what is not here is not supported. */
  readonly conditions: readonly ConditionName[];
  /** The deployment is this run's own, made with its knobs. */
  readonly ownDeployment: boolean;
  /**
   * Parks the calling actor until an instance makes a call by which such a phase shows; its id, or undefined when `over` says so first.
   * That call stays on its way for a moment, in which a fault may strike. Absent: what calls instances make is not seen there.
   */
  meetCall?(phase: CallPhase, wanted: (instanceId: string) => boolean, over: () => boolean): Promise<string | undefined>;
  /** How long things take there, where that is known beforehand. */
  readonly timing?: RegionTiming;
  /** How often the runner looks, in seconds: at the finest, for what it follows closely, and for what it does not expect to change. */
  readonly pollSeconds: { fine: number; close: number; far: number };
  /** Resolves when the target can no longer be trusted (the region met something that it cannot truthfully model); never rejects. */
  readonly failure: Promise<Error>;
  /** What has been started there goes on when the harness ends, so that an interrupted run must end it itself. */
  readonly outlivesHarness: boolean;
  /** What is left in the target group that the deployment's knobs name; absent where they name none, or the target cannot tell. */
  targets?(): Promise<TargetState[]>;
  /** What an instance of a type costs On-Demand; absent where the target cannot tell. */
  onDemandDollarsAnHour?(instanceType: string): number | undefined;
  /** What was called under which permission so far; absent where the target cannot tell. */
  permissions?(): PermissionRecord;
  /** Releases everything; safe to call twice. */
  close(): Promise<void>;
}

/** The stacks could not be loaded because IAM refused something: a finding about their policies. */
export class RefusedWhileLoading extends Error {
  override name = "RefusedWhileLoading";
  constructor(message: string, readonly permissions: PermissionRecord) {
    super(message);
  }
}

/** Why a target cannot carry out a run; undefined when it can. */
export function unsupported(target: Pick<Target, "kind" | "injectors" | "conditions" | "ownDeployment" | "meetCall">, run: ScenarioRun): string | undefined {
  const unset = (Object.keys(run.region ?? {}) as ConditionName[]).filter((name) => !target.conditions.includes(name));
  const because = target.kind === "local" ? "only Linux shows what processes hold (/proc), and this machine's system is another" : "these are conditions of the embedded region";
  if (unset.length > 0) return `the target ${target.kind} cannot set ${unset.map((name) => `region.${name}`).join(", ")}: ${because}`;
  if (run.knobs !== undefined && !target.ownDeployment) return `the target ${target.kind} cannot set ${Object.keys(run.knobs).map((name) => `knobs.${name}`).join(", ")}: its deployment is there already`;
  if (run.program !== undefined && !target.ownDeployment) return `the target ${target.kind} cannot run the program ${run.program}: its deployment is there already`;
  const phases = [...new Set(run.faults.map(({ at }) => at.phase).filter(isCallPhase))];
  if (phases.length > 0 && target.meetCall === undefined) return `the target ${target.kind} cannot strike at phase ${phases.join(", ")}: only the embedded region sees each call of an instance; it can at ${Object.keys(SEEN_PHASES).join(", ")}`;
  const missing = [...new Set(run.faults.map((fault) => fault.kind))].filter((kind) => target.injectors[kind] === undefined);
  if (missing.length === 0) return undefined;
  return `the target ${target.kind} cannot inject ${missing.join(", ")}; it can inject ${Object.keys(target.injectors).join(", ")}`;
}
