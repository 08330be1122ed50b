/** The instances of a job and their Spot requests, as EC2 tells of them: what changes is recorded. */
import { DescribeInstancesCommand, DescribeSpotInstanceRequestsCommand, type Instance } from "@aws-sdk/client-ec2";
import { fromDate, type Microseconds } from "../time/clock";
import type { Target } from "../targets/target";
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

/** States in which an instance is on its way to somewhere else. */
const MOVING = new Set(["pending", "shutting-down", "stopping"]);

export class InstanceWatch {
  readonly all = new Map<string, WatchedInstance>();

  /** @param job its name in the scenario, for the record */
  constructor(
    private readonly job: string,
    private readonly jobId: string,
    private readonly target: Target,
    private readonly recorder: Recorder,
  ) {}

  get moving(): boolean {
    return [...this.all.values()].some((instance) => MOVING.has(instance.state));
  }

  get terminated(): boolean {
    return [...this.all.values()].every((instance) => instance.state === "terminated");
  }

  /** The greatest number of a launch that was seen; 0 before the first. */
  get lastLaunch(): number {
    return Math.max(0, ...[...this.all.values()].map((instance) => instance.launch));
  }

  async look(): Promise<void> {
    const { clients, clock } = this.target;
    const found: Instance[] = [];
    for (let token: string | undefined; ;) {
      const page = await clients.ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "tag:spotproof:job", Values: [this.jobId] }], NextToken: token }));
      found.push(...(page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []));
      token = page.NextToken;
      if (token === undefined || token === "") break;
    }
    const now = clock.now();
    for (const instance of found) this.take(instance, now);
    await this.lookAtSpotRequests();
  }

  private take(instance: Instance, now: Microseconds): void {
    const { clock } = this.target;
    const instanceId = instance.InstanceId!;
    const state = instance.State?.Name ?? "unknown";
    let known = this.all.get(instanceId);
    if (known === undefined) {
      const launch = Number(instance.Tags?.find((tag) => tag.Key === "spotproof:launch")?.Value ?? 0);
      const launchedAt = instance.LaunchTime === undefined ? now : Math.min(now, Math.max(this.recorder.startedAt, fromDate(instance.LaunchTime)));
      known = {
        instanceId, launch, state: "", launchedAt,
        lifecycle: instance.InstanceLifecycle === "spot" ? "spot" : "on-demand",
        ...(instance.SpotInstanceRequestId === undefined ? {} : { spotRequestId: instance.SpotInstanceRequestId }),
      };
      this.all.set(instanceId, known);
      this.recorder.add(launchedAt, {
        type: "instance-launched", job: this.job, launch, instanceId, instanceType: String(instance.InstanceType ?? ""), zone: instance.Placement?.AvailabilityZone ?? "",
        ...(known.spotRequestId === undefined ? {} : { spotRequestId: known.spotRequestId }),
      });
    }
    if (state === known.state) return;
    known.state = state;
    if (state === "running") known.runningAt = clock.now();
    if (state === "terminated") known.endedAt = now;
    const reason = instance.StateTransitionReason;
    this.recorder.add(now, { type: "instance-state", job: this.job, instanceId, state, ...(reason ? { reason } : {}) });
  }

  private async lookAtSpotRequests(): Promise<void> {
    const { clients, clock } = this.target;
    // A request that has ended changes no more.
    const open = [...this.all.values()].filter((instance) => instance.spotRequestId !== undefined && !(instance.state === "terminated" && /^instance-terminated/.test(instance.spotCode ?? "")));
    if (open.length === 0) return;
    const { SpotInstanceRequests: requests } = await clients.ec2.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: open.map((instance) => instance.spotRequestId!) }));
    for (const request of requests ?? []) {
      const instance = open.find((candidate) => candidate.spotRequestId === request.SpotInstanceRequestId);
      const code = request.Status?.Code;
      if (instance === undefined || code === undefined || code === instance.spotCode) continue;
      instance.spotCode = code;
      const at = request.Status?.UpdateTime === undefined ? clock.now() : Math.min(clock.now(), Math.max(this.recorder.startedAt, fromDate(request.Status.UpdateTime)));
      this.recorder.add(at, { type: "spot-request-status", job: this.job, spotRequestId: request.SpotInstanceRequestId!, code });
    }
  }
}
