/**
 * Task: runs something through the task runner. Its call is an actor of its own, so that a time-out, a stopped execution
 * or a failed sibling ends the wait for it at any time.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 */
import { seconds, type Microseconds } from "../../time/clock";
import type { Branch, Outcome } from "../branch";
import { isTerminal, StatesError, TaskError } from "../errors";
import type { EventType } from "../event-types";
import type { Flow } from "./flow";
import { exceeds, type Json, type Maybe } from "../json";
import { recovering, type Recovery } from "./recovery";
import { MAXIMUM_PAYLOAD_BYTES } from "../scope";
import { State } from "../state";
import type { TaskResource } from "../tasks";

/** In seconds; undefined where the state has none. */
export type SecondsField = ((branch: Branch, input: Json) => Maybe<number>) | undefined;

export interface TaskFields {
  flow: Flow;
  resource: TaskResource;
  timeoutSeconds: SecondsField;
  heartbeatSeconds: SecondsField;
  /** Credentials.RoleArn. */
  roleArn: ((branch: Branch, input: Json) => Maybe<string>) | undefined;
  recovery: Recovery;
}

/** How a call has ended, once it has. */
type Settled = { output: Json } | { error: StatesError } | { defect: unknown };

export class TaskState extends State {
  recovery: Recovery;
  constructor(name: string, private readonly fields: TaskFields) {
    super(name, "Task");
    this.recovery = fields.recovery;
  }

  run(branch: Branch, input: Json): Promise<Outcome> {
    return recovering(branch, this.recovery, input, () => this.attempt(branch, input), () => undefined);
  }

  private async attempt(branch: Branch, input: Json): Promise<Outcome> {
    const { flow, resource, timeoutSeconds, heartbeatSeconds, roleArn } = this.fields;
    const token = resource.pattern === "callback" ? makeToken(branch) : undefined;
    branch.taskToken = token;
    const parameters = await flow.prepare(branch, input);
    const timeout = await timeoutSeconds?.(branch, input);
    const heartbeat = await heartbeatSeconds?.(branch, input);
    const role = await roleArn?.(branch, input);
    if (exceeds(parameters, MAXIMUM_PAYLOAD_BYTES)) {
      throw new StatesError("States.DataLimitExceeded", `The state/task '${nameOf(resource)}' was called with a payload with a size exceeding the maximum number of bytes service limit.`);
    }
    const call = new TaskCall(branch, resource, parameters, { timeout, heartbeat, roleArn: role, token });
    const completion = await flow.complete(branch, input, await call.run());
    return { ...completion, next: this.next };
  }
}

interface CallOptions { timeout: number | undefined; heartbeat: number | undefined; roleArn: string | undefined; token: string | undefined }

/** One call of a task: its events, its waits. */
class TaskCall {
  private settled: Settled | undefined;
  /** Of a callback, which may come before the call itself has answered. */
  private reported: Settled | undefined;
  private lastHeartbeat: Microseconds = 0;
  private deadline: Microseconds | undefined;
  /** No event of the call may follow any more. */
  private over = false;
  private abandon: (() => void) | undefined;

  constructor(private readonly branch: Branch, private readonly resource: TaskResource, private readonly parameters: Json, private readonly options: CallOptions) {}

  async run(): Promise<Json> {
    const { branch } = this;
    const { token } = this.options;
    this.schedule();
    if (token !== undefined) {
      branch.execution.tasks.open(token, {
        succeed: (output) => { this.report({ output }); },
        fail: (error, cause) => { this.report({ error: new TaskError(error, cause) }); },
        heartbeat: () => { this.lastHeartbeat = branch.now(); },
      });
    }
    try {
      this.start();
      const answer = await this.await(() => this.settled);
      if (token === undefined) return this.succeeded(answer);
      this.submitted(answer);
      return this.succeeded(await this.await(() => this.reported));
    } catch (error) {
      this.abandon?.();
      if (error instanceof StatesError && !isTerminal(error)) this.failed(error);
      throw error;
    } finally {
      if (token !== undefined) branch.execution.tasks.close(token);
      branch.taskToken = undefined;
    }
  }

  private schedule(): void {
    const { branch, resource, parameters, options } = this;
    const limits = {
      timeoutInSeconds: options.timeout, heartbeatInSeconds: options.heartbeat, taskCredentials: options.roleArn === undefined ? undefined : { roleArn: options.roleArn },
    };
    if (resource.events === "lambda") {
      branch.emit("LambdaFunctionScheduled", { input: parameters, resource: resource.arn, ...limits });
    } else {
      branch.emit("TaskScheduled", { resourceType: resource.resourceType, resource: resource.resource, region: branch.execution.region, parameters, ...limits });
    }
  }

