/** A region with guests that only record what is done to them, and a launch template to start from. */
import * as ec2Sdk from "@aws-sdk/client-ec2";
import { seconds, type Clock } from "../../../../../harness/time/clock";
import type { Guest, GuestHost, GuestOptions } from "../../../../../harness/region/guest/types";
import type { Ec2Service } from "../../../../../harness/region/services/ec2";
import type { ServiceEvent } from "../../../../../harness/region/core/types";
import type { Region } from "../../../../../harness/region/region";
import type { VirtualClock } from "../../../../../harness/time/virtual-clock";
import { startRegion } from "../../support/region";

export interface FakeGuest extends Guest {
  readonly options: GuestOptions;
  /** What was done to it, with the second (since the start of the test) at which it was. */
  readonly calls: string[];
}

export interface FakeGuests extends GuestHost {
  readonly all: FakeGuest[];
  /** How long an operating system takes to shut down. */
  shutdownSeconds: number;
  /** What `boot` throws, if anything. */
  bootError?: Error;
}

function fakeGuests(clock: Clock, since: () => number): FakeGuests {
  const host: FakeGuests = {
    all: [], shutdownSeconds: 3,
    create(options) {
      const calls: string[] = [];
      const record = (what: string): void => void calls.push(`${what} @${since()}`);
      const guest: FakeGuest = {
        options, calls,
        async boot() { record("boot"); if (host.bootError) throw host.bootError; },
        async shutdown(grace) { record(`shutdown(${grace})`); await clock.sleep(seconds(Math.min(grace, host.shutdownSeconds))); record("off"); },
        async kill() { record("kill"); },
        suspend: () => record("suspend"),
        resume: () => record("resume"),
        console: () => "booted\n",
        withhold: async () => false,
        transfer: async () => true,
        networkChanged: () => undefined,
        runScript: () => { throw new Error("this guest runs no scripts"); },
      };
      host.all.push(guest);
      return guest;
    },
    close: async () => {},
  };
  return host;
}

export interface Ec2Test {
  region: Region;
  clock: VirtualClock;
  ec2: Ec2Service;
  client: ec2Sdk.EC2Client;
  guests: FakeGuests;
  /** What EC2 told EventBridge, as `detail-type state @second`. */
  events: string[];
  rawEvents: ServiceEvent[];
  /** Seconds since the test began. */
  since(): number;
}

export interface Ec2TestOptions {
  /** Instances run their user data as real processes. */
  realGuests?: boolean;
}

/** Runs a test body as an actor on virtual time, in a region that must not fail (but for those messages). */
export async function withEc2(body: (test: Ec2Test) => Promise<void>, failures: RegExp[] = [], { realGuests = false }: Ec2TestOptions = {}): Promise<void> {
  const events: string[] = [];
  const rawEvents: ServiceEvent[] = [];
  const { region, clock } = await startRegion(realGuests ? {} : { guests: () => guests });
  const start = clock.now();
  const since = (): number => (clock.now() - start) / 1e6;
  const guests = fakeGuests(clock, since);
  const publish = region.publish.bind(region);
  region.publish = (event) => {
    rawEvents.push(event);
    events.push(`${event["detail-type"].replace(/^EC2 /, "")}${event.detail["state"] ? ` ${String(event.detail["state"])}` : ""} @${since()}`);
    publish(event);
  };
  const client = new ec2Sdk.EC2Client(region.sdkConfig());
  try {
    await clock.run("test", () => body({ region, clock, ec2: region.service<Ec2Service>("ec2"), client, guests, events, rawEvents, since }));
    expect(region.failures.map(({ message }) => message)).toEqual(failures.map((message) => expect.stringMatching(message) as string));
    expect(region.defects).toEqual([]);
  } finally {
    client.destroy();
    await region.close();
  }
}

export const PARAMETER_IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

