/**
 * Follows one job of a run, through AWS's APIs only, and records what changes. It looks rarely where nothing is expected
 * and closely where something is: what the job's rate foretells, what an instance that boots will do, and what a fault
 * waits for (`look`). Everyone who waits for the job waits for its next look.
 */
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { EventOf } from "../model/history";
import type { JobSpec } from "../model/scenario";
import { fromDate, seconds, type Gate, type Microseconds } from "../time/clock";
import type { Target } from "../targets/target";
import { InstanceWatch, type WatchedInstance } from "./instance-watch";
import { readLedger, type Commit, type LedgerItem } from "./ledger";
import { ofAnyMachine } from "./of-any-machine";
import { Reckoning } from "./reckoning";
import type { Recorder } from "./recorder";

export interface WatchedExecution {
  name: string;
  arn: string;
  startedAt: Microseconds;
  status: string;
  stoppedAt?: Microseconds;
  /** A fault has started it beside the job's own. */
  isFurther: boolean;
}

/** After a fault, for so long, instances and executions are looked at often: a notice's two minutes and some more. */
const STIR_SECONDS = 150;
/** And for so long the ledger is looked at closely: a notice is found, and a save written. */
const STIR_LEDGER_SECONDS = 30;
/** After a stop from outside, or a notice, for so long, instances are looked at as closely as the ledger. */
const CLOSELY_SECONDS = 60;
/** How many times rarer instances and executions are looked at while all is well. */
const CALM = 10;

export class JobWatch {
  readonly executions: WatchedExecution[] = [];
  ledger: LedgerItem | undefined;
  /** When the ledger was last read. */
  lookedAt: Microseconds = 0;
  /** When that look was asked for: the same moment on virtual time. */
  private askedAt: Microseconds = 0;
  /** When the present owner was first seen as such. */
  takenAt: Microseconds = 0;
  /** When it was first seen to work, to hand over, and to have a successor that waits for its release. */
  readonly seenAt = new Map<"working" | "handing-over" | "ready", Microseconds>();
  /** When each sequence number was first seen committed: not before `from`, not after `to`. */
  readonly commits = new Map<number, { from: Microseconds; to: Microseconds }>();
  /** Executions that a fault has promised: the job is not over while there are any. */
  promised = 0;

  private readonly instanceWatch: InstanceWatch;
  private readonly reckoning: Reckoning;
  private readonly attention: Gate;
  private readonly looked: Gate;
  private wishes: Microseconds[] = [];
  private lastCommitKey = "";
  private instancesDue: Microseconds = 0;
  private instancesWanted = false;
  private executionDue: Microseconds = 0;
  private stirredUntil: Microseconds = 0;
  private ledgerStirredUntil: Microseconds = 0;
  private closelyUntil: Microseconds = 0;
  private ended = false;

  constructor(
    readonly spec: JobSpec,
    readonly jobId: string,
    private readonly target: Target,
    private readonly recorder: Recorder,
    private readonly onLook: (watch: JobWatch) => void,
  ) {
    this.instanceWatch = new InstanceWatch(spec.name, jobId, target, recorder);
    this.reckoning = new Reckoning(spec);
    this.attention = target.clock.gate(`attention to ${jobId}`);
    this.looked = target.clock.gate(`a look at ${jobId}`);
  }

  // ---- what others ask ----------------------------------------------------------------------------------------

  /** The job's own, the last one. */
  get execution(): WatchedExecution | undefined {
    return this.own.at(-1);
  }

  private get own(): WatchedExecution[] {
    return this.executions.filter(({ isFurther }) => !isFurther);
  }

  /** All executions have ended and nobody will start another. */
  get over(): boolean {
    return this.ended;
  }

  get instances(): ReadonlyMap<string, WatchedInstance> {
    return this.instanceWatch.all;
  }

  get committedPercent(): number {
    return this.ledger?.last?.percent ?? 0;
  }

  /** Progress at that time in percent, committed or not, as reckoned. */
  percentAt(time: Microseconds): number {
    return this.reckoning.percentAt(time, this.ledger);
  }

