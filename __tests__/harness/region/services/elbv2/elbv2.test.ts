import {
  AddTagsCommand, CreateListenerCommand, CreateLoadBalancerCommand, CreateTargetGroupCommand, DeleteListenerCommand, DeleteLoadBalancerCommand, DeleteTargetGroupCommand, DeregisterTargetsCommand, DescribeListenersCommand,
  DescribeLoadBalancersCommand, DescribeTagsCommand, DescribeTargetGroupAttributesCommand, DescribeTargetGroupsCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client, ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand, RegisterTargetsCommand, RemoveTagsCommand, type CreateTargetGroupCommandInput, type TargetDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbService } from "../../../../../harness/region/services/elbv2";
import { seconds } from "../../../../../harness/time/clock";
import { boto3, startRegion, type TestRegion } from "../../support/region";

const IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

let test: TestRegion;
let elb: ElasticLoadBalancingV2Client;
let vpcId: string;
let subnets: string[];
const ec2 = <T>(operation: string, input: object): Promise<T> => test.region.call<T>(test.region.admin, "ec2", operation, input);

beforeEach(async () => {
  test = await startRegion();
  elb = new ElasticLoadBalancingV2Client(test.region.sdkConfig());
  vpcId = (await ec2<{ Vpcs: { VpcId: string }[] }>("DescribeVpcs", {})).Vpcs[0]!.VpcId;
  subnets = (await ec2<{ Subnets: { SubnetId: string }[] }>("DescribeSubnets", {})).Subnets.map(({ SubnetId }) => SubnetId);
});
afterEach(() => test.region.close());

const wait = (duration: number): Promise<void> => test.clock.run("test", () => test.clock.sleep(seconds(duration)));

async function makeGroup(more: Partial<CreateTargetGroupCommandInput> = {}): Promise<string> {
  const { TargetGroups } = await elb.send(new CreateTargetGroupCommand({ Name: "jobs", Protocol: "HTTP", Port: 80, VpcId: vpcId, ...more }));
  return TargetGroups![0]!.TargetGroupArn!;
}

/** A load balancer with a listener that forwards to the group. */
async function use(TargetGroupArn: string, Type: "application" | "network" = "application"): Promise<{ LoadBalancerArn: string; ListenerArn: string }> {
  const { LoadBalancers } = await elb.send(new CreateLoadBalancerCommand({ Name: "front", Type, Subnets: subnets.slice(0, 2) }));
  const LoadBalancerArn = LoadBalancers![0]!.LoadBalancerArn!;
  const { Listeners } = await elb.send(new CreateListenerCommand({ LoadBalancerArn, Protocol: Type === "network" ? "TCP" : "HTTP", Port: 80, DefaultActions: [{ Type: "forward", TargetGroupArn }] }));
  return { LoadBalancerArn, ListenerArn: Listeners![0]!.ListenerArn! };
}

async function launchPending(): Promise<string> {
  const { Instances } = await ec2<{ Instances: { InstanceId: string }[] }>("RunInstances", { ImageId: IMAGE, InstanceType: "m5.large", MinCount: 1, MaxCount: 1 });
  return Instances[0]!.InstanceId;
}

async function launch(): Promise<string> {
  const id = await launchPending();
  await wait(15);
  return id;
}

const health = async (TargetGroupArn: string, Targets?: TargetDescription[]): Promise<unknown[]> =>
  (await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn, Targets }))).TargetHealthDescriptions!.map(({ Target, TargetHealth }) => [`${Target!.Id}:${Target!.Port}`, TargetHealth!.State, TargetHealth!.Reason]);

describe("a target group from before", () => {
  const arn = (region = "us-east-1"): string => `arn:aws:elasticloadbalancing:${region}:123456789012:targetgroup/jobs/0123456789abcdef`;
  const adopt = (given: string): Promise<void> => test.region.service<ElbService>("elastic-load-balancing-v2").adoptTargetGroup(given);

  it("has the ARN that it is given, and is in use", async () => {
    await adopt(arn());
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({}));
    expect(TargetGroups!.map(({ TargetGroupArn, LoadBalancerArns }) => [TargetGroupArn, LoadBalancerArns!.length])).toEqual([[arn(), 1]]);
    const id = await launch();
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn: arn(), Targets: [{ Id: id }] }));
    await wait(60);
    expect(await health(arn())).toEqual([[`${id}:80`, "healthy", undefined]]);
  });

  it("is of this region and account", async () => {
    await expect(adopt(arn("eu-west-1"))).rejects.toThrow("us-east-1 and 123456789012 are");
    await expect(adopt("jobs")).rejects.toThrow("jobs is no target group");
  });
});