  /** Starts the call as an actor; it wakes the state when it has an answer. */
  private start(): void {
    const { branch, resource, parameters, options } = this;
    this.deadline = options.timeout === undefined ? undefined : branch.now() + seconds(options.timeout);
    this.lastHeartbeat = branch.now();
    const { execution } = branch;
    execution.clock.spawn(`${execution.identity.executionName} ${branch.stateName} task`, async () => {
      if (this.over || branch.stopped) return;
      branch.emit(...this.event("Started", {}));
      try {
        this.settled = {
          output: await execution.tasks.run({
            resource, arguments: parameters,
            ...(options.token === undefined ? {} : { token: options.token }),
            ...(options.roleArn === undefined ? {} : { roleArn: options.roleArn }),
            stateName: branch.stateName, executionArn: execution.identity.executionArn,
            submitted: (output) => { if (!this.over) this.emitSubmitted(output); },
            onAbandoned: (stop) => { this.abandon = stop; },
          }),
        };
      } catch (error) {
        this.settled = error instanceof StatesError ? { error } : { defect: error };
      }
      branch.wake();
    });
  }

  private report(settled: Settled): void {
    this.reported ??= settled;
    this.branch.wake();
  }

  /** Waits for an answer, for the time-out or for a missing heartbeat, whichever is first. */
  private async await(answer: () => Settled | undefined): Promise<Settled> {
    const { branch, options } = this;
    for (;;) {
      const silent = options.heartbeat === undefined ? undefined : this.lastHeartbeat + seconds(options.heartbeat);
      const until = earliest(this.deadline, silent);
      if (await branch.waitUntil(until, () => answer() !== undefined)) return answer() as Settled;
      const now = branch.now();
      if (this.deadline !== undefined && now >= this.deadline) throw new StatesError("States.Timeout", undefined);
      if (options.heartbeat !== undefined && now >= this.lastHeartbeat + seconds(options.heartbeat)) {
        throw new StatesError("States.Timeout", undefined, { aliases: ["States.HeartbeatTimeout"] });
      }
    }
  }

  private submitted(settled: Settled): void {
    if ("output" in settled) this.emitSubmitted(settled.output);
    else this.rethrow(settled);
  }

  private emitSubmitted(output: Json): void {
    this.branch.emit(...this.event("Submitted", { output }));
  }

  private succeeded(settled: Settled): Json {
    this.over = true;
    if (!("output" in settled)) return this.rethrow(settled);
    if (exceeds(settled.output, MAXIMUM_PAYLOAD_BYTES)) {
      throw new StatesError("States.DataLimitExceeded", `The state/task '${nameOf(this.resource)}' returned a result with a size exceeding the maximum number of bytes service limit.`);
    }
    this.branch.emit(...this.event("Succeeded", { output: settled.output }));
    return settled.output;
  }

  private rethrow(settled: Settled): never {
    if (!("error" in settled)) throw (settled as { defect: unknown }).defect;
    const { error } = settled;
    throw isTerminal(error) ? this.branch.fault(error.error ?? "States.Runtime", error.cause ?? "", error.details) : error;
  }

  private failed(error: StatesError): void {
    this.over = true;
    const type = error.error === "States.Timeout" && !(error instanceof TaskError) ? "TimedOut" : "Failed";
    this.branch.emit(...this.event(type, { error: error.error, cause: error.cause }));
  }

  /** The event's name and details, as the kind of resource has them. */
  private event(suffix: string, details: Record<string, unknown>): [EventType, Record<string, unknown> | undefined] {
    if (this.resource.events === "lambda") return [`LambdaFunction${suffix}` as EventType, suffix === "Started" ? undefined : details];
    return [`Task${suffix}` as EventType, { resourceType: this.resource.resourceType, resource: this.resource.resource, ...details }];
  }
}

/** How an error's cause names a task: a function by its ARN, an integration by its service. */
const nameOf = ({ events, arn, resourceType }: TaskResource): string => (events === "lambda" ? arn : resourceType);

const earliest = (left: Microseconds | undefined, right: Microseconds | undefined): Microseconds | undefined =>
  left === undefined ? right : right === undefined ? left : Math.min(left, right);

/** Opaque; long and made of base64, as AWS's are. */
const makeToken = (branch: Branch): string => `AQCAAAAAKgAAAAMAAAAA${branch.random.bytes(96).toString("base64")}`;
