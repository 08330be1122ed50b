/**
 * Invocations: which environment runs them, how many at once, what is logged and measured, and the queue of those that
 * nobody waits for.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-invocation.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
import { minutes, seconds, toSeconds, type Microseconds } from "../../../time/clock";
import { AwsError, type Service } from "../../core/types";
import { deliverResult, type AsyncResult, type FailedDelivery } from "./destinations";
import { tooManyRequests } from "./errors";
import { createEnvironment } from "./runtime/create";
import type { Environment, InvocationInput, InvocationOutput } from "./runtime/environment";
import type { Configuration, EventInvokeConfig, LambdaFunction, LambdaStore } from "./store";

/** Concurrent executions that an account has: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const ACCOUNT_CONCURRENCY = 1000;
const RETRY_WAITS: readonly Microseconds[] = [minutes(1), minutes(2)];
const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 21_600;
const FIRST_THROTTLE_WAIT = seconds(1);
const LAST_THROTTLE_WAIT = minutes(5);

/** What the cloudwatch service offers to other services of AWS. */
interface MetricSink extends Service { putServiceMetrics(namespace: string, data: readonly object[]): void }

export interface Invocation extends Omit<InvocationInput, "requestId"> { requestId: string; qualifier?: string }

export class Invocations {
  /** Environments that wait for work, by the revision of their configuration. */
  readonly #idle = new Map<string, Environment[]>();
  readonly #all = new Set<Environment>();
  #made = 0;
  readonly failures: FailedDelivery[] = [];

  constructor(readonly store: LambdaStore) {}

  /** Runs a function now, in the caller's turn. @throws AwsError TooManyRequestsException */
  async run(fn: LambdaFunction, configuration: Configuration, input: InvocationInput): Promise<InvocationOutput> {
    if (fn.concurrency >= (fn.reservedConcurrency ?? ACCOUNT_CONCURRENCY)) {
      this.#measure(fn, { Throttles: 1 });
      throw tooManyRequests();
    }
    fn.concurrency++;
    try {
      const environment = await this.#take(configuration);
      const output = await environment.invoke(input);
      if (output.isBroken) await this.#discard(environment);
      else await this.#give(environment);
      this.#measure(fn, { Invocations: 1, Errors: output.error ? 1 : 0 }, output.durationMilliseconds);
      await this.#writeLog(environment, output);
      return output;
    } finally {
      fn.concurrency--;
    }
  }

  /** Puts an event in the function's queue: it is run by an actor of its own, and again when it fails. */
  enqueue(fn: LambdaFunction, invocation: Invocation): void {
    this.store.region.clock.spawn(`lambda ${fn.name} (queued)`, () => this.#runQueued(fn, invocation));
  }

  /** Environments of a configuration that is no more are not used again. */
  async forget(configuration: Configuration): Promise<void> {
    const waiting = this.#idle.get(key(configuration)) ?? [];
    this.#idle.delete(key(configuration));
    for (const environment of waiting) await this.#discard(environment);
  }

  async close(): Promise<void> {
    this.#idle.clear();
    for (const environment of [...this.#all]) await this.#discard(environment);
  }

  async #runQueued(fn: LambdaFunction, invocation: Invocation): Promise<void> {
    const { clock } = this.store.region;
    const received = clock.now();
    let failures = 0;
    let throttleWait = FIRST_THROTTLE_WAIT;
    for (;;) {
      if (this.store.functions.get(fn.name) !== fn) return;
      const config = eventInvokeConfig(fn, invocation.qualifier);
      const age = (wait: Microseconds): boolean => toSeconds(clock.now() + wait - received) > (config?.maximumEventAgeSeconds ?? DEFAULT_AGE_SECONDS);
      let output: InvocationOutput | undefined;
      let configuration: Configuration;
      try {
        ({ configuration } = this.store.resolve(fn.name, invocation.qualifier));
        output = await this.run(fn, configuration, invocation);
      } catch (error) {
        if (!(error instanceof AwsError) || error.status !== 429) throw error;
        // Throttled: tried again for as long as the event may be old, with growing waits.
        if (age(throttleWait)) return this.#giveUp(fn, invocation, config, { condition: "EventAgeExceeded", invokeCount: failures });
        await clock.sleep(throttleWait);
        throttleWait = Math.min(throttleWait * 2, LAST_THROTTLE_WAIT);
        continue;
      }
      const result = { payload: output.payload, version: configuration.version, invokeCount: failures + 1 };
      if (!output.error) {
        if (config?.onSuccess) await this.#deliver(fn, invocation, config, { ...result, condition: "Success" });
        return;
      }
      failures++;
      const wait = RETRY_WAITS[failures - 1];
      const tooOften = failures > (config?.maximumRetryAttempts ?? DEFAULT_RETRIES) || wait === undefined;
      if (tooOften || age(wait)) {
        return this.#giveUp(fn, invocation, config, { ...result, condition: tooOften ? "RetriesExhausted" : "EventAgeExceeded", error: output.error });
      }
      await clock.sleep(wait);
    }
  }

  /** What failed for good goes to the destination for failures and to the dead-letter queue. */
  async #giveUp(fn: LambdaFunction, invocation: Invocation, config: EventInvokeConfig | undefined, result: AsyncResult): Promise<void> {
    this.#measure(fn, { AsyncEventsDropped: config?.onFailure || fn.latest.deadLetterArn ? 0 : 1 });
    await this.#deliver(fn, invocation, config, result);
  }

  async #deliver(fn: LambdaFunction, invocation: Invocation, config: EventInvokeConfig | undefined, result: AsyncResult): Promise<void> {
    for (const failure of await deliverResult(this.store, fn, invocation, config, result)) {
      this.failures.push(failure);
      this.#measure(fn, { [failure.metric]: 1 });
    }
  }