  /** When the work will have reached so much; undefined while nobody works. */
  timeOfPercent(percent: number): Microseconds | undefined {
    return this.reckoning.timeOfPercent(percent);
  }

  /** The instance that owns the job, as far as known. */
  get owner(): WatchedInstance | undefined {
    const state = this.ledger?.ownerState;
    if (state === undefined || state === "none" || state === "released" || state === "dead") return undefined;
    return this.instances.get(this.ledger?.ownerInstanceId ?? "");
  }

  /** The instance that has the job's task while another owns the job, as far as known. */
  get successor(): WatchedInstance | undefined {
    const { taskInstanceId, ownerInstanceId } = this.ledger ?? {};
    return taskInstanceId === undefined || taskInstanceId === ownerInstanceId ? undefined : this.instances.get(taskInstanceId);
  }

  /** Parks the calling actor until the job has been looked at anew: at `by` (which must lie ahead) at the latest, sooner
   * when someone else asks. Returns at once when the job is over. */
  async look(by: Microseconds): Promise<void> {
    if (this.ended) return;
    this.wishes.push(by);
    this.attention.open();
    await this.looked.wait();
  }

  /** Something has been done to the job: what follows from it is followed closely for a while; `closely`: the instances too. */
  stir(closely = false): void {
    const now = this.target.clock.now();
    this.stirredUntil = now + seconds(STIR_SECONDS);
    this.ledgerStirredUntil = now + seconds(STIR_LEDGER_SECONDS);
    if (closely) this.closelyUntil = now + seconds(CLOSELY_SECONDS);
    this.instancesDue = this.executionDue = 0;
    this.attention.open();
  }

  /** Its owner runs the job again, from what is committed. */
  runAgain(): void {
    this.reckoning.beginAnew();
  }

  /** Asks for instances to be looked at with the very next look. */
  wantInstances(): void {
    this.instancesWanted = true;
  }

  /** Starts an execution of the job; the first, or one that resumes it. Rejects with the SDK's errors. */
  async start(name: string): Promise<void> {
    await this.send(name, (this.own.length === 0 ? this.spec.input : this.spec.resume ?? this.spec.input) ?? {});
  }

  /** Starts another execution with the job's id and input, but for these fields. Rejects with the SDK's errors. */
  async startAgain(name: string, input: object, fault: number): Promise<void> {
    await this.send(name, { ...this.spec.input, ...input }, fault);
  }

  private async send(name: string, more: object, fault?: number): Promise<void> {
    const { clients, outputs, clock } = this.target;
    const { durationMinutes, checkpointMinutes, saveSeconds, saveMegabytes, wholeInput } = this.spec;
    const input = wholeInput ?? { durationMinutes, checkpointMinutes, saveSeconds, ...(saveMegabytes === undefined ? {} : { saveMegabytes }), jobId: this.jobId, ...more };
    const { executionArn: arn, startDate } = await clients.sfn.send(new StartExecutionCommand({ stateMachineArn: outputs.stateMachineArn, name, input: JSON.stringify(input) }));
    const startedAt = startDate === undefined ? clock.now() : fromDate(startDate);
    this.executions.push({ name, arn: arn!, startedAt, status: "RUNNING", isFurther: fault !== undefined });
    this.recorder.add(startedAt, { type: "execution-started", job: this.spec.name, execution: name, executionArn: arn!, input, ...(fault === undefined ? {} : { fault }) });
    this.executionDue = 0;
    this.attention.open();
  }

  // ---- following -----------------------------------------------------------------------------------------------

  /** Looks until the job is over or `giveUpAt` has come. */
  async follow(giveUpAt: Microseconds): Promise<void> {
    const { clock } = this.target;
    while (clock.now() < giveUpAt) {
      await this.lookNow();
      if (this.ended) break;
      for (;;) {
        const due = Math.min(this.nextLook(), giveUpAt, ...this.wishes);
        if (due <= clock.now()) break;
        await this.attention.wait(due - clock.now());
      }
    }
    this.ended = true;
    this.looked.open();
  }

