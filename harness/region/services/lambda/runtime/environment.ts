/**
 * An execution environment: the function's code, loaded once, and run for one invocation after the other.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
import { Script, type Context } from "node:vm";
import { seconds, toSeconds, type Microseconds } from "../../../../time/clock";
import type { RegionContext, RoleSession } from "../../../core/types";
import type { Configuration } from "../store";
import { createBuiltins, regionCrypto } from "./builtins";
import { errorPayload, RuntimeError, type ErrorPayload } from "./errors";
import { EventLoop, type Outcome } from "./event-loop";
import { createScope } from "./globals";
import { InvocationLog, type Line } from "./log";
import { Modules } from "./modules";
import { createProcess } from "./process";
import { loadSdk, type SdkOptions } from "./sdk";
import { catchStrayRejections } from "./stray-rejections";

/** A handler that does not come back from its first turn is ended after so much real time. */
const LONGEST_TURN_REAL_SECONDS = 30;
const LARGEST_RESPONSE_BYTES = 6_291_556;
/** Credentials are renewed when they are valid for less than this. */
const RENEW_SECONDS = 300;

export interface InvocationInput { requestId: string; payload: string; clientContext?: string; invokedArn: string }
export interface InvocationOutput {
  payload: string;
  /** Absent when it succeeded. */
  error?: ErrorPayload;
  lines: Line[];
  tail: string;
  durationMilliseconds: number;
  /** The environment cannot be used again. */
  isBroken: boolean;
}

const ADOPT = "(promise) => new Promise((resolve, reject) => promise.then(resolve, reject))";

type Handler = (event: unknown, context: object, callback: (error: unknown, result?: unknown) => void) => unknown;

export class Environment {
  readonly logStreamName: string;
  readonly #loop: EventLoop;
  readonly #log: InvocationLog;
  readonly #variables: Record<string, string>;
  readonly #context: Context;
  readonly #modules: Modules;
  readonly #releaseRejections: () => void;
  #session: RoleSession;
  #handler: Handler | undefined;
  #isCold = true;
  #requestId = "";

