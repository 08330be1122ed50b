/** What Step Functions keeps: state machines with their revisions and versions, executions, waiting tasks, tags. */
import type { Execution } from "../../../asl/execution";
import type { StateMachine } from "../../../asl/state";
import type { TaskCallback } from "../../../asl/tasks";
import type { Gate, Microseconds, Random } from "../../../time/clock";
import type { RegionContext } from "../../core/types";
import { executionDoesNotExist, invalidToken, stateMachineDoesNotExist, taskTimedOut } from "./errors";

/** What of a state machine an update replaces. */
export interface Revision {
  /** Undefined until the first update. */
  id: string | undefined;
  definition: string;
  machine: StateMachine;
  roleArn: string;
  loggingConfiguration: LoggingConfiguration;
  tracingConfiguration: { enabled: boolean };
  updateDate: Date;
}

export interface LoggingConfiguration {
  level: "ALL" | "ERROR" | "FATAL" | "OFF";
  includeExecutionData: boolean;
  destinations?: { cloudWatchLogsLogGroup?: { logGroupArn?: string } }[];
}

export interface Version { arn: string; number: number; revision: Revision; creationDate: Date; description: string | undefined }

export interface MachineRecord {
  arn: string;
  name: string;
  type: "STANDARD";
  creationDate: Date;
  revision: Revision;
  versions: Version[];
  nextVersion: number;
  tags: Map<string, string>;
}

export interface ExecutionRecord {
  arn: string;
  name: string;
  machine: MachineRecord;
  /** The ARN that StartExecution was given, where it named a version. */
  versionArn: string | undefined;
  revision: Revision;
  /** As StartExecution was given it. */
  inputText: string;
  startDate: Date;
  traceHeader: string | undefined;
  execution: Execution;
  /** Opened when it ends. */
  ended: Gate;
}

/** A name may be used again that long after its execution ended. */
const NAME_IS_TAKEN: Microseconds = 90 * 24 * 3600 * 1_000_000;

export class SfnStore {
  readonly machines = new Map<string, MachineRecord>();
  /** In order of their start. */
  readonly executions = new Map<string, ExecutionRecord>();
  private readonly callbacks = new Map<string, TaskCallback>();
  /** Of every token that was ever open, the machine whose task waited with it. */
  private readonly tokens = new Map<string, string>();
  readonly random: Random;

  constructor(readonly region: RegionContext) {
    this.random = region.random.fork("sfn");
  }

  now(): Date {
    return new Date(this.region.clock.now() / 1000);
  }

  /** The machine of that ARN, and the version if it names one. Throws AwsError StateMachineDoesNotExist. */
  machine(arn: string): { machine: MachineRecord; version: Version | undefined } {
    const found = this.machines.get(arn);
    if (found !== undefined) return { machine: found, version: undefined };
    const colon = arn.lastIndexOf(":");
    const machine = this.machines.get(arn.slice(0, colon));
    const version = machine?.versions.find((candidate) => candidate.arn === arn);
    if (machine === undefined || version === undefined) throw stateMachineDoesNotExist(arn);
    return { machine, version };
  }

  /** Throws AwsError ExecutionDoesNotExist. */
  execution(arn: string): ExecutionRecord {
    const found = this.executions.get(arn);
    if (found === undefined) throw executionDoesNotExist(arn);
    return found;
  }

  /** An execution that still holds that ARN's name. */
  holderOfName(arn: string): ExecutionRecord | undefined {
    const found = this.executions.get(arn);
    const endTime = found?.execution.endTime;
    return endTime !== undefined && this.region.clock.now() - endTime >= NAME_IS_TAKEN ? undefined : found;
  }

  openToken(token: string, callback: TaskCallback, stateMachineArn: string): void {
    this.callbacks.set(token, callback);
    this.tokens.set(token, stateMachineArn);
  }

  closeToken(token: string): void {
    this.callbacks.delete(token);
  }

  machineOfToken(token: string): string | undefined {
    return this.tokens.get(token);
  }

  /** The task that waits for a token. Throws AwsError InvalidToken, TaskTimedOut. */
  waitingTask(token: string): TaskCallback {
    const callback = this.callbacks.get(token);
    if (callback !== undefined) return callback;
    throw this.tokens.has(token) ? taskTimedOut() : invalidToken();
  }
}
