/**
 * What an invocation writes, as it stands in the function's log: text, or JSON lines.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html,
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
import { format } from "node:util";
import type { Clock } from "../../../../time/clock";
import type { Configuration } from "../store";
import { errorPayload, isError } from "./errors";

export interface Line { timestamp: number; message: string }
export type Level = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "FATAL";
const ORDER: readonly Level[] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** The figures of a REPORT line. Memory is not measured: functions share this process. */
export interface Report { durationMilliseconds: number; initMilliseconds: number | undefined; status: "success" | "error" | "timeout"; errorType?: string }
const MEMORY_USED_MEGABYTES = 64;

export class InvocationLog {
  readonly lines: Line[] = [];
  requestId = "";

  constructor(readonly clock: Clock, readonly configuration: Pick<Configuration, "logging" | "version" | "memorySize" | "runtime">) {}

  get #isJson(): boolean {
    return this.configuration.logging.format === "JSON";
  }

  #now(): Date {
    return new Date(Math.floor(this.clock.now() / 1000));
  }

  write(message: string): void {
    this.lines.push({ timestamp: this.#now().getTime(), message });
  }

  /** console.log and its like. */
  console(level: Level, values: unknown[]): void {
    if (ORDER.indexOf(level) < ORDER.indexOf((this.configuration.logging.applicationLevel ?? "TRACE") as Level)) return;
    const time = this.#now().toISOString();
    if (!this.#isJson) return this.write(`${time}\t${this.requestId}\t${level}\t${format(...values).replace(/\n/g, "\r")}\n`);
    this.write(`${JSON.stringify({ timestamp: time, level, requestId: this.requestId, ...jsonMessage(values) })}\n`);
  }

  init(): void {
    if (this.#isJson) this.#platform("platform.initStart", { initializationType: "on-demand", phase: "init", runtimeVersion: this.configuration.runtime, functionVersion: this.configuration.version });
    else this.write(`INIT_START Runtime Version: ${this.configuration.runtime}\n`);
  }

  start(): void {
    if (this.#isJson) this.#platform("platform.start", { requestId: this.requestId, version: this.configuration.version });
    else this.write(`START RequestId: ${this.requestId} Version: ${this.configuration.version}\n`);
  }

  /** The line of an error that ended the invocation. */
  failed(thrown: unknown, what: string): void {
    const { errorType, errorMessage, trace } = errorPayload(thrown);
    if (errorType === "Runtime.ExitError") return this.exited(errorMessage);
    const time = this.#now().toISOString();
    if (this.#isJson) this.write(`${JSON.stringify({ timestamp: time, level: "ERROR", requestId: this.requestId, message: { errorType, errorMessage, stackTrace: trace } })}\n`);
    else this.write(`${time}\t${this.requestId}\tERROR\t${what}\t${JSON.stringify({ errorType, errorMessage, stack: trace })}\n`);
  }

  /** The runtime's process has ended by itself. */
  exited(errorMessage: string): void {
    if (!this.#isJson) this.write(`${errorMessage}\nRuntime.ExitError\n`);
  }

  /** The code was not loaded, or not in time. */
  initFailed({ durationMilliseconds, status, errorType }: Pick<Report, "durationMilliseconds" | "status" | "errorType">): void {
    if (this.#isJson) {
      return this.#platform("platform.initReport", { initializationType: "on-demand", phase: "init", status, ...(errorType ? { errorType } : {}), metrics: { durationMs: durationMilliseconds } });
    }
    this.write(`INIT_REPORT Init Duration: ${durationMilliseconds.toFixed(2)} ms\tPhase: init\tStatus: ${status}${errorType ? `\tError Type: ${errorType}` : ""}\n`);
  }

  timedOut(seconds: number): void {
    if (!this.#isJson) this.write(`${this.#now().toISOString()} ${this.requestId} Task timed out after ${seconds.toFixed(2)} seconds\n\n`);
  }

  end(report: Report): void {
    const { durationMilliseconds: duration, initMilliseconds: init } = report;
    const billed = Math.max(1, Math.ceil(duration));
    if (this.#isJson) {
      const metrics = { durationMs: duration, billedDurationMs: billed, memorySizeMB: this.configuration.memorySize, maxMemoryUsedMB: MEMORY_USED_MEGABYTES, ...(init === undefined ? {} : { initDurationMs: init }) };
      return this.#platform("platform.report", { requestId: this.requestId, metrics, status: report.status, ...(report.errorType ? { errorType: report.errorType } : {}) });
    }
    this.write(`END RequestId: ${this.requestId}\n`);
    this.write([
      `REPORT RequestId: ${this.requestId}`, `Duration: ${duration.toFixed(2)} ms`, `Billed Duration: ${billed} ms`, `Memory Size: ${this.configuration.memorySize} MB`, `Max Memory Used: ${MEMORY_USED_MEGABYTES} MB`,
      ...(init === undefined ? [] : [`Init Duration: ${init.toFixed(2)} ms`]),
      ...(report.status === "success" ? [] : [`Status: ${report.status}`, ...(report.errorType ? [`Error Type: ${report.errorType}`] : [])]),
    ].join("\t") + "\t\n");
  }

  #platform(type: string, record: object): void {
    const level = this.configuration.logging.systemLevel ?? "INFO";
    if (level === "WARN") return;
    this.write(`${JSON.stringify({ time: this.#now().toISOString(), type, record })}\n`);
  }

  /** Its last 4 KB, as LogType Tail gives it. */
  tail(): string {
    return Buffer.from(this.lines.map((line) => line.message).join(""), "utf8").subarray(-4096).toString("base64");
  }
}

/** One value stands as it is, several as formatted text; of an error its parts. */
function jsonMessage(values: unknown[]): object {
  const error = values.find(isError);
  const parts = error ? (({ errorType, errorMessage, trace }) => ({ errorType, errorMessage, stackTrace: trace?.slice(1) ?? [] }))(errorPayload(error)) : {};
  if (values.length === 1 && !error) {
    try {
      if (JSON.stringify(values[0]) !== undefined) return { message: values[0] };
    } catch {
      // A value that JSON cannot hold is formatted.
    }
  }
  return { message: format(...values.map((value) => (isError(value) ? (errorPayload(value).trace ?? []).join("\n") || value.message : value))), ...parts };
}