  constructor(readonly region: RegionContext & { sdkConfig?(credentials?: object): object }, readonly configuration: Configuration) {
    const { clock } = region;
    const random = region.random.fork(`lambda ${configuration.functionName} ${configuration.revisionId} ${clock.now()}`);
    const day = new Date(clock.now() / 1000).toISOString().slice(0, 10).replace(/-/g, "/");
    this.logStreamName = `${day}/[${configuration.version}]${random.hex(32)}`;
    this.#session = assume(region, configuration);
    this.#variables = this.#environmentVariables();
    this.#loop = new EventLoop(clock, `lambda ${configuration.functionName}`);
    this.#log = new InvocationLog(clock, configuration);
    const process = createProcess({ clock, loop: this.#loop, log: this.#log, configuration, environment: this.#variables, requestId: () => this.#requestId });
    const crypto = regionCrypto(random, this.#loop);
    this.#context = createScope({ clock, random, loop: this.#loop, log: this.#log, process, crypto });
    const { files } = configuration.code;
    const sdkOptions: SdkOptions = { loop: this.#loop, random, config: (keys) => ({ ...(region.sdkConfig?.(keys) ?? { region: region.regionName, endpoint: region.endpoint }) }), credentials: () => this.#credentials(), adopt: this.#inContext(ADOPT) as SdkOptions["adopt"] };
    this.#modules = new Modules({ context: this.#context, files, builtin: createBuiltins({ loop: this.#loop, random, process, crypto, files }), sdk: (name) => loadSdk(name, sdkOptions) });
    this.#releaseRejections = catchStrayRejections(this.#context, (reason) => this.#loop.throwOut(new RuntimeError("Runtime.UnhandledPromiseRejection", rejectionText(reason), errorPayload(reason).trace ?? [])));
  }

  close(): void {
    this.#loop.close();
    this.#releaseRejections();
  }

  /** Runs one invocation, in the caller's turn. Never throws for what the function does. */
  async invoke(input: InvocationInput): Promise<InvocationOutput> {
    const { clock } = this.region;
    const log = this.#log;
    const start = clock.now();
    const deadline = start + seconds(this.configuration.timeout);
    this.#requestId = log.requestId = input.requestId;
    const wasCold = this.#isCold;
    let thrown: { error: unknown } | undefined;
    if (wasCold) {
      log.init();
      try {
        this.#handler = this.#findHandler();
        this.#isCold = false;
      } catch (error) {
        thrown = { error: importError(error) };
        log.failed(thrown.error, "Uncaught Exception");
      }
    }
    log.start();
    this.#refreshCredentials();
    const finish = (payload: string, error: ErrorPayload | undefined, status: "success" | "error" | "timeout", isBroken: boolean): InvocationOutput => {
      const durationMilliseconds = (clock.now() - start) / 1000;
      log.end({ durationMilliseconds, initMilliseconds: wasCold ? 0 : undefined, status, ...(error ? { errorType: error.errorType } : {}) });
      const tail = log.tail();
      return { payload, ...(error ? { error } : {}), lines: log.lines.splice(0), tail, durationMilliseconds, isBroken };
    };
    if (thrown) {
      const error = errorPayload(thrown.error);
      return finish(JSON.stringify(error), error, "error", true);
    }
    const outcome = await this.#run(input, deadline);
    if (outcome.kind === "timeout") {
      log.timedOut(this.configuration.timeout);
      const error = { errorType: "Sandbox.Timedout", errorMessage: `RequestId: ${input.requestId} Error: Task timed out after ${this.configuration.timeout.toFixed(2)} seconds` };
      return finish(JSON.stringify(error), error, "timeout", true);
    }
    if (outcome.kind === "error") {
      log.failed(outcome.error, outcome.isBroken ? "Uncaught Exception" : "Invoke Error");
      const error = errorPayload(outcome.error);
      return finish(JSON.stringify(error), error, "error", outcome.isBroken);
    }
    return finish(outcome.payload, undefined, "success", false);
  }

  async #run(input: InvocationInput, deadline: Microseconds): Promise<{ kind: "timeout" } | { kind: "error"; error: unknown; isBroken: boolean } | { kind: "value"; payload: string }> {
    let settled: { value: unknown } | { error: unknown } | undefined;
    const context = this.#invocationContext(input, deadline, (outcome) => (settled ??= outcome));
    const callback = (error: unknown, value?: unknown): void => {
      settled ??= error === undefined || error === null ? { value } : { error };
    };
    // A handler that returns a promise answers as soon as that settles; any other when the event loop is empty.
    let waitsForEmptyLoop = false;
    try {
      const event = this.#inContext("JSON.parse")(input.payload) as unknown;
      const result = this.#callHandler(event, context, callback);
      if (isThenable(result)) result.then((value) => (settled ??= { value }), (error: unknown) => (settled ??= { error }));
      else waitsForEmptyLoop = true;
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return { kind: "timeout" };
      settled ??= { error };
    }
    const done = (): boolean => settled !== undefined && (!waitsForEmptyLoop || "error" in settled || (context as { callbackWaitsForEmptyEventLoop: boolean }).callbackWaitsForEmptyEventLoop === false);
    const outcome: Outcome = await this.#loop.run(done, deadline);
    if (outcome.kind === "threw") return { kind: "error", error: outcome.error, isBroken: true };
    if (outcome.kind === "deadline") return { kind: "timeout" };
    // Nothing is left that could settle it: the runtime answers null.
    const result = settled ?? { value: null };
    if ("error" in result) return { kind: "error", error: result.error, isBroken: false };
    try {
      const payload = JSON.stringify(result.value) ?? "null";
      const size = Buffer.byteLength(payload);
      if (size > LARGEST_RESPONSE_BYTES) return { kind: "error", error: new RuntimeError("Function.ResponseSizeTooLarge", `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE_BYTES} bytes).`), isBroken: false };
      return { kind: "value", payload };
    } catch (error) {
      return { kind: "error", error: new RuntimeError("Runtime.MarshalError", `Unable to stringify response body as json: ${(error as Error).message}`), isBroken: false };
    }
  }

  #inContext(expression: string): (...args: unknown[]) => unknown {
    return new Script(expression).runInContext(this.#context) as (...args: unknown[]) => unknown;
  }

  /** Calls the handler so that an endless loop in its first turn is ended. */
  #callHandler(event: unknown, context: object, callback: Handler extends (e: unknown, c: object, cb: infer C) => unknown ? C : never): unknown {
    const handler = this.#handler!;
    if (Number(/\d+/.exec(this.configuration.runtime)![0]) >= 24 && handler.length >= 3) {
      throw new RuntimeError("Runtime.CallbackHandlerDeprecated", "ERROR: AWS Lambda does not support callback-based function handlers when using Node.js 24 and later. To use Node.js 24 or later, modify this function to use a supported handler signature.");
    }
    const slot = this.#context as { __call?: () => unknown };
    slot.__call = () => handler(event, context, callback);
    try {
      return new Script("__call()", { filename: "/var/runtime/index.mjs" }).runInContext(this.#context, { timeout: Math.min(this.configuration.timeout, LONGEST_TURN_REAL_SECONDS) * 1000 });
    } finally {
      delete slot.__call;
    }
  }

  /** `folder/file.export.member`: the file's path, and what of its exports to call. */
  #findHandler(): Handler {
    const { handler } = this.configuration;
    const match = /^((?:.*\/)?[^./]+)\.(.+)$/.exec(handler);
    if (!match || handler.includes("..")) throw new RuntimeError("Runtime.MalformedHandlerName", handler.includes("..") ? `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.` : "Bad handler");
    let found = this.#modules.loadEntry(match[1]!);
    for (const member of match[2]!.split(".")) found = (found as Record<string, unknown> | undefined)?.[member];
    if (found === undefined) throw new RuntimeError("Runtime.HandlerNotFound", `${handler} is undefined or not exported`);
    if (typeof found !== "function") throw new RuntimeError("Runtime.HandlerNotFound", `${handler} is not a function`);
    return found as Handler;
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
  #invocationContext(input: InvocationInput, deadline: Microseconds, settle: (outcome: { value: unknown } | { error: unknown }) => void): object {
    const { configuration } = this;
    const { clock } = this.region;
    return {
      callbackWaitsForEmptyEventLoop: true,
      functionVersion: configuration.version,
      functionName: configuration.functionName,
      memoryLimitInMB: String(configuration.memorySize),
      logGroupName: configuration.logging.group,
      logStreamName: this.logStreamName,
      clientContext: input.clientContext === undefined ? undefined : (JSON.parse(Buffer.from(input.clientContext, "base64").toString("utf8")) as unknown),
      identity: undefined,
      invokedFunctionArn: input.invokedArn,
      awsRequestId: input.requestId,
      getRemainingTimeInMillis: () => Math.max(0, Math.floor((deadline - clock.now()) / 1000)),
      done: (error: unknown, value?: unknown) => settle(error ? { error } : { value }),
      succeed: (value: unknown) => settle({ value }),
      fail: (error: unknown) => settle({ error }),
    };
  }

  #environmentVariables(): Record<string, string> {
    const { configuration, region } = this;
    return {
      AWS_REGION: region.regionName, AWS_DEFAULT_REGION: region.regionName,
      AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: configuration.functionName, AWS_LAMBDA_FUNCTION_VERSION: configuration.version, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySize),
      AWS_LAMBDA_LOG_GROUP_NAME: configuration.logging.group, AWS_LAMBDA_LOG_STREAM_NAME: this.logStreamName, AWS_LAMBDA_LOG_FORMAT: configuration.logging.format,
      ...(configuration.logging.applicationLevel ? { AWS_LAMBDA_LOG_LEVEL: configuration.logging.applicationLevel } : {}),
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      LAMBDA_TASK_ROOT: "/var/task", LAMBDA_RUNTIME_DIR: "/var/runtime", _HANDLER: configuration.handler,
      TZ: ":UTC", LANG: "en_US.UTF-8", PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin", NODE_PATH: "/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task",
      ...configuration.environment,
      ...this.#credentialVariables(),
    };
  }

