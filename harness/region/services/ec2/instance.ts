/**
 * An instance: a machine of its own on the clock, from `pending` to `terminated`, with its operating system (a guest)
 * and its metadata service. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { seconds, toDate, type Gate, type Microseconds } from "../../../time/clock";
import type { Guest } from "../../guest/types";
import { createHttpListener, type HttpListener } from "../../core/server";
import { createMetadataService, type MetadataService, type MetadataView } from "../imds";
import type { Lifecycle, Pool } from "./capacity";
import type { LaunchPlan } from "./launch-data";
import type { MetadataOptions } from "./metadata-options";
import type { Subnet } from "./network";
import { NetworkInterface } from "./network-interface";
import { setSpotStatus, type SpotRequest, type SpotStatusCode } from "./spot-request";
import type { Ec2World } from "./world";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const STATE_CODES = { pending: 0, running: 16, "shutting-down": 32, terminated: 48, stopping: 64, stopped: 80 } as const;
export type StateName = keyof typeof STATE_CODES;

export interface StateReason { code: string; message: string }

/** Why an instance ends, as its description tells it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html */
const END_REASONS = {
  user: { code: "Client.UserInitiatedShutdown", message: "Client.UserInitiatedShutdown: User initiated shutdown" },
  instance: { code: "Client.InstanceInitiatedShutdown", message: "Client.InstanceInitiatedShutdown: Instance initiated shutdown" },
  spot: { code: "Server.SpotInstanceTermination", message: "Server.SpotInstanceTermination: Spot instance termination" },
} as const satisfies Record<string, StateReason>;

/** How an instance is ended. */
export interface Ending {
  by: keyof typeof END_REASONS;
  /** What its Spot request's status becomes, unless an interruption was announced before. */
  spotStatus: SpotStatusCode;
  /** Without the operating system's shutdown: power is cut, no process gets a signal. */
  skipOsShutdown: boolean;
  /** A machine that stands still is not waited for beyond the grace. */
  force?: boolean;
}

export interface InstanceInit {
  id: string;
  reservationId: string;
  plan: LaunchPlan;
  subnet: Subnet;
  pool: Pool;
  lifecycle: Lifecycle;
  launchIndex: number;
  /** What its metadata service tells of it. */
  metadata(instance: Instance): MetadataView;
  clientToken?: string;
  fleetId?: string;
  spotRequest?: SpotRequest;
}

/** A Spot interruption that has been announced. */
export interface Interruption { at: Microseconds; visibleFrom: Microseconds }

const MIB = 1 << 20;
const megabytes = (count: number | undefined): number | undefined => (count === undefined ? undefined : count * 1_000_000);

export class Instance {
  readonly id: string;
  readonly plan: LaunchPlan;
  readonly subnet: Subnet;
  readonly pool: Pool;
  readonly lifecycle: Lifecycle;
  readonly launchedAt: Microseconds;
  readonly privateIp: string;
  /** Default subnets give each instance one, unless the launch says otherwise; gone with the machine's end. */
  publicIp: string | undefined;
  /** These may be modified while it runs. */
  metadataOptions: MetadataOptions;
  terminationProtected: boolean;
  shutdownBehavior: LaunchPlan["shutdownBehavior"];
  readonly mac: string;
  readonly interfaceId: string;
  readonly volumeId: string;
  state: StateName = "pending";
  stateReason: StateReason | undefined;
  transitionReason = "";
  terminatedAt: Microseconds | undefined;
  suspended = false;
  interruption: Interruption | undefined;
  /** An interruption is under way, announced or not: a second one changes nothing. */
  interrupting = false;
  /** How its Spot request ends, once an interruption has been announced. */
  announcedStatus: SpotStatusCode | undefined;
  rebalance: { at: Microseconds; visibleFrom: Microseconds } | undefined;
  /** Opened when the instance starts to end. */
  private readonly ended: Gate;
  private readonly resumed: Gate;
  private guest: Guest | undefined;
  private booted = false;
  private network: NetworkInterface | undefined;
  private listener: HttpListener | undefined;
  private metadataService: MetadataService | undefined;
  private ending: Ending | undefined;
  private cut = false;
  private holdsCapacity = true;

