/**
 * Commands and what becomes of them on each node. Statuses: https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
 */
import { seconds, type Gate, type Microseconds } from "../../../../time/clock";
import type { RegionContext } from "../../../core/types";
import type { RunningScript } from "../../../guest/types";
import type { CommandDocument, Parameters } from "./documents";
import { managedNode } from "./nodes";

export type InvocationStatus = "Pending" | "InProgress" | "Success" | "Failed" | "TimedOut" | "Cancelling" | "Cancelled";
export const isOver = (status: InvocationStatus): boolean => !["Pending", "InProgress", "Cancelling"].includes(status);

export interface SsmSettings {
  /** From SendCommand until the agent of a node starts the command. */
  commandDeliverySeconds: number;
  /** How long a node that cannot be reached waits before it asks again. */
  agentRetrySeconds: number;
}

export const DEFAULT_SSM_SETTINGS: SsmSettings = { commandDeliverySeconds: 1, agentRetrySeconds: 5 };

/** What carries a command out on its node; each counts as a unit of its own. */
const WORKER = "ssm-document-worker";
/** Exit codes with which the agent stands for what no process returned. */
const NOT_RUN = -1;

export interface CommandRequest {
  id: string;
  /** As it was given: a name or an ARN. */
  documentName: string;
  document: CommandDocument;
  parameters: Parameters;
  /** As they were given. */
  givenParameters: Readonly<Record<string, unknown>>;
  instanceIds: readonly string[];
  targets: readonly { Key: string; Values: string[] }[];
  comment: string;
  /** How long until it must have reached its nodes. */
  timeoutSeconds: number;
  requestedAt: Microseconds;
}

/** A command on one node: an actor that waits for the node, runs the script in it and sees to its end. */
export class Invocation {
  status: InvocationStatus = "Pending";
  details: string = "Pending";
  responseCode = NOT_RUN;
  startedAt: Microseconds | undefined;
  endedAt: Microseconds | undefined;
  stdout = "";
  stderr = "";
  private readonly cancelled: Gate;
  private script: RunningScript | undefined;

  constructor(private readonly region: RegionContext, private readonly settings: SsmSettings, readonly request: CommandRequest, readonly instanceId: string) {
    this.cancelled = region.clock.gate(`command ${request.id} on ${instanceId}`);
  }

  start(): void {
    this.region.clock.spawn(`command ${this.request.id} on ${this.instanceId}`, () => this.run());
  }

  /** Ends it, if it is not over. */
  cancel(): void {
    if (isOver(this.status) || this.status === "Cancelling") return;
    if (this.status === "Pending") this.end("Cancelled", "Cancelled");
    else {
      this.enter("Cancelling", "Cancelling");
      this.region.clock.spawn(`cancelling of command ${this.request.id}`, async () => this.script?.kill());
    }
    this.cancelled.open();
  }

  private async run(): Promise<void> {
    if (await this.delivered()) await this.execute();
  }

  /** Waits until the node has it; false when it is over before. */
  private async delivered(): Promise<boolean> {
    const { clock } = this.region;
    const expiresAt = clock.now() + seconds(this.request.timeoutSeconds);
    await this.cancelled.wait(seconds(this.settings.commandDeliverySeconds));
    while (!isOver(this.status)) {
      const node = managedNode(this.region, this.instanceId);
      if (node?.isAlive) return true;
      if (clock.now() >= expiresAt) this.end("TimedOut", "DeliveryTimedOut");
      else await this.cancelled.wait(Math.min(seconds(this.settings.agentRetrySeconds), expiresAt - clock.now()));
    }
    return false;
  }

  private async execute(): Promise<void> {
    const { request, region, instanceId } = this;
    const node = managedNode(region, instanceId);
    const { text, workingDirectory, timeoutSeconds } = request.document.script(request.parameters);
    this.enter("InProgress", "InProgress");
    this.startedAt = region.clock.now();
    const script = (this.script = node!.system.runScript({
      unit: `${WORKER}-${request.id}`, folder: `/var/lib/amazon/ssm/${instanceId}/document/orchestration/${request.id}/awsrunShellScript/0.awsrunShellScript`, text,
      ...(workingDirectory === undefined ? {} : { workingDirectory }),
    }));
    const inTime = await script.ended(seconds(timeoutSeconds));
    if (!inTime) {
      await script.kill();
      await script.ended();
    }
    Object.assign(this, script.output());
    this.responseCode = script.code ?? NOT_RUN;
    // Asked anew: it may have been cancelled meanwhile.
    const { status } = this as { status: InvocationStatus };
    if (status === "Cancelling") this.end("Cancelled", "Cancelled");
    else if (!inTime) this.end("TimedOut", "ExecutionTimedOut");
    else if (script.code === 0) this.end("Success", "Success");
    else if (script.code === undefined) await this.lost(timeoutSeconds);
    else this.end("Failed", "Failed");
  }

  /** The node went with it: nobody tells Systems Manager, which gives it up when its time is over. */
  private async lost(timeoutSeconds: number): Promise<void> {
    await this.cancelled.wait(this.startedAt! + seconds(timeoutSeconds) - this.region.clock.now());
    const { status } = this as { status: InvocationStatus };
    if (status === "Cancelling") this.end("Cancelled", "Cancelled");
    else this.end("TimedOut", "ExecutionTimedOut");
  }

  private enter(status: InvocationStatus, details: string): void {
    this.status = status;
    this.details = details;
  }

  private end(status: InvocationStatus, details: string): void {
    this.enter(status, details);
    this.endedAt = this.region.clock.now();
  }
}

export class Command {
  readonly invocations: readonly Invocation[];

  constructor(region: RegionContext, settings: SsmSettings, readonly request: CommandRequest) {
    this.invocations = request.instanceIds.map((instanceId) => new Invocation(region, settings, request, instanceId));
  }

  /** The worst of what its nodes say, once all have said it. */
  get state(): { status: InvocationStatus; details: string } {
    const order: InvocationStatus[] = ["Cancelling", "InProgress", "Pending", "Failed", "TimedOut", "Cancelled", "Success"];
    const statuses = this.invocations.map(({ status }) => status);
    const worst = order.find((status) => statuses.includes(status)) ?? "Success";
    // Some have ended, some not begun: it is under way.
    const status = worst === "Pending" && statuses.some((each) => each !== "Pending") ? "InProgress" : worst;
    return { status, details: this.invocations.find((invocation) => invocation.status === status)?.details ?? status };
  }
}