  #credentialVariables(): Record<string, string> {
    const { accessKeyId, secretAccessKey, sessionToken } = this.#session.credentials;
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken };
  }

  /** The caller as whom the function's own log is written. */
  get session(): RoleSession {
    this.#refreshCredentials();
    return this.#session;
  }

  #refreshCredentials(): void {
    if (toSeconds(this.#session.credentials.expiration - this.region.clock.now()) >= RENEW_SECONDS) return;
    this.#session = assume(this.region, this.configuration);
    Object.assign(this.#variables, this.#credentialVariables());
  }

  #credentials(): { accessKeyId: string; secretAccessKey: string; sessionToken: string } {
    this.#refreshCredentials();
    const { accessKeyId, secretAccessKey, sessionToken } = this.#session.credentials;
    return { accessKeyId, secretAccessKey, sessionToken };
  }
}

/** Lambda assumes the role for the function itself. https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
const assume = (region: RegionContext, { role, functionName }: Configuration): RoleSession => region.assumeRole(role, functionName, {
  service: "lambda.amazonaws.com", sourceArn: `arn:${region.partition}:lambda:${region.regionName}:${region.accountId}:function:${functionName}`,
});

const isThenable = (value: unknown): value is PromiseLike<unknown> => typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

const rejectionText = (reason: unknown): string => {
  const { errorType, errorMessage } = errorPayload(reason);
  return `${errorType}: ${errorMessage}`;
};

/** What is told of a module that could not be loaded. */
function importError(error: unknown): unknown {
  if (error instanceof RuntimeError) return error;
  if ((error as { code?: string } | undefined)?.code === "MODULE_NOT_FOUND") return new RuntimeError("Runtime.ImportModuleError", `Error: ${(error as Error).message}`);
  return error;
}
