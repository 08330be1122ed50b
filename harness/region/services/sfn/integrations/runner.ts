/** Runs the tasks of one execution, under its state machine's role. */
import type { Json } from "../../../../asl/json";
import { TaskError } from "../../../../asl/errors";
import type { TaskCallback, TaskRequest, TaskRunner } from "../../../../asl/tasks";
import type { Random } from "../../../../time/clock";
import { AwsError, type Caller } from "../../../core/types";
import type { SfnStore } from "../store";
import { machineSession } from "../role";
import { integrationOf } from "./resolve";

/** A session that ends sooner than this is renewed before a call, in microseconds. */
const RENEWAL = 60_000_000;

export class ExecutionTaskRunner implements TaskRunner {
  private readonly sessions = new Map<string, { caller: Caller; expiration: number }>();
  private readonly sessionName: string;

  constructor(private readonly store: SfnStore, private readonly roleArn: string, private readonly stateMachineArn: string, private readonly random: Random) {
    this.sessionName = random.hex(32);
  }

  async run(request: TaskRequest): Promise<Json> {
    const { region } = this.store;
    const { run, operation } = integrationOf(region, request.resource.arn);
    const caller = this.caller(request.roleArn);
    return run({ store: this.store, region, caller, random: this.random, request, operation });
  }

  open(token: string, callback: TaskCallback): void {
    this.store.openToken(token, callback, this.stateMachineArn);
  }

  close(token: string): void {
    this.store.closeToken(token);
  }

  /** The session of the state machine's role, or of the one that Credentials name, which the machine's role assumes. */
  private caller(credentialsRoleArn: string | undefined): Caller {
    const { region } = this.store;
    const roleArn = credentialsRoleArn ?? this.roleArn;
    const known = this.sessions.get(roleArn);
    if (known !== undefined && known.expiration - region.clock.now() > RENEWAL) return known.caller;
    try {
      const { caller, credentials } = credentialsRoleArn === undefined
        ? machineSession(region, roleArn, this.stateMachineArn, this.sessionName)
        : region.assumeRole(roleArn, this.sessionName, { caller: this.caller(undefined) });
      this.sessions.set(roleArn, { caller, expiration: credentials.expiration });
      return caller;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (credentialsRoleArn === undefined) throw new TaskError("States.TaskFailed", error.message);
      throw new TaskError("States.TaskFailed", `The role ${roleArn} is not authorized to be assumed by the task state's execution role: ${error.message}`);
    }
  }
}
