/**
 * Faults that FIS injects, by the templates of the `faults` stack: interrupt and terminate strike the one instance that
 * carries the armed tag, no-capacity the role of the state machine.
 * https://docs.aws.amazon.com/fis/latest/userguide/experiments.html
 */
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateTagsCommand, DeleteTagsCommand, DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { GetExperimentCommand, StartExperimentCommand, StopExperimentCommand, type Experiment } from "@aws-sdk/client-fis";
import { fromDate, seconds, type Microseconds } from "../../time/clock";
import { withLock } from "../lock";
import type { InjectionContext, InjectionOutcome, Injector, Outputs } from "../target";

/** Statuses before an experiment's targets are resolved and its actions run. */
const UNDECIDED = new Set(["pending", "initiating"]);
const OVER = new Set(["completed", "stopped", "failed", "cancelled"]);
/** How long an experiment may take to begin, or to end once it has been stopped. */
const PATIENCE_SECONDS = 300;
/** Between looks at an experiment that runs. */
const FOLLOW_SECONDS = 5;

export function experimentInjector(template: (outputs: Outputs) => string, resolutionSeconds: number): Injector {
  return { resolutionSeconds, inject: (context) => (context.instanceId === undefined ? onRole(context, template(context.outputs)) : onInstance(context, context.instanceId, template(context.outputs))) };
}

/** Arms the instance, checks that it is still the one to strike, starts the experiment, disarms once targets are resolved. */
async function onInstance(context: InjectionContext, instanceId: string, templateId: string): Promise<InjectionOutcome> {
  const { clients, outputs } = context;
  const follower = new Follower(context);
  const missed = await withLock(context, async (): Promise<string | undefined> => {
    const tags = { Resources: [instanceId], Tags: [{ Key: outputs.armedTagKey, Value: outputs.armedTagValue }] };
    await clients.ec2.send(new CreateTagsCommand(tags));
    try {
      const why = await whyNot(context, instanceId);
      if (why !== undefined) return why;
      await follower.start(templateId);
      await follower.until((experiment) => !UNDECIDED.has(statusOf(experiment)), context.pollSeconds);
      return undefined;
    } finally {
      await clients.ec2.send(new DeleteTagsCommand(tags));
    }
  });
  if (missed !== undefined) return { status: "missed", reason: missed };
  follower.reportStrike();
  await follower.until((experiment) => OVER.has(statusOf(experiment)), FOLLOW_SECONDS, () => context.over());
  return follower.outcome();
}

/** Runs the experiment for as long as the scenario says, then stops it. */
async function onRole(context: InjectionContext, templateId: string): Promise<InjectionOutcome> {
  const follower = new Follower(context);
  await follower.start(templateId);
  await follower.until((experiment) => !UNDECIDED.has(statusOf(experiment)), context.pollSeconds);
  const began = context.clock.now();
  follower.reportStrike();
  const end = began + seconds(context.fault.durationSeconds ?? 0);
  while (!follower.isOver() && !context.over() && context.clock.now() < end) {
    await context.clock.sleep(Math.min(seconds(FOLLOW_SECONDS), end - context.clock.now()));
    await follower.look();
  }
  if (!follower.isOver()) {
    await context.clients.fis.send(new StopExperimentCommand({ id: follower.id }));
    await follower.until((experiment) => OVER.has(statusOf(experiment)), context.pollSeconds, undefined, PATIENCE_SECONDS);
    return follower.isOver() ? { status: "completed" } : { status: "failed", reason: `experiment ${follower.id} did not stop` };
  }
  const outcome = follower.outcome();
  return outcome.status === "completed" && context.clock.now() < end ? { status: "failed", reason: `experiment ${follower.id} was over before the scenario's durationSeconds` } : outcome;
}

/** Why the armed instance is not to be struck; undefined when it is. */
async function whyNot({ clients, outputs, jobId, mustOwn }: InjectionContext, instanceId: string): Promise<string | undefined> {
  const found = await clients.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const state = found.Reservations?.[0]?.Instances?.[0]?.State?.Name;
  if (state !== "running") return `${instanceId} is ${state ?? "gone"}, and was to be struck while it runs`;
  if (!mustOwn) return undefined;
  const { Item: item } = await clients.dynamodb.send(new GetItemCommand({ TableName: outputs.ledgerTable, Key: { jobId: { S: jobId } }, ConsistentRead: true }));
  const owner = item?.["ownerInstanceId"]?.S;
  return owner === instanceId ? undefined : `${instanceId} is no longer the owner of ${jobId} (${owner ?? "nobody"} is)`;
}

const statusOf = (experiment: Experiment): string => experiment.state?.status ?? "unknown";

/** Follows one experiment. */
class Follower {
  id = "";
  private experiment: Experiment = {};
  private told = "";
  private startedAt: Microseconds = 0;
  private struck = false;

  constructor(private readonly context: InjectionContext) {}

  async start(templateId: string): Promise<void> {
    const { clients, random, clock, fault, jobId } = this.context;
    this.startedAt = clock.now();
    const { experiment } = await clients.fis.send(new StartExperimentCommand({
      experimentTemplateId: templateId,
      clientToken: random.uuid(),
      tags: { "spotproof:job": jobId, "spotproof:fault": fault.kind },
    }));
    this.id = experiment?.id ?? "";
    this.take(experiment ?? {});
  }

  async look(): Promise<void> {
    const { experiment } = await this.context.clients.fis.send(new GetExperimentCommand({ id: this.id }));
    this.take(experiment ?? {});
  }

  /** Looks until it holds; or until `stop` says so, or for so long. */
  async until(holds: (experiment: Experiment) => boolean, everySeconds: number, stop?: () => boolean, forSeconds = stop === undefined ? PATIENCE_SECONDS : Infinity): Promise<void> {
    const { clock } = this.context;
    const end = clock.now() + seconds(forSeconds);
    while (!holds(this.experiment) && clock.now() < end && !(stop?.() ?? false)) {
      await clock.sleep(seconds(everySeconds));
      await this.look();
    }
  }

  isOver(): boolean {
    return OVER.has(statusOf(this.experiment));
  }

  outcome(): InjectionOutcome {
    const status = statusOf(this.experiment);
    const reason = this.experiment.state?.reason;
    return { status, ...(reason === undefined ? {} : { reason }) };
  }

  /** Says when the fault struck: when its action began, as FIS tells it, but not before it was asked for. */
  reportStrike(): void {
    if (this.struck || statusOf(this.experiment) === "failed") return;
    this.struck = true;
    const starts = Object.values(this.experiment.actions ?? {}).flatMap((action) => (action.startTime === undefined ? [] : [fromDate(action.startTime)]));
    const first = starts.length === 0 ? this.startedAt : Math.min(...starts);
    this.context.struck(Math.min(Math.max(first, this.startedAt), this.context.clock.now()));
  }

  private take(experiment: Experiment): void {
    this.experiment = experiment;
    const { status, reason } = this.outcome();
    if (status === this.told) return;
    this.told = status;
    this.context.experiment(this.id, status, reason);
  }
}
