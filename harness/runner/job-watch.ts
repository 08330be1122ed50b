/**
 * Follows one job of a run, through AWS's APIs only, and records what changes. It looks rarely where nothing is expected
 * and closely where something is: what the job's rate foretells, what an instance that boots will do, and what a fault
 * waits for (`wish`). Everyone who waits for the job waits for its next look.
 */
import { DescribeInstancesCommand, DescribeSpotInstanceRequestsCommand, type Instance } from "@aws-sdk/client-ec2";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { EventOf } from "../model/history";
import type { JobSpec } from "../model/scenario";
import { percentAfter, secondsUntil, workPercent, workSeconds, type Standing } from "../model/work";
import { fromDate, seconds, type Gate, type Microseconds } from "../time/clock";
import type { Target } from "../targets/target";
import { readLedger, type Commit, type LedgerItem } from "./ledger";
import type { Recorder } from "./recorder";

export interface WatchedInstance {
  instanceId: string;
  launch: number;
  state: string;
  lifecycle: "spot" | "on-demand";
  launchedAt: Microseconds;
  /** When it was first seen running; up to one look late. */
  runningAt?: Microseconds;
  endedAt?: Microseconds;
  spotRequestId?: string;
  spotCode?: string;
}

export interface WatchedExecution {
  name: string;
  arn: string;
  startedAt: Microseconds;
  status: string;
  stoppedAt?: Microseconds;
}

/** A moment of the job's work from which its course is reckoned. */
interface Anchor extends Standing { at: Microseconds; epoch: number }

/** States in which an instance is on its way to somewhere else. */
const MOVING = new Set(["pending", "shutting-down", "stopping"]);
/** After a fault, for so long, instances and executions are looked at often: a notice's two minutes and some more. */
const STIR_SECONDS = 150;
/** And for so long the ledger is looked at closely: a notice is found, and a save written. */
const STIR_LEDGER_SECONDS = 30;
/** After a stop from outside, or a notice, for so long, instances are looked at as closely as the ledger. */
const CLOSELY_SECONDS = 60;
/** How many times rarer instances and executions are looked at while all is well. */
const CALM = 10;
/** A report that agrees with the reckoning to so many seconds of work does not replace it. */
const AGREEMENT_SECONDS = 1.5;

/** Progress in whole units of work, as the default workload counts it. */
const wholeSeconds = (job: JobSpec, percent: number): number => Math.round(workPercent(job, Math.floor(workSeconds(job, percent) + 1e-6)) * 1e4) / 1e4;

export class JobWatch {
  readonly executions: WatchedExecution[] = [];
  readonly instances = new Map<string, WatchedInstance>();
  ledger: LedgerItem | undefined;
  /** When the ledger was last read, and the time before. */
  lookedAt: Microseconds = 0;
  /** When that look was asked for: the same moment on virtual time. */
  private askedAt: Microseconds = 0;
  /** When the present owner was first seen as such. */
  takenAt: Microseconds = 0;
  /** When each sequence number was first seen committed: not before `from`, not after `to`. */
  readonly commits = new Map<number, { from: Microseconds; to: Microseconds }>();
  /** Resumptions that a fault has promised: the job is not over while there are any. */
  promised = 0;

  private readonly attention: Gate;
  private readonly looked: Gate;
  private wishes: Microseconds[] = [];
  private anchor: Anchor | undefined;
  private lastCommitKey = "";
  private lastProgress: { epoch: number; percent: number; at: number } = { epoch: 0, percent: 0, at: 0 };
  private instancesDue: Microseconds = 0;
  private instancesWanted = false;
  private executionDue: Microseconds = 0;
  private stirredUntil: Microseconds = 0;
  private ledgerStirredUntil: Microseconds = 0;
  private closelyUntil: Microseconds = 0;
  private stoppedAtPercent = 0;
  private ended = false;

  constructor(
    readonly spec: JobSpec,
    readonly jobId: string,
    private readonly target: Target,
    private readonly recorder: Recorder,
    private readonly onLook: (watch: JobWatch) => void,
  ) {
    this.attention = target.clock.gate(`attention to ${jobId}`);
    this.looked = target.clock.gate(`a look at ${jobId}`);
  }

  // ---- what others ask ----------------------------------------------------------------------------------------

  get execution(): WatchedExecution | undefined {
    return this.executions.at(-1);
  }

  /** The last execution has ended and nobody will start another. */
  get over(): boolean {
    return this.ended;
  }

  get committedPercent(): number {
    return this.ledger?.last?.percent ?? 0;
  }