  async #take(configuration: Configuration): Promise<Environment> {
    for (;;) {
      const waiting = this.#idle.get(key(configuration))?.pop();
      if (!waiting) break;
      if (waiting.isFit) return waiting;
      await this.#discard(waiting);
    }
    const environment = createEnvironment(this.store.region, configuration, ++this.#made);
    this.#all.add(environment);
    return environment;
  }

  async #give(environment: Environment): Promise<void> {
    const { configuration } = environment;
    const fn = this.store.functions.get(configuration.functionName);
    const isCurrent = fn && (fn.latest === configuration || fn.versions.includes(configuration));
    if (!isCurrent) return this.#discard(environment);
    const waiting = this.#idle.get(key(configuration));
    if (waiting) waiting.push(environment);
    else this.#idle.set(key(configuration), [environment]);
  }

  async #discard(environment: Environment): Promise<void> {
    this.#all.delete(environment);
    await environment.close();
  }

  /** The function's role writes its log; what it may not write is lost, as on AWS. */
  async #writeLog(environment: Environment, { lines }: InvocationOutput): Promise<void> {
    const { region } = this.store;
    const { caller } = environment.role;
    const { group: logGroupName } = environment.configuration.logging;
    const { logStreamName } = environment;
    /** Undefined when it was done, or the error's code. */
    const call = async (operation: string, input: object): Promise<string | undefined> => {
      try {
        await region.call(caller, "cloudwatch-logs", operation, input);
        return undefined;
      } catch (error) {
        if (error instanceof AwsError) return error.code;
        throw error;
      }
    };
    const put = (): Promise<string | undefined> => call("PutLogEvents", { logGroupName, logStreamName, logEvents: lines.filter(({ message }) => message !== "") });
    const createStream = (): Promise<string | undefined> => call("CreateLogStream", { logGroupName, logStreamName });
    // What is missing is made, from the inside out.
    if ((await put()) !== MISSING) return;
    let failed = await createStream();
    if (failed === MISSING && (await call("CreateLogGroup", { logGroupName })) === undefined) failed = await createStream();
    if (failed === undefined) await put();
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  #measure(fn: LambdaFunction, counts: Record<string, number>, durationMilliseconds?: number): void {
    const Timestamp = this.store.now();
    const data = Object.entries(counts).map(([MetricName, Value]): object => ({ MetricName, Value, Unit: "Count", Timestamp, Dimensions: [{ Name: "FunctionName", Value: fn.name }] }));
    if (durationMilliseconds !== undefined) data.push({ MetricName: "Duration", Value: durationMilliseconds, Unit: "Milliseconds", Timestamp, Dimensions: [{ Name: "FunctionName", Value: fn.name }] });
    this.store.region.service<MetricSink>("cloudwatch").putServiceMetrics("AWS/Lambda", data);
  }
}

const MISSING = "ResourceNotFoundException";

const key = (configuration: Configuration): string => `${configuration.functionName}:${configuration.version}:${configuration.revisionId}`;

/** The configuration for queued events of a qualifier; that of the function itself is under $LATEST. */
const eventInvokeConfig = (fn: LambdaFunction, qualifier: string | undefined): EventInvokeConfig | undefined => fn.eventInvokeConfigs.get(qualifier ?? "$LATEST");
