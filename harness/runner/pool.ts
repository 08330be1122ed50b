/**
 * Runs spread over worker processes: an instance's processes and the region's actors take turns, so only another process
 * can use another core. A worker that dies takes one run with it, which is an `error`, and is replaced.
 */
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { Interrupted, UsageError } from "../model/errors";
import type { ScenarioRun } from "../model/scenario";
import { wallSeconds, withinRealSeconds } from "../time/system-clock";
import type { Executed, TargetSpec } from "./execute";
import type { FromWorker, ToWorker } from "./messages";
import { resultWithout } from "./result";
import type { Progress } from "./progress";
import { coolDown, warmUp } from "./warmth";

export interface PoolOptions {
  /** Of all runs, or of each by its place in `runs`; all of one kind. */
  spec: TargetSpec | ((index: number) => TargetSpec);
  /** Worker processes; with one run, or one worker, everything stays in this process. */
  jobs: number;
  onStart?(run: ScenarioRun): void;
  onProgress?(progress: Progress): void;
  onDone?(executed: Executed): void;
  signal?: AbortSignal;
  /** The worker's entry; another one in tests. */
  workerEntry?: string;
}

const REGISTER = join(__dirname, "..", "register.js");
const WORKER = join(__dirname, "worker.ts");
/** How long a worker has, in real seconds, to close what it holds before it is killed. */
const STOP_SECONDS = 15;
/** Of a dead worker's output, in characters. */
const OUTPUT_KEPT = 4000;

/**
 * Carries out every run; results come in the order of `runs`. Rejects with Interrupted when the signal is aborted, and with
 * UsageError, in both cases after all workers have ended.
 */
export async function runAll(runs: readonly ScenarioRun[], options: PoolOptions): Promise<Executed[]> {
  const results: Executed[] = new Array<Executed>(runs.length);
  if (options.signal?.aborted) throw new Interrupted("interrupted");
  // The longest first, so that no core is left alone with it at the end.
  const order = runs.map((run, index) => ({ run, index })).sort((a, b) => weight(b.run) - weight(a.run) || a.index - b.index);
  const { kind } = specOf(options, 0);
  const exclusive = kind === "aws" ? order.filter(({ run }) => hitsEveryJob(run)) : [];
  for (const queue of [order.filter((entry) => !exclusive.includes(entry)), ...exclusive.map((entry) => [entry])]) {
    const count = Math.min(options.jobs, queue.length);
    if (count === 0) continue;
    if (runs.length === 1) await inThisProcess(queue, results, options);
    else await inWorkers(queue, results, count, options);
  }
  return results;
}

const specOf = ({ spec }: PoolOptions, index: number): TargetSpec => (typeof spec === "function" ? spec(index) : spec);

type Entry = { run: ScenarioRun; index: number };

const weight = (run: ScenarioRun): number => run.jobs.reduce((sum, job) => sum + job.durationMinutes, 0) + 3 * run.faults.length;
/** On a deployment that others use too, such a fault would hit them: nothing else of ours may run beside it. */
const hitsEveryJob = (run: ScenarioRun): boolean => run.faults.some((fault) => fault.kind === "no-capacity");

async function inThisProcess(queue: readonly Entry[], results: Executed[], options: PoolOptions): Promise<void> {
  // Loaded only where it is used: the SDK's clients and the region are large.
  warmUp(specOf(options, 0).kind);
  const { execute } = require("./execute") as typeof import("./execute");
  try {
    for (const { run, index } of queue) {
      options.onStart?.(run);
      const executed = await execute(run, specOf(options, index), { ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }), ...(options.signal === undefined ? {} : { signal: options.signal }) });
      results[index] = executed;
      options.onDone?.(executed);
    }
  } finally {
    await coolDown(specOf(options, 0).kind);
  }
}

