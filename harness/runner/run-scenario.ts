/**
 * Carries out one run of a scenario on a target and returns its history. Everything is done and seen through AWS's
 * APIs; time is the target's clock. Each job is followed by an actor, each fault is one.
 */
import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { Interrupted } from "../model/errors";
import type { History } from "../model/history";
import type { ScenarioRun } from "../model/scenario";
import { minutes, seconds, toDate, type Actor } from "../time/clock";
import type { Target } from "../targets/target";
import type { Progress } from "./progress";
import { collectAlarms } from "./alarms";
import { collect } from "./collect";
import { runFault } from "./faults";
import { JobWatch } from "./job-watch";
import { MetricsCollector } from "./metrics";
import { collectPrices } from "./prices";
import { Recorder } from "./recorder";

export interface RunOptions {
  onProgress?(progress: Progress): void;
  /** Aborted: the run rejects with Interrupted, once what would outlive the harness has been ended. */
  signal?: AbortSignal;
}

/** The ledger's word for the owner's state, for people. */
const STATE_WORDS: Readonly<Record<string, string>> = { none: "starting", "handing-over": "working on", released: "handing over", dead: "launching again" };

/** How long to wait for the instances of a run that is over: an interruption's two minutes, a shutdown, and some more. */
const TERMINATION_SECONDS = 600;

/** Rejects with what makes the run impossible (the SDK's errors, the region's failure); a job that fails is a history. */
export async function runScenario(run: ScenarioRun, target: Target, options: RunOptions = {}): Promise<History> {
  if (options.signal?.aborted) throw new Interrupted("the run was interrupted");
  const runner = new ScenarioRunner(run, target, options);
  const body = target.clock.run(run.id, () => runner.run());
  body.catch(() => undefined);
  const interruption = new Promise<never>((_, reject) => {
    options.signal?.addEventListener("abort", () => reject(new Interrupted("the run was interrupted")), { once: true });
  });
  try {
    return await Promise.race([body, target.failure.then((error) => Promise.reject(error)), interruption]);
  } catch (error) {
    if (target.outlivesHarness) await runner.abandon();
    throw error;
  }
}

class ScenarioRunner {
  private readonly recorder: Recorder;
  private readonly watches: JobWatch[];
  private readonly metrics: MetricsCollector[];
  private over = false;

  constructor(private readonly run_: ScenarioRun, private readonly target: Target, private readonly options: RunOptions) {
    this.recorder = new Recorder(target.clock.now());
    const names = target.random.fork("names");
    this.watches = run_.jobs.map((job) => new JobWatch(job, this.name(job.name, names.hex(6)), target, this.recorder, () => this.tell()));
    this.metrics = this.watches.map((watch) => new MetricsCollector(target, this.recorder, watch.spec.name, watch.jobId));
  }

  /** A job's id, and its first execution's name: at most 80 characters of those that Step Functions allows. */
  private name(job: string, suffix: string): string {
    const id = this.run_.id.replace(/[^A-Za-z0-9-]+/g, "-").slice(0, 40);
    return `${id}-${job.slice(0, 24)}-${suffix}`;
  }

  async run(): Promise<History> {
    const { clock } = this.target;
    const giveUpAt = clock.now() + minutes(this.run_.timeoutMinutes);
    const faults = await this.startFaults();
    const followers: Actor[] = [];
    for (const [index, watch] of this.watches.entries()) {
      await watch.start(watch.jobId);
      followers.push(clock.spawn(`watch ${watch.jobId}`, () => this.follow(watch, this.metrics[index]!, giveUpAt)));
    }
    for (const follower of followers) await clock.join(follower);
    this.over = true;
    await this.endWhatIsLeft();
    for (const fault of faults) await clock.join(fault);
    for (const watch of this.watches) await watch.awaitTermination(TERMINATION_SECONDS);
    return this.history();
  }