  /** Progress at that time in percent, committed or not, as reckoned from the reports: not above the truth, and at most
   * two seconds of work below it. */
  percentAt(time: Microseconds): number {
    if (this.ledger?.finished === true) return 100;
    if (this.anchor !== undefined) return wholeSeconds(this.spec, percentAfter(this.spec, this.anchor, (time - this.anchor.at) / 1e6));
    return this.ledger?.ownerState === "saving" ? Math.max(this.stoppedAtPercent, this.committedPercent) : this.committedPercent;
  }

  /** When the work will have reached so much; undefined while nobody works. */
  timeOfPercent(percent: number): Microseconds | undefined {
    return this.anchor === undefined ? undefined : this.anchor.at + seconds(secondsUntil(this.spec, this.anchor, percent));
  }

  /** The instance that owns the job, as far as known. */
  get owner(): WatchedInstance | undefined {
    const state = this.ledger?.ownerState;
    if (state === undefined || state === "none" || state === "released" || state === "dead") return undefined;
    return this.instances.get(this.ledger?.ownerInstanceId ?? "");
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

  /** Asks for instances to be looked at with the very next look. */
  wantInstances(): void {
    this.instancesWanted = true;
  }

  /** Starts an execution of the job; the first, or one that resumes it. Rejects with the SDK's errors. */
  async start(name: string): Promise<void> {
    const { clients, outputs, clock } = this.target;
    const { durationMinutes, checkpointMinutes, saveSeconds } = this.spec;
    const input = { durationMinutes, checkpointMinutes, saveSeconds, jobId: this.jobId };
    const { executionArn: arn, startDate } = await clients.sfn.send(new StartExecutionCommand({ stateMachineArn: outputs.stateMachineArn, name, input: JSON.stringify(input) }));
    const startedAt = startDate === undefined ? clock.now() : fromDate(startDate);
    this.executions.push({ name, arn: arn!, startedAt, status: "RUNNING" });
    this.recorder.add(startedAt, { type: "execution-started", job: this.spec.name, execution: name, executionArn: arn!, input });
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
      await this.lookAtInstances();
      this.instancesDue = clock.now() + seconds(this.instancesEverySeconds());
    }
    if (this.executionDue <= clock.now() || this.ledger?.finished === true) {
      await this.lookAtExecution();
      this.executionDue = clock.now() + seconds(this.executionEverySeconds());
    }
    const last = this.execution;
    this.ended = last !== undefined && last.status !== "RUNNING" && this.promised === 0;
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
    if (boots || state === "restoring" || state === "saving" || this.ledger?.finished === true || this.target.clock.now() < this.ledgerStirredUntil) return close;
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
    const moving = [...this.instances.values()].some((instance) => MOVING.has(instance.state));
    if (this.target.clock.now() < this.closelyUntil) return close;
    if (moving || this.ledger?.ownerState === "released" || this.ledger?.ownerState === "dead") return 5 * close;
    return this.stirred ? 10 * close : this.calm ? CALM * far : far;
  }

  private executionEverySeconds(): number {
    const { close, far } = this.target.pollSeconds;
    return this.ledger?.finished === true ? close : this.stirred ? 10 * close : this.calm ? CALM * far : far;
  }