describe("a target's state", () => {
  it("is unused while no load balancer uses its group", async () => {
    const TargetGroupArn = await makeGroup();
    const id = await launch();
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    await wait(600);
    expect((await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions).toEqual([{
      Target: { Id: id, Port: 80 }, HealthCheckPort: "80",
      TargetHealth: { State: "unused", Reason: "Target.NotInUse", Description: "Target group is not configured to receive traffic from the load balancer" },
    }]);
    await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    expect(await health(TargetGroupArn)).toEqual([]);
  });

  it("goes from registration over the first check to healthy", async () => {
    const TargetGroupArn = await makeGroup();
    await use(TargetGroupArn);
    const id = await launch();
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "initial", "Elb.RegistrationInProgress"]]);
    await wait(10);
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "initial", "Elb.InitialHealthChecking"]]);
    await wait(29.9);
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "initial", "Elb.InitialHealthChecking"]]);
    await wait(0.1);
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "healthy", undefined]]);
  });

  it("takes as many checks as the threshold says behind a network load balancer", async () => {
    const TargetGroupArn = await makeGroup({ Protocol: "TCP", HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 3 });
    await use(TargetGroupArn, "network");
    const id = await launch();
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    await wait(39);
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "initial", "Elb.InitialHealthChecking"]]);
    await wait(1);
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "healthy", undefined]]);
  });

  it("begins anew when a load balancer begins to use the group", async () => {
    const TargetGroupArn = await makeGroup();
    const id = await launch();
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    await wait(600);
    await use(TargetGroupArn);
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "initial", "Elb.RegistrationInProgress"]]);
  });

  it("is draining until the deregistration delay is over, and then not registered", async () => {
    const TargetGroupArn = await makeGroup();
    await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "60" }] }));
    await use(TargetGroupArn);
    const id = await launch();
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    await wait(100);
    await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    await wait(59);
    await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] })); // again: the delay goes on
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "draining", "Target.DeregistrationInProgress"]]);
    await wait(1);
    expect(await health(TargetGroupArn)).toEqual([]);
    expect(await health(TargetGroupArn, [{ Id: id }])).toEqual([[`${id}:80`, "unused", "Target.NotRegistered"]]);
  });

  it("is initial again when a draining target is registered again", async () => {
    const TargetGroupArn = await makeGroup();
    await use(TargetGroupArn);
    const id = await launch();
    const Targets = [{ Id: id }];
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
    await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }));
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "initial", "Elb.RegistrationInProgress"]]);
  });

  it("is invalid once the instance is shut down", async () => {
    const TargetGroupArn = await makeGroup();
    await use(TargetGroupArn);
    const id = await launch();
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    await ec2("TerminateInstances", { InstanceIds: [id] });
    expect((await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))).TargetHealthDescriptions![0]!.TargetHealth)
      .toEqual({ State: "unused", Reason: "Target.InvalidState", Description: "Target is in the terminated state" });
    await wait(7200);
    expect(await health(TargetGroupArn)).toEqual([[`${id}:80`, "unused", "Target.InvalidState"]]);
  });
});

describe("registration", () => {
  it("knows an instance by its port, too, and deregisters every port unless told which", async () => {
    const TargetGroupArn = await makeGroup();
    const id = await launch();
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }, { Id: id, Port: 81 }, { Id: id, Port: 82 }] }));
    await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id, Port: 81 }] }));
    expect((await health(TargetGroupArn)).map((each) => (each as string[])[0])).toEqual([`${id}:80`, `${id}:82`]);
    await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: id }] }));
    expect(await health(TargetGroupArn)).toEqual([]);
  });

  it("takes running instances alone", () => test.clock.run("test", async () => {
    const TargetGroupArn = await makeGroup();
    const pending = await launchPending();
    const register = (Targets: TargetDescription[]) => elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
    await expect(register([{ Id: pending }])).rejects.toMatchObject({
      name: "InvalidTargetException", message: `The following targets are not in a running state and cannot be registered: '${pending}'`, $metadata: { httpStatusCode: 400 },
    });
    await expect(register([{ Id: "i-0123456789abcdef0" }])).rejects.toMatchObject({ name: "InvalidTargetException", message: "Instance ID 'i-0123456789abcdef0' is not valid" });
    await expect(register([{ Id: "10.0.0.1" }])).rejects.toMatchObject({ name: "InvalidTargetException" });
    await expect(elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: pending }] }))).resolves.toBeDefined();
  }));
});

