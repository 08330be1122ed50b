/** The faults of a run: each an actor that waits for its moment, strikes, and records what came of it. */
import { FAULT_KINDS, type Fault } from "../model/scenario";
import { seconds, type Microseconds } from "../time/clock";
import type { InjectionContext, InjectionOutcome, Target } from "../targets/target";
import type { WatchedInstance } from "./instance-watch";
import type { JobWatch } from "./job-watch";
import type { Recorder } from "./recorder";
import { momentOf, type Pace } from "./trigger";

/** Kinds that strike an instance. */
const ON_INSTANCE = new Set<(typeof FAULT_KINDS)[number]>(["interrupt", "terminate", "vanish", "rebalance", "price-rise", "reclaim", "suspend", "kill-process", "network-cut"]);
/** Kinds after which instances are looked at closely: a marked request, say, is soon closed when the agent leaves early. */
const CLOSELY = new Set<(typeof FAULT_KINDS)[number]>(["stop-execution", "interrupt", "price-rise", "reclaim"]);

export interface FaultOptions {
  target: Target;
  watch: JobWatch;
  recorder: Recorder;
  fault: Fault;
  /** Its place in the scenario. */
  index: number;
  /** Starts an execution that resumes the job. */
  resume(): Promise<void>;
  /** The whole run is over. */
  over(): boolean;
  /** Called when the fault has struck. */
  onStruck?(): void;
}

/** Waits for the fault's moment and strikes. Never rejects: what goes wrong is in the history. */
export async function runFault(options: FaultOptions): Promise<void> {
  const { fault, watch, recorder, target, index } = options;
  const end = (outcome: InjectionOutcome): void => {
    recorder.add(target.clock.now(), { type: "fault-ended", job: fault.job, fault: index, kind: fault.kind, status: outcome.status, ...(outcome.reason === undefined ? {} : { reason: outcome.reason }) });
  };
  try {
    const instance = fault.at.beforeStart === true ? undefined : await awaitMoment(options);
    if (instance === "never") return end({ status: "missed", reason: `the job was over, with ${watch.committedPercent}% committed, before the fault's moment came` });
    end(await strike(options, instance));
  } catch (error) {
    end({ status: "failed", reason: `${(error as Error).name}: ${(error as Error).message}` });
  }
}

/** The instance to strike when the moment has come (undefined for a kind that strikes none), or `never`. */
async function awaitMoment({ fault, watch, target }: FaultOptions): Promise<WatchedInstance | undefined | "never"> {
  const { clock, pollSeconds } = target;
  const pace: Pace = { fine: seconds(pollSeconds.fine), close: seconds(pollSeconds.close), far: seconds(pollSeconds.far) };
  while (!watch.over) {
    const now = clock.now();
    const moment = momentOf(fault, watch, now, pace);
    if ("lookBy" in moment) {
      await watch.look(moment.lookBy);
      continue;
    }
    if (moment.strikeAt > now) {
      // Once more shortly before, with the newest report; then at the moment itself.
      const early = moment.strikeAt - pace.close;
      await watch.look(early > now ? early : moment.strikeAt);
      continue;
    }
    if (!ON_INSTANCE.has(fault.kind)) return undefined;
    const instance = moment.instance ?? watch.owner ?? newestRunning(watch, fault);
    if (instance !== undefined && (fault.at.attempt === undefined || instance.launch === fault.at.attempt)) return instance;
    watch.wantInstances();
    await watch.look(now + pace.close);
  }
  return "never";
}

/** For a trigger that is a time and nothing else: whatever instance there is. */
function newestRunning(watch: JobWatch, fault: Fault): WatchedInstance | undefined {
  if (fault.at.afterSeconds === undefined) return undefined;
  return [...watch.instances.values()].filter((instance) => instance.state === "running" || instance.state === "pending").at(-1);
}

async function strike(options: FaultOptions, instance: WatchedInstance | undefined): Promise<InjectionOutcome> {
  const { fault, watch, recorder, target, index } = options;
  const { clients, outputs, clock, random } = target;
  const injector = target.injectors[fault.kind];
  if (injector === undefined) throw new Error(`the target ${target.kind} has no injector for ${fault.kind}`);
  const resumes = fault.kind === "stop-execution" && fault.durationSeconds !== undefined;
  if (resumes) watch.promised++;
  let hasStruck = false;
  const context: InjectionContext = {
    fault, jobId: watch.jobId, clients, outputs, clock,
    random: random.fork(`fault-${index}`),
    pollSeconds: target.pollSeconds.close,
    mustOwn: instance !== undefined && instance === watch.owner,
    ...(watch.execution === undefined ? {} : { executionArn: watch.execution.arn }),
    ...(instance === undefined ? {} : { instanceId: instance.instanceId }),
    struck(at: Microseconds = clock.now()) {
      if (hasStruck) return;
      hasStruck = true;
      recorder.add(at, {
        type: "fault-injected", job: fault.job, fault: index, kind: fault.kind, percent: fault.at.beforeStart === true ? 0 : watch.percentAt(at),
        ...(instance === undefined ? {} : { instanceId: instance.instanceId }),
      });
      watch.stir(CLOSELY.has(fault.kind));
      if (fault.kind === "kill-process") watch.runAgain();
      options.onStruck?.();
    },
    experiment: (experimentId, status, reason) => recorder.add(clock.now(), { type: "experiment-status", experimentId, status, ...(reason === undefined ? {} : { reason }) }),
    resume: () => options.resume(),
    over: () => options.over(),
  };
  try {
    const outcome = await injector.inject(context);
    // What stood still goes on, with what it believes.
    if (fault.kind === "suspend") watch.stir();
    return outcome;
  } finally {
    if (resumes) watch.promised--;
  }
}