  constructor(private readonly world: Ec2World, readonly init: InstanceInit) {
    this.id = init.id;
    this.plan = init.plan;
    this.subnet = init.subnet;
    this.pool = init.pool;
    this.lifecycle = init.lifecycle;
    this.launchedAt = world.now();
    this.privateIp = world.network.address(init.subnet);
    this.publicIp = init.plan.publicAddress === false ? undefined : world.network.publicAddress();
    this.metadataOptions = { ...init.plan.metadata };
    this.terminationProtected = init.plan.terminationProtected;
    this.shutdownBehavior = init.plan.shutdownBehavior;
    this.mac = `02:${(world.random.hex(10).match(/../g) ?? []).join(":")}`;
    this.interfaceId = `eni-${world.random.hex(17)}`;
    this.volumeId = `vol-${world.random.hex(17)}`;
    this.ended = world.region.clock.gate(`${init.id} ended`);
    this.resumed = world.region.clock.gate(`${init.id} resumed`);
  }

  get isEnding(): boolean {
    return this.ending !== undefined;
  }

  /** The private DNS name: ip-172-31-0-4.ec2.internal. */
  get hostname(): string {
    const { regionName } = this.world.region;
    return `ip-${this.privateIp.replaceAll(".", "-")}.${regionName === "us-east-1" ? "ec2.internal" : `${regionName}.compute.internal`}`;
  }

  /** Its operating system, from the moment when it has started its units until it shuts down. */
  get system(): Guest | undefined {
    return this.booted && !this.ending ? this.guest : undefined;
  }

  /** Starts its life, at `pending`. */
  start(): void {
    this.publishState();
    this.world.region.clock.spawn(`instance ${this.id}`, () => this.live());
  }

  private async live(): Promise<void> {
    const { settings } = this.world.region;
    if (await this.endsWithin(settings.launchSeconds)) return;
    this.enter("running");
    if (await this.endsWithin(settings.bootSeconds)) return;
    while (this.suspended && !this.ending) await this.resumed.wait();
    if (!this.ending) await this.boot();
  }

  /** Parks the running actor until the instance starts to end (true) or the time has passed. An end before the call counts. */
  async endsWithin(durationSeconds: number): Promise<boolean> {
    if (!this.ending) await this.ended.wait(seconds(durationSeconds));
    return this.isEnding;
  }

  private async boot(): Promise<void> {
    if (this.plan.userData === "") return;
    const { region } = this.world;
    const service = this.metadata();
    const network = (this.network = new NetworkInterface(region, this.world, this.subnet.subnetId, () => this.guest));
    await network.open();
    this.listener = await createHttpListener((request) => service.handle(request));
    const root = join(region.folder, "instances", this.id);
    mkdirSync(root, { recursive: true });
    this.guest = region.guests.create({
      instanceId: this.id,
      userData: this.plan.userData,
      root,
      memoryBytes: megabytes(this.world.settings.instanceMemoryMegabytes) ?? this.plan.type.memoryMib * MIB,
      volumeBytes: megabytes(this.world.settings.rootVolumeMegabytes) ?? this.plan.rootVolumeGib * 1024 * MIB,
      environment: { ...network.environment(), AWS_EC2_METADATA_SERVICE_ENDPOINT: this.listener.url },
      network,
      onPowerOff: () => this.powerOff(),
    });
    try {
      await this.guest.boot();
      this.booted = true;
    } catch (error) {
      if (this.ending || this.world.closing) return;
      const reason = error instanceof Error ? error.message : String(error);
      region.fatal(new Error(`Instance ${this.id} cannot run its user data: ${reason}`, { cause: error }));
    }
  }

  /** The metadata service, as a function from request to answer; it listens once the guest boots. */
  metadata(): MetadataService {
    return (this.metadataService ??= createMetadataService(this.init.metadata(this), this.world.region.clock, this.world.random.fork(`imds ${this.id}`)));
  }

  /**
   * The operating system asked for power-off. A one-time Spot Instance cannot stop, so it terminates in any case.
   * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingInstanceInitiatedShutdownBehavior.html
   */
  private powerOff(): void {
    if (this.shutdownBehavior === "terminate" || this.lifecycle === "spot") this.end({ by: "instance", spotStatus: "instance-terminated-by-user", skipOsShutdown: false });
    else this.stop("instance", false);
  }