describe("target groups", () => {
  it("have their protocol's defaults", async () => {
    const arn = await makeGroup();
    expect(arn).toMatch(/^arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup\/jobs\/[0-9a-f]{16}$/);
    await makeGroup({ Name: "net", Protocol: "TCP" });
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({}));
    expect(TargetGroups).toEqual([
      {
        TargetGroupArn: arn, TargetGroupName: "jobs", Protocol: "HTTP", Port: 80, VpcId: vpcId, HealthCheckProtocol: "HTTP", HealthCheckPort: "traffic-port", HealthCheckEnabled: true, HealthCheckIntervalSeconds: 30,
        HealthCheckTimeoutSeconds: 6, HealthyThresholdCount: 5, UnhealthyThresholdCount: 2, HealthCheckPath: "/", Matcher: { HttpCode: "200" }, LoadBalancerArns: [], TargetType: "instance", ProtocolVersion: "HTTP1", IpAddressType: "ipv4",
      },
      expect.objectContaining({ TargetGroupName: "net", HealthCheckProtocol: "TCP", HealthCheckTimeoutSeconds: 10 }),
    ]);
    expect(TargetGroups![1]).not.toHaveProperty("Matcher");
  });

  it("are made once: the same request finds them, another with the name is refused", async () => {
    const arn = await makeGroup();
    expect(await makeGroup()).toBe(arn);
    await expect(makeGroup({ Port: 81 })).rejects.toMatchObject({ name: "DuplicateTargetGroupNameException", message: "A target group with the same name 'jobs' exists, but with different settings" });
    expect((await elb.send(new DescribeTargetGroupsCommand({ Names: ["jobs"] }))).TargetGroups).toHaveLength(1);
  });

  it.each<[string, Partial<CreateTargetGroupCommandInput>, string]>([
    ["a name with an underscore", { Name: "a_b" }, "Target group name 'a_b' can only contain characters that are alphanumeric characters and hyphens(-)"],
    ["a name too long", { Name: "a".repeat(33) }, `Target group name '${"a".repeat(33)}' cannot be longer than '32' characters`],
    ["no protocol", { Protocol: undefined }, "A protocol must be specified"],
    ["no port", { Port: undefined }, "A port must be specified"],
    ["no VPC", { VpcId: undefined }, "A VPC ID must be specified"],
    ["a VPC that is not there", { VpcId: "vpc-1" }, "The VPC ID 'vpc-1' is not found"],
    ["a port out of range", { Port: 70000 }, "1 validation error detected: Value '70000' at 'port' failed to satisfy constraint: Member must have value less than or equal to 65535"],
    ["a check that takes longer than the time between two", { HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 5 }, "Health check interval must be greater than the timeout."],
    ["IP addresses as targets", { TargetType: "ip" }, "The embedded region does not support target types other than instance ('ip' was given)."],
    ["IPv6", { IpAddressType: "ipv6" }, "The embedded region does not support the parameter IpAddressType of CreateTargetGroup."],
  ])("are refused with %s", async (_what, more, message) => {
    await expect(makeGroup(more)).rejects.toMatchObject({ name: "ValidationError", message, $metadata: { httpStatusCode: 400 } });
  });

  it("are not found by a name or ARN that is not there", async () => {
    const arn = await makeGroup();
    const notFound = { name: "TargetGroupNotFoundException", message: "One or more target groups not found" };
    await expect(elb.send(new DescribeTargetGroupsCommand({ Names: ["jobs", "other"] }))).rejects.toMatchObject(notFound);
    await expect(elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn.slice(0, -1) }))).rejects.toMatchObject(notFound);
    await expect(elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: "jobs" }))).rejects.toMatchObject({ name: "ValidationError", message: "'jobs' is not a valid target group ARN" });
  });

  it("keep their attributes, and refuse what is none", async () => {
    const TargetGroupArn = await makeGroup();
    const set = (Key: string, Value: string) => elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [{ Key, Value }] }));
    await set("deregistration_delay.timeout_seconds", "0");
    const { Attributes } = await elb.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    expect(Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "0" });
    expect(Attributes).toContainEqual({ Key: "stickiness.type", Value: "lb_cookie" });
    for (const [key, value] of [["deregistration_delay.timeout_seconds", "3601"], ["deregistration_delay.timeout_seconds", "soon"], ["proxy_protocol_v2.enabled", "true"], ["no.such", "1"], ["slow_start.duration_seconds", "10"]] as const) {
      await expect(set(key, value)).rejects.toMatchObject({ name: "ValidationError", message: expect.stringContaining(key) as unknown });
    }
  });

  it("change how their targets are checked", async () => {
    const TargetGroupArn = await makeGroup({ HealthCheckPath: "/up" });
    await elb.send(new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckIntervalSeconds: 15 }));
    expect((await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups![0]).toMatchObject({ HealthCheckIntervalSeconds: 15, HealthCheckPath: "/up", HealthCheckTimeoutSeconds: 6 });
  });

  it("are deleted unless a listener uses them", async () => {
    const TargetGroupArn = await makeGroup();
    const { ListenerArn } = await use(TargetGroupArn);
    await expect(elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }))).rejects.toMatchObject({ name: "ResourceInUseException", message: `Target group '${TargetGroupArn}' is currently in use by a listener or a rule` });
    await elb.send(new DeleteListenerCommand({ ListenerArn }));
    await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    expect((await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups).toEqual([]);
  });
});