  /** Spawns every fault; returns once those that come before the start have struck (or could not). */
  private async startFaults(): Promise<Actor[]> {
    const { clock } = this.target;
    const actors: Actor[] = [];
    for (const [index, fault] of this.run_.faults.entries()) {
      const watch = this.watches.find((candidate) => candidate.spec.name === fault.job)!;
      const begun = clock.gate(`fault ${index + 1}`);
      let settled = false;
      const settle = (): void => {
        settled = true;
        begun.open();
      };
      let resumptions = 0;
      actors.push(clock.spawn(`fault ${index + 1} (${fault.kind})`, async () => {
        await runFault({
          target: this.target, recorder: this.recorder, watch, fault, index, onStruck: settle,
          over: () => this.over,
          startAgain: () => watch.startAgain(`${watch.jobId}-s${index + 1}`, fault.input ?? {}, index),
          resume: () => watch.start(`${watch.jobId}-r${index + 1}${resumptions++ === 0 ? "" : `-${resumptions}`}`),
        });
        settle();
      }));
      if (fault.at.beforeStart === true) while (!settled) await begun.wait();
    }
    return actors;
  }

  private async follow(watch: JobWatch, metrics: MetricsCollector, giveUpAt: number): Promise<void> {
    const { clock } = this.target;
    const collector = clock.spawn(`metrics of ${watch.jobId}`, async () => {
      while (!watch.over) {
        await watch.look(clock.now() + seconds(3600));
        if (metrics.due) await metrics.collect();
      }
    });
    await watch.follow(giveUpAt);
    await clock.join(collector);
  }

  /** A run that was given up leaves nothing behind: executions are stopped, instances terminated. */
  private async endWhatIsLeft(): Promise<void> {
    const { clients } = this.target;
    for (const watch of this.watches) {
      const running = watch.executions.filter((execution) => execution.status === "RUNNING");
      if (running.length === 0) continue;
      for (const execution of running) await clients.sfn.send(new StopExecutionCommand({ executionArn: execution.arn, error: "Spotproof.GaveUp", cause: "The scenario's timeoutMinutes have passed." }));
      await watch.awaitTermination(0);
      const left = [...watch.instances.values()].filter((instance) => instance.state !== "terminated").map((instance) => instance.instanceId);
      if (left.length > 0) await clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: left }));
    }
  }

  /** Ends what the run has started, without the clock. Never rejects. */
  async abandon(): Promise<void> {
    this.over = true;
    const { clients } = this.target;
    const quietly = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined);
    for (const watch of this.watches) {
      for (const execution of watch.executions) await quietly(clients.sfn.send(new StopExecutionCommand({ executionArn: execution.arn, error: "Spotproof.Interrupted", cause: "The harness was interrupted." })));
      const left = [...watch.instances.values()].filter((instance) => instance.state !== "terminated").map((instance) => instance.instanceId);
      if (left.length > 0) await quietly(clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: left })));
    }
  }

  private async history(): Promise<History> {
    const { clock } = this.target;
    for (const metrics of this.metrics) await metrics.collect();
    const finals: History["finals"] = [];
    for (const watch of this.watches) finals.push(await collect(this.target, watch, this.recorder));
    await collectAlarms(this.target, this.recorder);
    this.recorder.placeTakeovers();
    const prices = await collectPrices(this.target, this.recorder);
    const executions = this.watches.flatMap((watch) => watch.executions);
    const first = Math.min(...executions.map((execution) => execution.startedAt));
    const last = Math.max(...executions.map((execution) => execution.stoppedAt ?? clock.now()));
    return {
      run: this.run_,
      startedAt: toDate(this.recorder.startedAt).toISOString(),
      target: this.target.kind,
      seed: this.target.seed,
      events: this.recorder.sorted(),
      finals,
      prices,
      ...(this.target.targets === undefined ? {} : { targets: await this.target.targets() }),
      virtualSeconds: Math.round(last - first) / 1e6,
      ...(this.target.timing === undefined ? {} : { timing: this.target.timing }),
    };
  }

  private tell(): void {
    const { clock } = this.target;
    const now = clock.now();
    const newest = this.watches.map((watch) => (watch.ledger?.finished === true ? "finishing" : STATE_WORDS[watch.ledger?.ownerState ?? "none"] ?? watch.ledger!.ownerState!));
    this.options.onProgress?.({
      id: this.run_.id,
      percent: Math.min(...this.watches.map((watch) => watch.percentAt(now))),
      attempt: Math.max(...this.watches.map((watch) => watch.ledger?.launch ?? 0)),
      virtualSeconds: this.recorder.seconds(now),
      state: [...new Set(newest)].join(", "),
    });
  }
}