  /** One look at everything that is due; tells those who wait. */
  async lookNow(): Promise<void> {
    await this.lookAtLedger();
    const { clock } = this.target;
    if (this.instancesDue <= clock.now() || this.instancesWanted || this.unknownLaunch()) {
      this.instancesWanted = false;
      await this.instanceWatch.look();
      this.instancesDue = clock.now() + seconds(this.instancesEverySeconds());
    }
    if (this.executionDue <= clock.now() || this.ledger?.finished === true) {
      await this.lookAtExecution();
      this.executionDue = clock.now() + seconds(this.executionEverySeconds());
    }
    if (this.spec.resume !== undefined && this.own.length === 1 && this.execution?.status === "FAILED") await this.start(`${this.jobId}-again`);
    this.ended = this.executions.length > 0 && this.executions.every(({ status }) => status !== "RUNNING") && this.promised === 0;
    this.onLook(this);
    // Served: those who wished for it get their turns only after the next wait.
    this.wishes = [];
    this.looked.open();
  }

  private nextLook(): Microseconds {
    return Math.min(this.lookedAt + seconds(this.ledgerEverySeconds()), this.instancesDue, this.executionDue);
  }

  private get stirred(): boolean {
    return this.target.clock.now() < this.stirredUntil;
  }

  /** The ledger: closely while ownership is about to change, at least once between two checkpoints. */
  private ledgerEverySeconds(): number {
    const { close, far } = this.target.pollSeconds;
    const state = this.ledger?.ownerState;
    const boots = [...this.instances.values()].some((instance) => instance.state === "running" && instance.instanceId !== this.ledger?.ownerInstanceId);
    if (boots || state === "restoring" || state === "handing-over" || state === "saving" || this.ledger?.finished === true || this.target.clock.now() < this.ledgerStirredUntil) return close;
    // Commits are seen while they are the last or the one before it.
    const often = this.calm ? 3 * this.reportSeconds : Math.min(far, this.reportSeconds);
    return Math.max(close, Math.min(often, this.spec.checkpointMinutes * 60));
  }

  /** How often the agent reports progress. */
  private get reportSeconds(): number {
    return Math.min(60, Math.max(10, (this.spec.durationMinutes * 60) / 360));
  }

  /** The owner works and says so: its instance and the execution are well then, and need no look of their own. */
  private get calm(): boolean {
    return !this.stirred && this.ledger?.ownerState === "working" && this.lookedAt / 1e6 - (this.ledger.progressAt ?? 0) < 3 * this.reportSeconds + this.spec.saveSeconds;
  }

  private instancesEverySeconds(): number {
    const { close, far } = this.target.pollSeconds;
    if (this.target.clock.now() < this.closelyUntil) return close;
    if (this.instanceWatch.moving || this.ledger?.ownerState === "released" || this.ledger?.ownerState === "dead") return 5 * close;
    return this.stirred ? 10 * close : this.calm ? CALM * far : far;
  }

  private executionEverySeconds(): number {
    const { close, far } = this.target.pollSeconds;
    return this.ledger?.finished === true ? close : this.stirred ? 10 * close : this.calm ? CALM * far : far;
  }

  private unknownLaunch(): boolean {
    return (this.ledger?.launch ?? 0) > this.instanceWatch.lastLaunch;
  }

  // ---- the ledger ----------------------------------------------------------------------------------------------

  private async lookAtLedger(): Promise<void> {
    const { clock, clients, outputs } = this.target;
    const asked = clock.now();
    const item = await readLedger(clients, outputs, this.jobId);
    const now = clock.now();
    const before = this.ledger;
    // What the last look did not show happened after it was asked, and perhaps before it was answered.
    const since = this.askedAt;
    this.ledger = item;
    this.askedAt = asked;
    this.lookedAt = now;
    if (item === undefined) return;
    this.takeCommits(item, since, now);
    this.takeOwner(before, item, since, now);
    const reported = this.reckoning.take(item, now);
    if (reported !== undefined) this.recorder.add(now, { type: "progress-reported", job: this.spec.name, epoch: item.ownerEpoch ?? 0, percent: reported });
  }