/** A launch template `job`: cloud-config user data, terminate on shutdown, metadata tags. */
export async function createTemplate({ client }: Ec2Test, data: ec2Sdk.RequestLaunchTemplateData = {}): Promise<string> {
  const { LaunchTemplate } = await client.send(new ec2Sdk.CreateLaunchTemplateCommand({
    LaunchTemplateName: "job",
    LaunchTemplateData: {
      ImageId: PARAMETER_IMAGE, InstanceType: "m5.large", UserData: Buffer.from("#cloud-config\nruncmd: []\n").toString("base64"), InstanceInitiatedShutdownBehavior: "terminate",
      MetadataOptions: { HttpTokens: "required", InstanceMetadataTags: "enabled" }, ...data,
    },
  }));
  return LaunchTemplate!.LaunchTemplateId!;
}

export interface FleetOptions {
  zones?: string[];
  types?: string[];
  overrides?: ec2Sdk.FleetLaunchTemplateOverridesRequest[];
  target?: number;
  tags?: Record<string, string>;
  lifecycle?: "spot" | "on-demand";
  more?: Partial<ec2Sdk.CreateFleetCommandInput>;
}

export const fleetInput = ({ zones = ["us-east-1a"], types = ["m5.large"], overrides, target = 1, tags, lifecycle = "spot", more }: FleetOptions = {}): ec2Sdk.CreateFleetCommandInput => ({
  Type: "instant",
  LaunchTemplateConfigs: [{
    LaunchTemplateSpecification: { LaunchTemplateName: "job", Version: "$Latest" },
    Overrides: overrides ?? types.flatMap((InstanceType) => zones.map((AvailabilityZone) => ({ InstanceType: InstanceType as ec2Sdk._InstanceType, AvailabilityZone }))),
  }],
  TargetCapacitySpecification: { TotalTargetCapacity: target, DefaultTargetCapacityType: lifecycle },
  ...(tags ? { TagSpecifications: [{ ResourceType: "instance", Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }] } : {}),
  ...more,
});

/** User data of an instance that runs a Python program as its unit `work`, with what further the unit says. */
export const workUserData = (program: string, service: string[] = []): string => `#cloud-config\n${JSON.stringify({
  write_files: [
    { path: "/opt/work/work.py", content: program },
    { path: "/etc/systemd/system/work.service", content: ["[Unit]", "Description=the work", "[Service]", "ExecStart=/usr/bin/python3 /opt/work/work.py", "StateDirectory=work", ...service].join("\n") },
  ],
  runcmd: ["systemctl enable --now work"],
})}`;

/** A profile whose role EC2 may assume, with one of AWS's own policies, for launch templates: its name. */
export async function createProfile({ region }: Ec2Test, name: string, policy?: string): Promise<string> {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }] });
  await region.call(region.admin, "iam", "CreateRole", { RoleName: name, AssumeRolePolicyDocument });
  if (policy !== undefined) await region.call(region.admin, "iam", "AttachRolePolicy", { RoleName: name, PolicyArn: `arn:aws:iam::aws:policy/${policy}` });
  await region.call(region.admin, "iam", "CreateInstanceProfile", { InstanceProfileName: name });
  await region.call(region.admin, "iam", "AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName: name });
  return name;
}

/** Launches by a fleet; returns the instances' ids. */
export async function launch({ client }: Ec2Test, options: FleetOptions = {}): Promise<string[]> {
  const { Instances } = await client.send(new ec2Sdk.CreateFleetCommand(fleetInput(options)));
  return Instances!.flatMap(({ InstanceIds }) => InstanceIds!);
}

export async function describe({ client }: Ec2Test, instanceId: string): Promise<ec2Sdk.Instance> {
  const { Reservations } = await client.send(new ec2Sdk.DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  return Reservations![0]!.Instances![0]!;
}

export async function spotRequest(test: Ec2Test, instanceId: string): Promise<ec2Sdk.SpotInstanceRequest> {
  const { SpotInstanceRequests } = await test.client.send(new ec2Sdk.DescribeSpotInstanceRequestsCommand({ Filters: [{ Name: "instance-id", Values: [instanceId] }] }));
  return SpotInstanceRequests![0]!;
}

export const sleep = ({ clock }: Ec2Test, duration: number): Promise<void> => clock.sleep(seconds(duration));

/** The code and message with which a call is refused. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(() => "accepted", (error: { name?: string; Code?: string; message: string }) => `${error.Code ?? error.name}: ${error.message}`);
}