  private unknownLaunch(): boolean {
    return (this.ledger?.launch ?? 0) > Math.max(0, ...[...this.instances.values()].map((instance) => instance.launch));
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
    this.takeProgress(item, now);
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
      this.anchor = undefined;
      this.recorder.add(now, {
        type: "ownership-taken", job: this.spec.name, epoch, launch: item.ownerLaunch ?? 0, instanceId: item.ownerInstanceId ?? "",
        fromPercent: ([item.last, item.previous].find((commit) => commit !== undefined && commit.epoch < epoch) ?? before?.last)?.percent ?? 0, notBeforeSeconds: this.recorder.seconds(since),
      });
      this.instancesDue = 0;
    }
    if (item.ownerState === "released" && (before?.ownerState !== "released" || before.ownerEpoch !== epoch)) {
      this.recorder.add(now, { type: "ownership-released", job: this.spec.name, epoch, instanceId: item.ownerInstanceId ?? "", reason: item.ownerReason ?? "" });
    }
  }

  private takeProgress(item: LedgerItem, now: Microseconds): void {
    const epoch = item.ownerEpoch ?? 0;
    const percent = item.progressPercent ?? 0;
    const at = item.progressAt ?? 0;
    const changed = percent !== this.lastProgress.percent || at !== this.lastProgress.at;
    const reported = epoch === this.lastProgress.epoch && changed;
    if (reported && percent !== this.lastProgress.percent) this.recorder.add(now, { type: "progress-reported", job: this.spec.name, epoch, percent });
    this.lastProgress = { epoch, percent, at };

    if (item.ownerState !== "working") {
      if (this.anchor !== undefined) this.stoppedAtPercent = Math.max(percent, this.percentAt(now));
      this.anchor = undefined;
      return;
    }
    const savedPercent = item.last?.percent ?? 0;
    if (this.anchor?.epoch !== epoch) this.anchor = { percent: savedPercent, savedPercent, at: now, epoch };
    if (!reported) return;
    const reckoned = percentAfter(this.spec, this.anchor, at - this.anchor.at / 1e6);
    // Times in the item are whole seconds, rounded down.
    if (Math.abs(workSeconds(this.spec, reckoned - percent)) > AGREEMENT_SECONDS) this.anchor = { percent, savedPercent, at: Math.min(now, seconds(at + 1)), epoch };
  }

  // ---- instances -----------------------------------------------------------------------------------------------

  private async lookAtInstances(): Promise<void> {
    const { clients, clock } = this.target;
    const found: Instance[] = [];
    for (let token: string | undefined; ;) {
      const page = await clients.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "tag:spotproof:job", Values: [this.jobId] }], NextToken: token }));
      found.push(...(page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []));
      token = page.NextToken;
      if (token === undefined || token === "") break;
    }
    const now = clock.now();
    for (const instance of found) this.takeInstance(instance, now);
    await this.lookAtSpotRequests();
  }

  private takeInstance(instance: Instance, now: Microseconds): void {
    const { clock } = this.target;
    const instanceId = instance.InstanceId!;
    const state = instance.State?.Name ?? "unknown";
    let known = this.instances.get(instanceId);
    if (known === undefined) {
      const launch = Number(instance.Tags?.find((tag) => tag.Key === "spotproof:launch")?.Value ?? 0);
      const launchedAt = instance.LaunchTime === undefined ? now : Math.min(now, Math.max(this.recorder.startedAt, fromDate(instance.LaunchTime)));
      known = {
        instanceId, launch, state: "", launchedAt,
        lifecycle: instance.InstanceLifecycle === "spot" ? "spot" : "on-demand",
        ...(instance.SpotInstanceRequestId === undefined ? {} : { spotRequestId: instance.SpotInstanceRequestId }),
      };
      this.instances.set(instanceId, known);
      this.recorder.add(launchedAt, {
        type: "instance-launched", job: this.spec.name, launch, instanceId, instanceType: String(instance.InstanceType ?? ""), zone: instance.Placement?.AvailabilityZone ?? "",
        ...(known.spotRequestId === undefined ? {} : { spotRequestId: known.spotRequestId }),
      });
    }
    if (state === known.state) return;
    known.state = state;
    if (state === "running") known.runningAt = clock.now();
    if (state === "terminated") known.endedAt = now;
    const reason = instance.StateTransitionReason;
    this.recorder.add(now, { type: "instance-state", job: this.spec.name, instanceId, state, ...(reason ? { reason } : {}) });
  }

  private async lookAtSpotRequests(): Promise<void> {
    const { clients, clock } = this.target;
    // A request that has ended changes no more.
    const open = [...this.instances.values()].filter((instance) => instance.spotRequestId !== undefined && !(instance.state === "terminated" && /^instance-terminated/.test(instance.spotCode ?? "")));
    if (open.length === 0) return;
    const { SpotInstanceRequests: requests } = await clients.ec2.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: open.map((instance) => instance.spotRequestId!) }));
    for (const request of requests ?? []) {
      const instance = open.find((candidate) => candidate.spotRequestId === request.SpotInstanceRequestId);
      const code = request.Status?.Code;
      if (instance === undefined || code === undefined || code === instance.spotCode) continue;
      instance.spotCode = code;
      const at = request.Status?.UpdateTime === undefined ? clock.now() : Math.min(clock.now(), Math.max(this.recorder.startedAt, fromDate(request.Status.UpdateTime)));
      this.recorder.add(at, { type: "spot-request-status", job: this.spec.name, spotRequestId: request.SpotInstanceRequestId!, code });
    }
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
    this.recorder.add(execution.stoppedAt, {
      type: "execution-ended", job: this.spec.name, execution: execution.name, status: execution.status as EventOf<"execution-ended">["status"],
      ...(found.error === undefined ? {} : { error: found.error }), ...(found.cause === undefined ? {} : { cause: found.cause }),
    });
  }

  // ---- the end -------------------------------------------------------------------------------------------------

  /** Looks until every instance is terminated, or for so long; whether they are. */
  async awaitTermination(forSeconds: number): Promise<boolean> {
    const { clock, pollSeconds } = this.target;
    const until = clock.now() + seconds(forSeconds);
    for (;;) {
      await this.lookAtInstances();
      if ([...this.instances.values()].every((instance) => instance.state === "terminated")) return true;
      if (clock.now() >= until) return false;
      await clock.sleep(seconds(5 * pollSeconds.close));
    }
  }
}