describe("load balancers and listeners", () => {
  it("are made, found and deleted together", async () => {
    const TargetGroupArn = await makeGroup();
    const { LoadBalancerArn, ListenerArn } = await use(TargetGroupArn);
    expect(ListenerArn).toMatch(new RegExp(`^${LoadBalancerArn.replace("loadbalancer/", "listener/")}/[0-9a-f]{16}$`));
    expect((await elb.send(new DescribeLoadBalancersCommand({ Names: ["front"] }))).LoadBalancers).toEqual([expect.objectContaining({ LoadBalancerArn, Type: "application", Scheme: "internet-facing", State: { Code: "active" }, VpcId: vpcId })]);
    expect((await elb.send(new DescribeListenersCommand({ LoadBalancerArn }))).Listeners).toEqual([{ ListenerArn, LoadBalancerArn, Port: 80, Protocol: "HTTP", DefaultActions: [{ Type: "forward", TargetGroupArn }] }]);
    expect((await elb.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }))).TargetGroups).toHaveLength(1);
    await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    await expect(elb.send(new DescribeListenersCommand({ ListenerArns: [ListenerArn] }))).rejects.toMatchObject({ name: "ListenerNotFoundException" });
    await expect(elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [LoadBalancerArn] }))).rejects.toMatchObject({ name: "LoadBalancerNotFoundException" });
  });

  it("are refused where AWS refuses them", async () => {
    const TargetGroupArn = await makeGroup();
    const { LoadBalancerArn } = await use(TargetGroupArn);
    const listener = (more: object) => elb.send(new CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: 81, DefaultActions: [{ Type: "forward", TargetGroupArn }], ...more }));
    await expect(listener({ Port: 80 })).rejects.toMatchObject({ name: "DuplicateListenerException" });
    await expect(listener({ Protocol: "TCP" })).rejects.toMatchObject({ name: "UnsupportedProtocolException" });
    await expect(listener({ DefaultActions: [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301" } }] })).rejects.toMatchObject({ name: "ValidationError", message: "The embedded region does not support actions of listeners other than forward ('redirect' was given)." });
    await expect(elb.send(new CreateLoadBalancerCommand({ Name: "one", Subnets: subnets.slice(0, 1) }))).rejects.toMatchObject({ name: "ValidationError", message: "At least two subnets in two different Availability Zones must be specified" });
    await expect(elb.send(new CreateLoadBalancerCommand({ Name: "none", Subnets: ["subnet-1", "subnet-2"] }))).rejects.toMatchObject({ name: "SubnetNotFoundException" });
  });
});

it("keeps tags of target groups, load balancers and listeners", async () => {
  const arn = await makeGroup({ Tags: [{ Key: "a", Value: "b" }] });
  const { LoadBalancerArn, ListenerArn } = await use(arn);
  await elb.send(new AddTagsCommand({ ResourceArns: [arn, LoadBalancerArn, ListenerArn], Tags: [{ Key: "c", Value: "d" }] }));
  await elb.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: ["a"] }));
  expect((await elb.send(new DescribeTagsCommand({ ResourceArns: [arn, LoadBalancerArn, ListenerArn] }))).TagDescriptions).toEqual([arn, LoadBalancerArn, ListenerArn].map((ResourceArn) => ({ ResourceArn, Tags: [{ Key: "c", Value: "d" }] })));
  await expect(elb.send(new AddTagsCommand({ ResourceArns: [arn], Tags: [{ Key: "x", Value: "1" }, { Key: "x", Value: "2" }] }))).rejects.toMatchObject({ name: "DuplicateTagKeysException" });
});

it("speaks boto3's wire", async () => {
  const arn = await makeGroup();
  const id = await launch();
  const result = await boto3(test.region, [
    "elb = client('elbv2')",
    `elb.register_targets(TargetGroupArn=${JSON.stringify(arn)}, Targets=[{'Id': ${JSON.stringify(id)}}])`,
    `health = elb.describe_target_health(TargetGroupArn=${JSON.stringify(arn)})['TargetHealthDescriptions']`,
    `elb.deregister_targets(TargetGroupArn=${JSON.stringify(arn)}, Targets=[{'Id': ${JSON.stringify(id)}}])`,
    `result = [health[0]['TargetHealth']['Reason'], len(elb.describe_target_health(TargetGroupArn=${JSON.stringify(arn)})['TargetHealthDescriptions']), refused(elb.describe_target_groups, Names=['x'])]`,
  ].join("\n"));
  expect(result).toEqual(["Target.NotInUse", 0, ["TargetGroupNotFound", 400, "One or more target groups not found"]]);
});
