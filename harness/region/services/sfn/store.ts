/** What Step Functions keeps: state machines with their revisions and versions, executions, waiting tasks, tags. */
import type { Execution } from "../../../asl/execution";
import type { StateMachine } from "../../../asl/state";
import type { TaskCallback } from "../../../asl/tasks";
import type { Gate, Microseconds, Random } from "../../../time/clock";
import type { RegionContext } from "../../core/types";
import { executionDoesNotExist, invalidToken, stateMachineDeleting, stateMachineDoesNotExist, taskTimedOut } from "./errors";

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

/** Which versions an alias stands for, in percent. */
export interface Route { stateMachineVersionArn: string; weight: number }

export interface Alias { arn: string; name: string; description: string | undefined; routes: Route[]; creationDate: Date; updateDate: Date }

export interface Version { arn: string; number: number; revision: Revision; creationDate: Date; description: string | undefined }

export interface MachineRecord {
  arn: string;
  name: string;
  type: "STANDARD";
  /** DELETING once it is to be deleted, until its last execution has ended. */
  status: "ACTIVE" | "DELETING";
  creationDate: Date;
  revision: Revision;
  versions: Version[];
  nextVersion: number;
  /** By name. */
  aliases: Map<string, Alias>;
  tags: Map<string, string>;
}

export interface ExecutionRecord {
  arn: string;
  name: string;
  machine: MachineRecord;
  /** Of the version that StartExecution named, or to which an alias led. */
  versionArn: string | undefined;
  aliasArn: string | undefined;
  revision: Revision;
  /** As StartExecution was given it. */
  inputText: string;
  startDate: Date;
  traceHeader: string | undefined;
  execution: Execution;
  /** The last tokens with which it was redriven, newest last. */
  redriveTokens: { token: string; time: Microseconds }[];
  /** Opened when it ends. */
  ended: Gate;
}

/** How Step Functions behaves here. */
export interface SfnSettings {
  /** How many times EventBridge gets each change of an execution's status, emitted on a best effort basis; 0: never. */
  statusEvents: number;
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
  readonly settings: SfnSettings = { statusEvents: 1 };

  constructor(readonly region: RegionContext) {
    this.random = region.random.fork("sfn");
  }

  now(): Date {
    return new Date(this.region.clock.now() / 1000);
  }

  /** The machine of that ARN, and the version or alias if it names one. Throws AwsError StateMachineDoesNotExist. */
  machine(arn: string): { machine: MachineRecord; version: Version | undefined; alias: Alias | undefined } {
    const found = this.machines.get(arn);
    if (found !== undefined) return { machine: found, version: undefined, alias: undefined };
    const colon = arn.lastIndexOf(":");
    const machine = this.machines.get(arn.slice(0, colon));
    const version = machine?.versions.find((candidate) => candidate.arn === arn);
    const alias = machine?.aliases.get(arn.slice(colon + 1));
    if (machine === undefined || (version === undefined && alias === undefined)) throw stateMachineDoesNotExist(arn);
    return { machine, version, alias };
  }

  /** As `machine`, for what may not be done to one that is being deleted. Throws AwsError StateMachineDeleting, too. */
  activeMachine(arn: string): ReturnType<SfnStore["machine"]> {
    const found = this.machine(arn);
    if (found.machine.status === "DELETING") throw stateMachineDeleting(found.machine.arn);
    return found;
  }

  /** Ends the deletion of a machine whose executions have all ended. */
  finishDeletion(machine: MachineRecord): void {
    if (machine.status !== "DELETING") return;
    for (const { machine: owner, execution } of this.executions.values()) if (owner === machine && execution.status === "RUNNING") return;
    this.machines.delete(machine.arn);
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
