/** The faults of a run: each an actor that waits for its moment, strikes, and records what came of it. */
import { isCallPhase, ON_INSTANCE, type CallPhase, type Fault, type FaultKind } from "../model/scenario";
import { seconds, type Actor, type Microseconds } from "../time/clock";
import type { InjectionContext, InjectionOutcome, Target } from "../targets/target";
import type { WatchedInstance } from "./instance-watch";
import type { JobWatch } from "./job-watch";
import type { Recorder } from "./recorder";
import { momentOf, type Pace } from "./trigger";

/** Kinds after which instances are looked at closely: a marked request, say, is soon closed when the agent leaves early. */
const CLOSELY = new Set<FaultKind>(["stop-execution", "interrupt", "price-rise", "reclaim"]);

export interface FaultOptions {
  target: Target;
  watch: JobWatch;
  recorder: Recorder;
  fault: Fault;
  /** Its place in the scenario. */
  index: number;
  /** Starts an execution that resumes the job. */
  resume(): Promise<void>;
  /** Starts a further execution of the job. */
  startAgain(): Promise<void>;
  /** The whole run is over. */
  over(): boolean;
  /** Called when the fault has struck. */
  onStruck?(): void;
}

/** Waits for the fault's moment and strikes, as often as it says. Never rejects: what goes wrong is in the history. */
export async function runFault(options: FaultOptions): Promise<void> {
  const { fault, watch, target, index } = options;
  const { clock } = target;
  const times = fault.repeat === undefined ? 1 : fault.repeat === "every" ? Infinity : fault.repeat;
  const spared = new Set<string>();
  const strikes: Actor[] = [];
  if (fault.at.afterEnd === true) watch.promised++;
  try {
    for (let time = 1; time <= times; time++) {
      const instance = fault.at.beforeStart === true ? undefined : await awaitMoment(options, spared);
      if (instance === "never") {
        if (fault.repeat !== "every" || time === 1) end(options, { status: "missed", reason: `the job was over, with ${watch.committedPercent}% committed, before the fault's moment came${time === 1 ? "" : ` for the ${time}th time`}` });
        break;
      }
      if (times === 1) await strikeAndTell(options, instance);
      // The next instance may come to its moment before the fault has done all that it does to this one.
      else strikes.push(clock.spawn(`fault ${index + 1}, strike ${time}`, () => strikeAndTell(options, instance)));
      if (instance !== undefined) spared.add(instance.instanceId);
    }
  } catch (error) {
    end(options, { status: "failed", reason: `${(error as Error).name}: ${(error as Error).message}` });
  }
  for (const each of strikes) await clock.join(each);
  if (fault.at.afterEnd === true) watch.promised--;
}

function end({ recorder, target, fault, index }: FaultOptions, outcome: InjectionOutcome): void {
  recorder.add(target.clock.now(), { type: "fault-ended", job: fault.job, fault: index, kind: fault.kind, status: outcome.status, ...(outcome.reason === undefined ? {} : { reason: outcome.reason }) });
}

async function strikeAndTell(options: FaultOptions, instance: WatchedInstance | undefined): Promise<void> {
  try {
    end(options, await strike(options, instance));
  } catch (error) {
    end(options, { status: "failed", reason: `${(error as Error).name}: ${(error as Error).message}` });
  }
}

/** The instance to strike when the moment has come (undefined for a kind that strikes none), or `never`. */
async function awaitMoment(options: FaultOptions, spared: ReadonlySet<string>): Promise<WatchedInstance | undefined | "never"> {
  const { fault, watch, target } = options;
  if (isCallPhase(fault.at.phase)) return awaitCall(options, fault.at.phase, spared);
  const { clock, pollSeconds } = target;
  const pace: Pace = { fine: seconds(pollSeconds.fine), close: seconds(pollSeconds.close), far: seconds(pollSeconds.far) };
  while (!watch.over) {
    const now = clock.now();
    const moment = momentOf(fault, watch, now, pace, spared);
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
    const instance = fault.instance === "successor" ? watch.successor : moment.instance ?? watch.owner ?? newestRunning(watch, fault);
    if (instance !== undefined && (fault.at.attempt === undefined || instance.launch === fault.at.attempt)) return instance;
    watch.wantInstances();
    await watch.look(now + pace.close);
  }
  return "never";
}

/** Waits for a call of one of the job's instances. It stays on its way while the fault strikes. */
async function awaitCall({ fault, watch, target }: FaultOptions, phase: CallPhase, spared: ReadonlySet<string>): Promise<WatchedInstance | undefined | "never"> {
  const wanted = (instanceId: string): boolean => {
    const instance = watch.instances.get(instanceId);
    return instance !== undefined && !spared.has(instanceId) && (fault.at.attempt === undefined || instance.launch === fault.at.attempt);
  };
  const instanceId = await target.meetCall!(phase, wanted, () => watch.over);
  if (instanceId === undefined) return "never";
  const { offsetSeconds } = fault.at;
  if (offsetSeconds !== undefined) await target.clock.sleep(seconds(offsetSeconds));
  return ON_INSTANCE.has(fault.kind) ? fault.instance === "successor" ? watch.successor : watch.instances.get(instanceId) : undefined;
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
    startAgain: () => options.startAgain(),
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