async function inWorkers(queue: Entry[], results: Executed[], count: number, options: PoolOptions): Promise<void> {
  const left = [...queue];
  const workers = new Set<Worker>();
  let refusal: Error | undefined;
  const stopAll = (): void => {
    left.length = 0;
    for (const worker of workers) worker.stop();
  };
  const interrupt = (): void => {
    refusal ??= new Interrupted("interrupted");
    stopAll();
  };
  options.signal?.addEventListener("abort", interrupt, { once: true });

  /** One place in the pool: a worker, and its successors where it dies. */
  async function place(): Promise<void> {
    let worker: Worker | undefined;
    for (let entry = left.shift(); entry !== undefined; entry = left.shift()) {
      const { run, index } = entry;
      if (worker === undefined) workers.add(worker = new Worker(options.workerEntry ?? WORKER, specOf(options, index).kind));
      options.onStart?.(run);
      const outcome = await worker.carryOut(run, specOf(options, index), options.onProgress);
      if (outcome instanceof UsageError) {
        refusal ??= outcome;
        stopAll();
      } else if (refusal === undefined) {
        results[index] = outcome;
        options.onDone?.(outcome);
      }
      if (worker.dead) {
        workers.delete(worker);
        worker = undefined;
      }
    }
    await worker?.end();
    if (worker !== undefined) workers.delete(worker);
  }
  await Promise.all(Array.from({ length: count }, place));
  options.signal?.removeEventListener("abort", interrupt);
  if (refusal !== undefined) throw refusal;
}

class Worker {
  private readonly child: ChildProcess;
  private readonly gone: Promise<string>;
  private output = "";
  private settle: ((outcome: Executed | UsageError) => void) | undefined;
  private onProgress: ((progress: Progress) => void) | undefined;
  dead = false;

  constructor(entry: string, kind: TargetSpec["kind"]) {
    this.child = fork(entry, [kind], { execArgv: ["-r", REGISTER], stdio: ["ignore", "pipe", "pipe", "ipc"], serialization: "advanced" });
    const keep = (chunk: Buffer): void => {
      this.output = (this.output + chunk.toString("utf8")).slice(-OUTPUT_KEPT);
    };
    this.child.stdout!.on("data", keep);
    this.child.stderr!.on("data", keep);
    this.child.on("message", (message: FromWorker) => this.hear(message));
    this.gone = new Promise((resolve) => {
      this.child.once("error", (error) => resolve(`could not be started: ${error.message}`));
      this.child.once("close", (code, signal) => resolve(signal === null ? `ended with code ${code}` : `was killed by ${signal}`));
    });
    void this.gone.then(() => {
      this.dead = true;
    });
  }

  async carryOut(run: ScenarioRun, spec: TargetSpec, onProgress?: (progress: Progress) => void): Promise<Executed | UsageError> {
    const began = wallSeconds();
    this.onProgress = onProgress;
    const told = new Promise<Executed | UsageError>((resolve) => (this.settle = resolve));
    this.send({ type: "run", run, spec });
    const died = this.gone.then((how): Executed => ({
      result: resultWithout({ run, target: spec.kind, seed: spec.seed }, "error", `The worker process ${how}.${this.output.trim() === "" ? "" : ` Its output:\n${this.output.trim()}`}`, wallSeconds() - began),
    }));
    const outcome = await Promise.race([told, died]);
    this.settle = this.onProgress = undefined;
    return outcome;
  }

  /** Asks it to close everything and exit; kills it when it does not. */
  stop(): void {
    void this.end();
  }

  async end(): Promise<void> {
    if (this.dead) return;
    this.send({ type: "stop" });
    await withinRealSeconds(STOP_SECONDS, this.gone.then(() => undefined), () => void this.child.kill("SIGKILL"));
    await this.gone;
  }

  private send(message: ToWorker): void {
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private hear(message: FromWorker): void {
    if (message.type === "progress") this.onProgress?.(message.progress);
    else if (message.type === "done") this.settle?.(message.executed);
    else if (message.type === "usage") this.settle?.(new UsageError(message.message, message.hint));
  }
}
