/**
 * An experiment as it runs: an actor that resolves targets, starts each action once those before it are over, and ends
 * when all are, when one fails, or when it is stopped. Each action is an actor of its own.
 * https://docs.aws.amazon.com/fis/latest/userguide/experiments.html
 */
import { seconds, type Random } from "../../../time/clock";
import { AwsError, type RegionContext, type RoleSession } from "../../core/types";
import { actionOf } from "./actions";
import { ExperimentLog } from "./log";
import { isOver, type ActionRun, type ActionStatus, type Experiment, type ExperimentStatus } from "./model";
import { alarmStates, hasAlarms } from "./stop-conditions";
import { EMPTY, resolveTargets } from "./resolution";

export interface FisSettings {
  /** From the call until the targets are resolved and the first actions start. */
  initiatingSeconds: number;
  /** How often stop conditions are looked at. */
  stopConditionPollSeconds: number;
}

export const DEFAULT_FIS_SETTINGS: FisSettings = { initiatingSeconds: 1, stopConditionPollSeconds: 5 };

/** From the API model; https://docs.aws.amazon.com/fis/latest/APIReference/API_ExperimentState.html names no limit. */
const MOST_REASON_CHARACTERS = 512;
const HALTED = "Experiment halted by stop condition.";

export class ExperimentRun {
  private readonly log: ExperimentLog;
  private role: RoleSession | undefined;
  private failure: string | undefined;

  constructor(private readonly region: RegionContext, private readonly settings: FisSettings, private readonly random: Random, readonly experiment: Experiment) {
    this.log = new ExperimentLog(region, experiment, random.hex(8));
  }

  /** Whether it counts against the account's active experiments. */
  get isActive(): boolean {
    return !isOver(this.experiment.state.status);
  }

  /** Ends it before it began. */
  cancel(reason: string): void {
    const { experiment, region } = this;
    for (const action of experiment.actions.values()) action.state = { status: "cancelled", reason: "Action was not started." };
    experiment.endedAt = region.clock.now();
    this.enter("cancelled", reason);
  }

  start(): void {
    const { experiment, region } = this;
    experiment.startedAt = region.clock.now();
    region.clock.spawn(`experiment ${experiment.id}`, () => this.run());
  }

  /** Ends it as soon as its actions have given back what they hold. */
  stop(reason: string): void {
    if (isOver(this.experiment.state.status) || this.experiment.stopReason !== undefined) return;
    this.experiment.stopReason = reason;
    this.enter("stopping", "Experiment is stopping.");
    this.experiment.changed.open();
  }

  private async run(): Promise<void> {
    const { experiment } = this;
    try {
      const ready = await this.prepare();
      if (ready) {
        this.enter("running", "Experiment is running.");
        if (hasAlarms(experiment.definition.stopConditions)) this.region.clock.spawn(`stop conditions of ${experiment.id}`, () => this.watch());
        await this.runActions();
      }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.failure ??= `${error.code}: ${error.message}`;
    }
    await this.finish();
  }