  /** Shuts the operating system down and keeps the machine, as only On-Demand Instances can. */
  stop(by: "user" | "instance", skipOsShutdown: boolean): void {
    if (this.ending || this.state !== "running") return;
    this.stateReason = END_REASONS[by];
    if (by === "user") this.transitionReason = `User initiated (${gmt(this.world.now())})`;
    this.enter("stopping");
    this.world.region.clock.spawn(`instance ${this.id} stop`, async () => {
      await (skipOsShutdown ? this.guest?.kill() : this.guest?.shutdown(this.world.region.settings.shutdownGraceSeconds));
      if (this.ending) return;
      await this.closeListener();
      this.giveBack();
      this.enter("stopped");
      this.world.capacityChanged.open();
    });
  }

  /** A machine that is stopped or gone holds neither capacity nor a public address. */
  private giveBack(): void {
    this.publicIp = undefined;
    if (this.holdsCapacity) this.world.capacity.release(this.pool, this.lifecycle);
    this.holdsCapacity = false;
  }

  /** Ends the instance, whatever it is doing. Once it is ending, only a cut of its power still changes anything. */
  end(ending: Ending): void {
    if (this.ending) {
      if (ending.skipOsShutdown && this.state === "shutting-down" && !this.cut) this.cutPower();
      return;
    }
    this.ending = ending;
    this.cut = ending.skipOsShutdown;
    this.stateReason = END_REASONS[ending.by];
    const { clock } = this.world.region;
    if (ending.by === "user") this.transitionReason = `User initiated (${gmt(clock.now())})`;
    if (ending.by === "spot") this.transitionReason = `Service initiated (${gmt(clock.now())})`;
    this.enter("shutting-down");
    this.ended.open();
    clock.spawn(`instance ${this.id} shutdown`, () => this.shutDown(ending));
  }

  private cutPower(): void {
    this.cut = true;
    this.resumed.open();
    const { guest } = this;
    if (guest) this.world.region.clock.spawn(`instance ${this.id} power cut`, () => guest.kill());
  }

  private async shutDown(ending: Ending): Promise<void> {
    const { settings } = this.world.region;
    const graceSeconds = settings.shutdownGraceSeconds;
    if (this.guest && this.cut) await this.guest.kill();
    else if (this.guest) {
      // A machine that stands still cannot run its shutdown; it gets it when it goes on, unless it is taken for stuck before.
      while (this.suspended && !this.cut) {
        const resumed = await this.resumed.wait(seconds(ending.force ? graceSeconds : this.world.settings.stuckSeconds));
        if (!resumed) this.cutPower();
      }
      if (!this.cut) await this.guest.shutdown(graceSeconds);
    }
    await this.world.region.clock.sleep(seconds(this.world.settings.terminateSeconds));
    this.terminatedAt = this.world.now();
    this.giveBack();
    if (this.init.spotRequest) setSpotStatus(this.world, this.init.spotRequest, this.announcedStatus ?? ending.spotStatus);
    this.enter("terminated");
    this.world.capacityChanged.open();
    await this.closeListener();
  }

  /** The machine stands still until `resume`. */
  suspend(): void {
    this.suspended = true;
    this.guest?.suspend();
  }

  resume(): void {
    if (!this.suspended) return;
    this.suspended = false;
    this.guest?.resume();
    this.resumed.open();
  }

  console(): string {
    return this.guest?.console() ?? "";
  }

  async closeListener(): Promise<void> {
    const { listener } = this;
    this.listener = undefined;
    await listener?.close();
    await this.network?.close();
  }

  private enter(state: StateName): void {
    this.state = state;
    this.publishState();
  }

  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html */
  private publishState(): void {
    for (let copy = 0; copy < this.world.settings.stateChangeEvents; copy++) {
      this.world.region.publish({
        source: "aws.ec2", "detail-type": "EC2 Instance State-change Notification",
        resources: [this.world.arn(`instance/${this.id}`)], detail: { "instance-id": this.id, state: this.state },
      });
    }
  }
}

/** `2024-05-01 10:00:00 GMT`, as state transition reasons have it. */
const gmt = (time: Microseconds): string => `${toDate(time).toISOString().slice(0, 19).replace("T", " ")} GMT`;
