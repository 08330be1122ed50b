/** A Node.js runtime: the code runs in a context of this process, with an event loop of its own on the region's clock. */
import { Script, type Context } from "node:vm";
import type { Microseconds } from "../../../../../time/clock";
import type { RegionContext } from "../../../../core/types";
import type { Configuration } from "../../store";
import { Environment, exitError, type InvocationInput, type Ran } from "../environment";
import { errorPayload, RuntimeError } from "../errors";
import { createBuiltins, regionCrypto } from "./builtins";
import { EventLoop, type Outcome } from "./event-loop";
import { createScope } from "./globals";
import { Modules } from "./modules";
import { createProcess } from "./process";
import { loadSdk, type SdkOptions } from "./sdk";
import { catchStrayRejections } from "./stray-rejections";

/** A handler that does not come back from its first turn is ended after so much real time. */
const LONGEST_TURN_REAL_SECONDS = 30;

const ADOPT = "(promise) => new Promise((resolve, reject) => promise.then(resolve, reject))";

type Handler = (event: unknown, context: object, callback: (error: unknown, result?: unknown) => void) => unknown;

export class NodeEnvironment extends Environment {
  readonly #loop: EventLoop;
  readonly #variables: Record<string, string>;
  readonly #context: Context;
  readonly #modules: Modules;
  readonly #releaseRejections: () => void;
  #handler: Handler | undefined;
  #requestId = "";

  constructor(region: RegionContext & { sdkConfig?(credentials?: object): object }, configuration: Configuration, number: number) {
    super(region, configuration, number);
    const { clock } = region;
    const { random, log } = this;
    this.#variables = this.session.variables(this.logStreamName, {
      PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin", NODE_PATH: "/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task",
    });
    this.#loop = new EventLoop(clock, `lambda ${configuration.functionName}`);
    const process = createProcess({ clock, loop: this.#loop, log, configuration, environment: this.#variables, exitError: (status) => exitError(this.#requestId, status) });
    const crypto = regionCrypto(random, this.#loop);
    this.#context = createScope({ clock, random, loop: this.#loop, log, process, crypto });
    const { files } = configuration.code;
    const sdkOptions: SdkOptions = { loop: this.#loop, random, config: (keys) => ({ ...(region.sdkConfig?.(keys) ?? { region: region.regionName, endpoint: region.endpoint }) }), credentials: () => this.session.keys, adopt: this.#inContext(ADOPT) as SdkOptions["adopt"] };
    this.#modules = new Modules({ context: this.#context, files, builtin: createBuiltins({ loop: this.#loop, random, process, crypto, files }), sdk: (name) => loadSdk(name, sdkOptions) });
    this.#releaseRejections = catchStrayRejections(this.#context, (reason) => this.#loop.throwOut(new RuntimeError("Runtime.UnhandledPromiseRejection", rejectionText(reason), errorPayload(reason).trace ?? [])));
  }

  close(): void {
    this.#loop.close();
    this.#releaseRejections();
  }

  protected async load(): Promise<Ran<undefined>> {
    try {
      this.#handler = this.#findHandler();
      return { kind: "value", value: undefined };
    } catch (error) {
      return this.#failed(importError(error), true);
    }
  }

  protected async run(input: InvocationInput, deadline: Microseconds): Promise<Ran<string>> {
    this.#requestId = input.requestId;
    Object.assign(this.#variables, this.session.keyVariables());
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
    if (outcome.kind === "threw") return this.#failed(outcome.error, true);
    if (outcome.kind === "deadline") return { kind: "timeout" };
    // Nothing is left that could settle it: the runtime answers null.
    const result = settled ?? { value: null };
    if ("error" in result) return this.#failed(result.error, false);
    try {
      return { kind: "value", value: JSON.stringify(result.value) ?? "null" };
    } catch (error) {
      return this.#failed(new RuntimeError("Runtime.MarshalError", `Unable to stringify response body as json: ${(error as Error).message}`), false);
    }
  }

  #failed(thrown: unknown, isBroken: boolean): Ran<never> {
    this.log.failed(thrown, isBroken ? "Uncaught Exception" : "Invoke Error");
    const error = errorPayload(thrown);
    return { kind: "error", error, isBroken, ...(error.errorType === "Runtime.ExitError" ? { payload: JSON.stringify({ errorType: error.errorType, errorMessage: error.errorMessage }) } : {}) };
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
}

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