  /** The role taken on, stop conditions looked at, targets resolved. False when it ends before its first action. */
  private async prepare(): Promise<boolean> {
    const { experiment, region } = this;
    const { definition } = experiment;
    try {
      this.role = region.assumeRole(definition.roleArn, `fis-${experiment.id}`, {
        service: "fis.amazonaws.com", sourceArn: `arn:${region.partition}:fis:${region.regionName}:${region.accountId}:experiment/${experiment.id}`,
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.failure = `Unable to assume the role ${definition.roleArn}: ${error.message}`;
      return false;
    }
    await this.log.experimentStart(this.role);
    if (!(await this.waitFor(this.settings.initiatingSeconds))) return false;
    const alarms = await alarmStates(region, definition.stopConditions);
    for (const [arn, state] of alarms) {
      if (state === undefined) {
        this.failure = `The stop condition's alarm ${arn} does not exist.`;
        return false;
      }
    }
    if ([...alarms.values()].includes("ALARM")) {
      this.stop(HALTED);
      return false;
    }
    const why = await resolveTargets(region, experiment, this.role, this.log, this.random);
    if (why === undefined) return true;
    this.failure = why;
    return false;
  }

  private async runActions(): Promise<void> {
    const { actions, changed } = this.experiment;
    for (;;) {
      if (this.failure === undefined && this.experiment.stopReason === undefined) {
        for (const [name, action] of actions) if (action.state.status === "pending" && this.mayStart(action)) this.startAction(name, action);
      }
      const statuses = [...actions.values()].map(({ state }) => state.status);
      const active = statuses.some((status) => status === "initiating" || status === "running" || status === "stopping");
      const waiting = this.failure === undefined && this.experiment.stopReason === undefined && statuses.includes("pending");
      if (!active && !waiting) return;
      // Skipped actions may have made others ready within this very turn.
      if (waiting && [...actions.values()].some((action) => action.state.status === "pending" && this.mayStart(action))) continue;
      await changed.wait();
    }
  }

  /** Whether all that it starts after is over. */
  private mayStart({ definition }: ActionRun): boolean {
    return (definition.startAfter ?? []).every((name) => ["completed", "skipped"].includes(this.experiment.actions.get(name)!.state.status));
  }

  private startAction(name: string, action: ActionRun): void {
    const { clock } = this.region;
    const { definition } = action;
    if (this.experiment.actionsMode === "skip-all") {
      action.state = { status: "skipped", reason: "Action was skipped." };
      return;
    }
    if (Object.values(definition.targets ?? {}).some((target) => this.experiment.resolved.get(target)?.length === 0)) {
      action.state = { status: "skipped", reason: EMPTY };
      return;
    }
    action.startedAt = clock.now();
    action.state = { status: "running", reason: "Action is running." };
    clock.spawn(`action ${name} of ${this.experiment.id}`, async () => {
      const outcome = await this.carryOut(name, action);
      action.state = outcome;
      action.endedAt = clock.now();
      if (outcome.status === "failed") this.failure ??= `The action ${name} failed: ${outcome.reason}`;
      await quietly(() => this.log.actionEnd(this.role!, name, action));
      this.experiment.changed.open();
    });
  }

  private async carryOut(name: string, action: ActionRun): Promise<{ status: ActionStatus; reason: string }> {
    const { experiment, region } = this;
    const { definition } = action;
    await quietly(() => this.log.actionStart(this.role!, name, action));
    let cutShort = false;
    try {
      await actionOf(definition.actionId).run({
        region, role: this.role!, parameters: definition.parameters ?? {},
        targets: (key) => experiment.resolved.get(definition.targets?.[key] ?? "") ?? [],
        wait: async (duration) => {
          const whole = await this.waitFor(duration);
          cutShort ||= !whole;
          return whole;
        },
        authorize: async (service, operation, input) => {
          await region.authorize?.({ service, operation, input, context: { region, caller: this.role!.caller, requestId: this.random.uuid() } });
        },
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { status: "failed", reason: `${error.code}: ${error.message}` };
    }
    return cutShort ? { status: "stopped", reason: "Action was stopped." } : { status: "completed", reason: "Action was completed." };
  }

  /** Parks the running actor so long; false as soon as the experiment stops or fails. */
  private async waitFor(durationSeconds: number): Promise<boolean> {
    const { clock } = this.region;
    const until = clock.now() + seconds(durationSeconds);
    while (this.experiment.stopReason === undefined && this.failure === undefined) {
      const left = until - clock.now();
      if (left <= 0) return true;
      await this.experiment.changed.wait(left);
    }
    return false;
  }

  /** Looks at the alarms now and then, until the experiment is over. */
  private async watch(): Promise<void> {
    const { experiment } = this;
    while (await this.waitFor(this.settings.stopConditionPollSeconds)) {
      if (isOver(experiment.state.status)) return;
      const states = await alarmStates(this.region, experiment.definition.stopConditions);
      if ([...states.values()].includes("ALARM")) this.stop(HALTED);
    }
  }

  private async finish(): Promise<void> {
    const { experiment, region } = this;
    const ended: ActionStatus = this.failure === undefined && experiment.stopReason === undefined ? "skipped" : "cancelled";
    for (const action of experiment.actions.values()) if (action.state.status === "pending") action.state = { status: ended, reason: "Action was not started." };
    experiment.endedAt = region.clock.now();
    if (this.failure !== undefined) this.enter("failed", this.failure);
    else if (experiment.stopReason !== undefined) this.enter("stopped", experiment.stopReason);
    else this.enter("completed", "Experiment completed.");
    experiment.changed.open();
    await quietly(() => this.log.experimentEnd(this.role));
  }

  /** https://docs.aws.amazon.com/fis/latest/userguide/monitoring-eventbridge.html */
  private enter(status: ExperimentStatus, reason: string): void {
    const { experiment, region } = this;
    const old = experiment.state;
    experiment.state = { status, reason: reason.slice(0, MOST_REASON_CHARACTERS) };
    region.publish({
      source: "aws.fis", "detail-type": "FIS Experiment State Change", resources: [`arn:${region.partition}:fis:${region.regionName}:${region.accountId}:experiment/${experiment.id}`],
      detail: { "experiment-id": experiment.id, "experiment-template-id": experiment.templateId, "new-state": experiment.state, "old-state": old },
    });
  }
}

/** For what does not end the experiment when it fails: the loss of a record. */
async function quietly(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}