  private takeCommits(item: LedgerItem, since: Microseconds, now: Microseconds): void {
    const fresh = [item.previous, item.last].filter((commit): commit is Commit => commit !== undefined && !this.commits.has(commit.sequence));
    // The same number over another object is a commit too, and one that should not have been.
    if (item.last !== undefined && item.last.key !== this.lastCommitKey && !fresh.includes(item.last)) fresh.push(item.last);
    for (const commit of fresh) {
      // What the item says of its own time is believed within what was seen: not there at the last look, there now.
      const at = Math.min(now, Math.max(since, seconds(commit.committedAt)));
      this.commits.set(commit.sequence, { from: Math.max(since, seconds(commit.committedAt)), to: now });
      this.recorder.add(at, {
        type: "checkpoint-committed", job: this.spec.name, epoch: commit.epoch, sequence: commit.sequence, percent: commit.percent,
        key: commit.key, sha256: commit.sha256, sizeBytes: commit.sizeBytes,
      });
    }
    this.lastCommitKey = item.last?.key ?? "";
  }

  private takeOwner(before: LedgerItem | undefined, item: LedgerItem, since: Microseconds, now: Microseconds): void {
    const epoch = item.ownerEpoch ?? 0;
    if (epoch !== (before?.ownerEpoch ?? 0)) {
      this.takenAt = now;
      this.seenAt.clear();
      this.reckoning.beginAnew();
      this.recorder.add(now, {
        type: "ownership-taken", job: this.spec.name, epoch, launch: item.ownerLaunch ?? 0, instanceId: item.ownerInstanceId ?? "",
        fromPercent: ([item.last, item.previous].find((commit) => commit !== undefined && commit.epoch < epoch) ?? before?.last)?.percent ?? 0, notBeforeSeconds: this.recorder.seconds(since),
      });
      this.instancesDue = 0;
    }
    if (item.readyLaunch === undefined || item.readyLaunch !== item.taskLaunch) this.seenAt.delete("ready");
    else this.firstSeen("ready", now);
    if (item.ownerState === "working" || item.ownerState === "handing-over") this.firstSeen(item.ownerState, now);
    if (item.ownerState === "released" && (before?.ownerState !== "released" || before.ownerEpoch !== epoch)) {
      this.recorder.add(now, { type: "ownership-released", job: this.spec.name, epoch, instanceId: item.ownerInstanceId ?? "", reason: item.ownerReason ?? "" });
    }
  }

  private firstSeen(what: "working" | "handing-over" | "ready", now: Microseconds): void {
    if (!this.seenAt.has(what)) this.seenAt.set(what, now);
  }

  // ---- executions ----------------------------------------------------------------------------------------------

  private async lookAtExecution(): Promise<void> {
    for (const execution of this.executions) if (execution.status === "RUNNING") await this.lookAt(execution);
  }

  private async lookAt(execution: WatchedExecution): Promise<void> {
    const { clients, clock } = this.target;
    const found = await clients.sfn.send(new DescribeExecutionCommand({ executionArn: execution.arn }));
    execution.status = found.status ?? "RUNNING";
    if (execution.status === "RUNNING") return;
    execution.stoppedAt = found.stopDate === undefined ? clock.now() : fromDate(found.stopDate);
    const cause = this.target.kind === "local" && found.cause !== undefined ? ofAnyMachine(found.cause) : found.cause;
    this.recorder.add(execution.stoppedAt, {
      type: "execution-ended", job: this.spec.name, execution: execution.name, status: execution.status as EventOf<"execution-ended">["status"],
      ...(found.error === undefined ? {} : { error: found.error }), ...(cause === undefined ? {} : { cause }),
    });
  }

  // ---- the end -------------------------------------------------------------------------------------------------

  /** Looks until every instance is terminated, or for so long; whether they are. */
  async awaitTermination(forSeconds: number): Promise<boolean> {
    const { clock, pollSeconds } = this.target;
    const until = clock.now() + seconds(forSeconds);
    for (;;) {
      await this.instanceWatch.look();
      if (this.instanceWatch.terminated) return true;
      if (clock.now() >= until) return false;
      await clock.sleep(seconds(5 * pollSeconds.close));
    }
  }
}
