/**
 * An execution environment: the function's code, loaded once, and run for one invocation after the other. What is the
 * same whatever the runtime: phases and their limits, the log's lines, the forms of what is answered.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
import { seconds, type Microseconds, type Random } from "../../../../time/clock";
import type { RegionContext, RoleSession } from "../../../core/types";
import type { Configuration } from "../store";
import { RuntimeError, type ErrorPayload } from "./errors";
import { InvocationLog, type Line } from "./log";
import { FunctionSession } from "./session";

/** How long loading may take before it is tried again as part of the invocation. */
const INIT_SECONDS = 10;
/** On a clock that runs faster than this machine can, which is no fault of the function's. */
const SCALED_INIT_SECONDS = 3600;
const LARGEST_RESPONSE_BYTES = 6_291_556;

export interface InvocationInput { requestId: string; payload: string; clientContext?: string; invokedArn: string }
export interface InvocationOutput {
  payload: string | Buffer;
  /** Absent when it succeeded. */
  error?: ErrorPayload;
  lines: Line[];
  tail: string;
  durationMilliseconds: number;
  /** The environment cannot be used again. */
  isBroken: boolean;
}

/** How a phase went. An error's payload is its own JSON unless a text is given; whoever reports it has logged it. */
export type Ran<Value> =
  | { kind: "value"; value: Value }
  | { kind: "timeout" }
  | { kind: "error"; error: ErrorPayload; payload?: string; isBroken: boolean };

export abstract class Environment {
  readonly logStreamName: string;
  protected readonly log: InvocationLog;
  protected readonly random: Random;
  protected readonly session: FunctionSession;
  #isCold = true;

  /** @param number among all environments of the region */
  constructor(readonly region: RegionContext, readonly configuration: Configuration, number: number) {
    const { clock } = region;
    this.random = region.random.fork(`lambda ${configuration.functionName} ${number}`);
    const day = new Date(clock.now() / 1000).toISOString().slice(0, 10).replace(/-/g, "/");
    this.logStreamName = `${day}/[${configuration.version}]${this.random.hex(32)}`;
    this.session = new FunctionSession(region, configuration);
    this.log = new InvocationLog(clock, configuration);
  }

  /** Loads the code and finds its handler, by that time at the latest. */
  protected abstract load(deadline: Microseconds): Promise<Ran<undefined>>;
  /** Runs the handler. */
  protected abstract run(input: InvocationInput, deadline: Microseconds): Promise<Ran<string | Buffer>>;
  abstract close(): Promise<void> | void;

  /** The caller as whom the function's own log is written. */
  get role(): RoleSession {
    return this.session.current;
  }

  /** Whether another invocation may still go to it. */
  get isFit(): boolean {
    return true;
  }

  /** Runs one invocation, in the caller's turn. Never throws for what the function does. */
  async invoke(input: InvocationInput): Promise<InvocationOutput> {
    const { clock } = this.region;
    const { log, configuration } = this;
    log.requestId = input.requestId;
    const beforeInit = clock.now();
    const wasCold = this.#isCold;
    let loaded: Ran<undefined> = { kind: "value", value: undefined };
    if (wasCold) {
      log.init();
      loaded = await this.load(beforeInit + seconds(clock.kind === "scaled" ? SCALED_INIT_SECONDS : INIT_SECONDS));
      const initMilliseconds = (clock.now() - beforeInit) / 1000;
      if (loaded.kind !== "value") log.initFailed({ durationMilliseconds: initMilliseconds, status: loaded.kind, ...(loaded.kind === "error" ? { errorType: loaded.error.errorType } : {}) });
    }
    const initMilliseconds = wasCold && loaded.kind === "value" ? (clock.now() - beforeInit) / 1000 : undefined;
    log.start();
    const start = clock.now();
    const deadline = start + seconds(configuration.timeout);
    if (loaded.kind === "timeout") loaded = await this.load(deadline);
    if (loaded.kind === "value") this.#isCold = false;
    const ran = loaded.kind === "value" ? limited(await this.run(input, deadline)) : loaded;
    const durationMilliseconds = (clock.now() - start) / 1000;
    const finish = (payload: string | Buffer, error: ErrorPayload | undefined, status: "success" | "error" | "timeout", isBroken: boolean): InvocationOutput => {
      log.end({ durationMilliseconds, initMilliseconds, status, ...(error && status === "error" ? { errorType: error.errorType } : {}) });
      const tail = log.tail();
      return { payload, ...(error ? { error } : {}), lines: log.lines.splice(0), tail, durationMilliseconds, isBroken };
    };
    if (ran.kind === "value") return finish(ran.value, undefined, "success", false);
    if (ran.kind === "error") return finish(ran.payload ?? JSON.stringify(ran.error), ran.error, "error", ran.isBroken || loaded.kind !== "value");
    log.timedOut(configuration.timeout);
    const error = { errorType: "Sandbox.Timedout", errorMessage: `RequestId: ${input.requestId} Error: Task timed out after ${configuration.timeout.toFixed(2)} seconds` };
    return finish(JSON.stringify(error), error, "timeout", true);
  }
}

/** A result that is too large is an error: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
function limited(ran: Ran<string | Buffer>): Ran<string | Buffer> {
  if (ran.kind !== "value" || Buffer.byteLength(ran.value) <= LARGEST_RESPONSE_BYTES) return ran;
  return { kind: "error", error: { errorType: "Function.ResponseSizeTooLarge", errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE_BYTES} bytes).` }, isBroken: false };
}

/** The runtime's process has ended by itself. `status`: minus the signal's number, if one ended it. */
export function exitError(requestId: string, status: number): RuntimeError {
  const how = status === 0 ? "without providing a reason" : status < 0 ? `with error: signal: ${SIGNALS[-status] ?? `signal ${-status}`}` : `with error: exit status ${status}`;
  return new RuntimeError("Runtime.ExitError", `RequestId: ${requestId} Error: Runtime exited ${how}`);
}

/** As Go's os.Signal says them: Lambda's supervisor is written in it. */
const SIGNALS: Readonly<Record<number, string>> = { 1: "hangup", 2: "interrupt", 3: "quit", 4: "illegal instruction", 6: "aborted", 8: "floating point exception", 9: "killed", 11: "segmentation fault", 13: "broken pipe", 15: "terminated" };
