import { CancelSpotInstanceRequestsCommand, CreateFleetCommand, DescribeInstancesCommand, DescribeSpotInstanceRequestsCommand, DescribeSpotPriceHistoryCommand, RequestSpotInstancesCommand, RunInstancesCommand, TerminateInstancesCommand, type RequestSpotInstancesCommandInput, type SpotInstanceRequest } from "@aws-sdk/client-ec2";
import { boto3 } from "../../support/region";
import { createTemplate, describe as describeInstance, fleetInput, launch, PARAMETER_IMAGE, refusal, sleep, spotRequest, withEc2, type Ec2Test } from "./support";

const request = async ({ client }: Ec2Test, more: Partial<RequestSpotInstancesCommandInput> = {}): Promise<SpotInstanceRequest> =>
  (await client.send(new RequestSpotInstancesCommand({
    LaunchSpecification: { ImageId: PARAMETER_IMAGE, InstanceType: "m5.large", Placement: { AvailabilityZone: "us-east-1a" }, UserData: Buffer.from("#cloud-config\n").toString("base64") }, ...more,
  }))).SpotInstanceRequests![0]!;

/** `open capacity-not-available` */
async function statusOf({ client }: Ec2Test, id: string): Promise<string> {
  const { SpotInstanceRequests } = await client.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [id] }));
  return `${SpotInstanceRequests![0]!.State} ${SpotInstanceRequests![0]!.Status!.Code}`;
}

describe("a Spot request", () => {
  it("is evaluated, then fulfilled with an instance", () => withEc2(async (test) => {
    const { SpotInstanceRequestId: id, State, Status, Type } = await request(test, { TagSpecifications: [{ ResourceType: "spot-instances-request", Tags: [{ Key: "a", Value: "b" }] }] });
    expect([State, Status!.Code, Type]).toEqual(["open", "pending-evaluation", "one-time"]);
    await sleep(test, 1.5);
    expect(await statusOf(test, id!)).toBe("open pending-fulfillment");
    await sleep(test, 1);
    expect(await statusOf(test, id!)).toBe("active fulfilled");
    const { Reservations } = await test.client.send(new DescribeInstancesCommand({ Filters: [{ Name: "spot-instance-request-id", Values: [id!] }] }));
    expect(Reservations![0]!.Instances![0]).toMatchObject({ InstanceLifecycle: "spot", InstanceType: "m5.large" });
    const { SpotInstanceRequests } = await test.client.send(new DescribeSpotInstanceRequestsCommand({ Filters: [{ Name: "tag:a", Values: ["b"] }] }));
    expect(SpotInstanceRequests![0]).toMatchObject({ SpotInstanceRequestId: id, Status: { UpdateTime: new Date("2026-01-01T00:00:02Z"), Message: "Your Spot request is fulfilled." } });
  }));

  it("is held while there is no capacity, and fulfilled once there is", () => withEc2(async (test) => {
    test.ec2.configurePools({ zone: "us-east-1a" }, { spotLimit: 0 });
    const { SpotInstanceRequestId: id } = await request(test);
    await sleep(test, 600);
    expect(await statusOf(test, id!)).toBe("open capacity-not-available");
    test.ec2.configurePools({ zone: "us-east-1a" }, { spotLimit: 1 });
    await sleep(test, 5);
    expect(await statusOf(test, id!)).toBe("active fulfilled");
  }));

  it("is held while the price is too high, and expires at its time", () => withEc2(async (test) => {
    const { SpotInstanceRequestId: id } = await request(test, { SpotPrice: "0.02", ValidUntil: new Date("2026-01-01T00:10:00Z") });
    await sleep(test, 300);
    expect(await statusOf(test, id!)).toBe("open price-too-low");
    await sleep(test, 300);
    expect(await statusOf(test, id!)).toBe("cancelled schedule-expired");
  }));

  it("is valid for seven days when it does not say otherwise, and must not end before it begins", () => withEc2(async (test) => {
    test.ec2.configurePools({}, { spotLimit: 0 });
    const { SpotInstanceRequestId: id, ValidUntil } = await request(test);
    expect(ValidUntil).toEqual(new Date("2026-01-08T00:00:00Z"));
    await sleep(test, 7 * 86_400 - 1);
    expect(await statusOf(test, id!)).toBe("open capacity-not-available");
    await sleep(test, 2);
    expect(await statusOf(test, id!)).toBe("cancelled schedule-expired");
    expect(await refusal(request(test, { ValidFrom: new Date("2026-01-20T00:00:00Z"), ValidUntil: new Date("2026-01-19T00:00:00Z") }))).toMatch(/^InvalidParameterValue: .*before validUntil/);
    expect(await refusal(request(test, { ValidUntil: new Date("2026-01-01T00:00:00Z") }))).toMatch(/^InvalidParameterValue: .*future/);
  }));

  it("waits for its time, which comes with ValidFrom", () => withEc2(async (test) => {
    const { SpotInstanceRequestId: id } = await request(test, { ValidFrom: new Date("2026-01-01T01:00:00Z") });
    await sleep(test, 1800);
    expect(await statusOf(test, id!)).toBe("open not-scheduled-yet");
    await sleep(test, 1805);
    expect(await statusOf(test, id!)).toBe("active fulfilled");
  }));

  it("is for as many instances as were asked for, and one token stands for one call", () => withEc2(async (test) => {
    const input: RequestSpotInstancesCommandInput = { ClientToken: "once", InstanceCount: 3, LaunchSpecification: { ImageId: PARAMETER_IMAGE, InstanceType: "m5.large" } };
    const ask = async () => (await test.client.send(new RequestSpotInstancesCommand(input))).SpotInstanceRequests!.map(({ SpotInstanceRequestId }) => SpotInstanceRequestId!);
    const ids = await ask();
    expect(new Set(ids).size).toBe(3);
    expect(await ask()).toEqual(ids);
    expect(await refusal(test.client.send(new RequestSpotInstancesCommand({ ...input, InstanceCount: 2 })))).toMatch(/^IdempotentParameterMismatch/);
    await sleep(test, 5);
    for (const id of ids) expect(await statusOf(test, id)).toBe("active fulfilled");
  }));

  it("beyond the account's quota of vCPUs is refused at once, and so is a launch", () => withEc2(async (test) => {
    test.ec2.settings.spotVcpuLimit = 4;
    test.ec2.settings.onDemandVcpuLimit = 4;
    await request(test);
    await sleep(test, 5);
    expect(await refusal(request(test, { InstanceCount: 2 }))).toBe("MaxSpotInstanceCountExceeded: Max spot instance count exceeded");
    await createTemplate(test);
    const { Errors } = await test.client.send(new CreateFleetCommand(fleetInput({ types: ["m5.xlarge"] })));
    expect(Errors!.map(({ ErrorCode }) => ErrorCode)).toEqual(["MaxSpotInstanceCountExceeded"]);
    expect(await refusal(test.client.send(new RunInstancesCommand({ ImageId: PARAMETER_IMAGE, InstanceType: "m5.2xlarge", MinCount: 1, MaxCount: 1 })))).toMatch(/^VcpuLimitExceeded: .*vCPU limit of 4/);
    expect(await refusal(test.client.send(new RunInstancesCommand({ ImageId: PARAMETER_IMAGE, InstanceType: "m5.large", MinCount: 1, MaxCount: 1, InstanceMarketOptions: { MarketType: "spot", SpotOptions: { ValidUntil: new Date("2026-01-02T00:00:00Z") } } })))).toMatch(/^InvalidParameterCombination: ValidUntil/);
    expect(await launch(test)).toHaveLength(1);
  }));

  it("is understood by boto3, from the request to its cancellation", () => withEc2(async (test) => {
    const seen = await boto3(test.region, [
      "ec2 = client('ec2')",
      "request = ec2.request_spot_instances(SpotPrice='0.05', InstanceCount=1, LaunchSpecification={'ImageId': 'ami-0a1b2c3d4e5f60718', 'InstanceType': 'm5.large'})['SpotInstanceRequests'][0]",
      "described = ec2.describe_spot_instance_requests(SpotInstanceRequestIds=[request['SpotInstanceRequestId']])['SpotInstanceRequests'][0]",
      "cancelled = ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[request['SpotInstanceRequestId']])['CancelledSpotInstanceRequests'][0]",
      "result = [described['State'], described['Status']['Code'], described['SpotPrice'], described['Type'], described['LaunchSpecification']['InstanceType'], cancelled['State'],",
      "  refused(ec2.request_spot_instances, Type='persistent', LaunchSpecification={'ImageId': 'ami-0a1b2c3d4e5f60718', 'InstanceType': 'm5.large'})[:2]]",
    ].join("\n"));
    expect(seen).toEqual(["open", "pending-evaluation", "0.050000", "one-time", "m5.large", "cancelled", ["UnsupportedOperation", 400]]);
  }));

  it("can be cancelled before and after its fulfilment", () => withEc2(async (test) => {
    test.ec2.configurePools({ zone: "us-east-1a" }, { spotLimit: 1 });
    const first = await request(test);
    await sleep(test, 5);
    const second = await request(test);
    await sleep(test, 5);
    const cancel = async (...ids: string[]) => (await test.client.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ids }))).CancelledSpotInstanceRequests!.map(({ State }) => State);
    expect(await cancel(first.SpotInstanceRequestId!, second.SpotInstanceRequestId!)).toEqual(["cancelled", "cancelled"]);
    expect(await statusOf(test, second.SpotInstanceRequestId!)).toBe("cancelled canceled-before-fulfillment");
    expect(await statusOf(test, first.SpotInstanceRequestId!)).toBe("cancelled request-canceled-and-instance-running");
    const { Reservations } = await test.client.send(new DescribeInstancesCommand({}));
    const instanceId = Reservations![0]!.Instances![0]!.InstanceId!;
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    await sleep(test, 10);
    expect(await statusOf(test, first.SpotInstanceRequestId!)).toBe("cancelled instance-terminated-by-user");
    expect((await test.client.send(new DescribeInstancesCommand({}))).Reservations).toHaveLength(1);
  }));

  it("that is persistent, or would stop or hibernate, is refused by name", () => withEc2(async (test) => {
    expect(await refusal(request(test, { Type: "persistent" }))).toMatch(/^UnsupportedOperation: .*'persistent'/);
    expect(await refusal(request(test, { InstanceInterruptionBehavior: "stop" }))).toBe("InvalidParameterCombination: The request with type 'one-time' is not supported when instanceInterruptionBehavior is set to 'stop'.");
    expect(await refusal(request(test, { InstanceInterruptionBehavior: "hibernate", Type: "persistent" }))).toMatch(/^UnsupportedOperation: /);
    expect(await refusal(request(test, { BlockDurationMinutes: 60 }))).toMatch(/BlockDurationMinutes/);
    expect(await refusal(test.client.send(new DescribeSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ["sir-00000000"] })))).toBe("InvalidSpotInstanceRequestID.NotFound: The spot instance request ID 'sir-00000000' does not exist");
  }));
});

describe("reclaims", () => {
  it("by price: marked for termination at the notice, terminated by price two minutes later", () => withEc2(async (test) => {
    await createTemplate(test);
    const [cheap] = await launch(test, { overrides: [{ AvailabilityZone: "us-east-1a", MaxPrice: "0.04" }] });
    const [dear] = await launch(test, { overrides: [{ AvailabilityZone: "us-east-1a", MaxPrice: "0.06" }] });
    await sleep(test, 60);
    test.ec2.configurePools({ instanceType: "m5.large", zone: "us-east-1a" }, { spotPrice: 0.05 });
    await sleep(test, 1);
    expect((await spotRequest(test, cheap!)).Status!.Code).toBe("marked-for-termination");
    await sleep(test, 130);
    const over = await spotRequest(test, cheap!);
    expect([over.State, over.Status!.Code]).toEqual(["closed", "instance-terminated-by-price"]);
    expect((await spotRequest(test, dear!)).Status!.Code).toBe("fulfilled");
    const { SpotPriceHistory } = await test.client.send(new DescribeSpotPriceHistoryCommand({ InstanceTypes: ["m5.large"], AvailabilityZone: "us-east-1a", StartTime: new Date("2026-01-01T00:00:30Z") }));
    expect(SpotPriceHistory!.map(({ SpotPrice, Timestamp }) => [SpotPrice, Timestamp!.toISOString()])).toEqual([["0.050000", "2026-01-01T00:01:00.000Z"], ["0.031700", "2026-01-01T00:00:00.000Z"]]);
  }));

  it("end when the change is taken back, and the price history tells of both, also for a pool that nobody had asked for", () => withEc2(async (test) => {
    await createTemplate(test);
    const fall = test.ec2.configurePools({ zone: "us-east-1a" }, { spotPrice: 1 });
    expect(await launch(test)).toEqual([]);
    await sleep(test, 60);
    const refill = test.ec2.configurePools({}, { spotLimit: 0 });
    fall();
    expect(await launch(test)).toEqual([]);
    refill();
    expect(await launch(test)).toHaveLength(1);
    for (const InstanceTypes of [["m5.large"], ["c5.large"]] as ("m5.large" | "c5.large")[][]) {
      const { SpotPriceHistory } = await test.client.send(new DescribeSpotPriceHistoryCommand({ InstanceTypes, AvailabilityZone: "us-east-1a" }));
      expect(SpotPriceHistory!.map(({ SpotPrice, Timestamp }) => [Number(SpotPrice) < 1 ? "usual" : SpotPrice, Timestamp!.getTime() / 1000 - Date.parse("2026-01-01T00:00:00Z") / 1000])).toEqual([["usual", 60], ["1.000000", 0]]);
    }
  }));

  it("for capacity: the newest first, with the no-capacity code at once, and running for two more minutes", () => withEc2(async (test) => {
    await createTemplate(test);
    const [first] = await launch(test);
    const [second] = await launch(test);
    await sleep(test, 60);
    test.ec2.configurePools({ zone: "us-east-1a" }, { spotLimit: 1 });
    await sleep(test, 1);
    const reclaimed = await spotRequest(test, second!);
    expect([reclaimed.State, reclaimed.Status!.Code]).toEqual(["closed", "instance-terminated-no-capacity"]);
    expect((await describeInstance(test, second!)).State!.Name).toBe("running");
    await sleep(test, 130);
    expect((await describeInstance(test, second!)).State!.Name).toBe("terminated");
    expect((await describeInstance(test, first!)).State!.Name).toBe("running");
    expect((await spotRequest(test, second!)).Status!.Code).toBe("instance-terminated-no-capacity");
  }));

  it("by chance: as often as a pool is set to, at no moment likelier than at another, and only Spot Instances", () => withEc2(async (test) => {
    await createTemplate(test);
    test.ec2.configurePools({ zone: "us-east-1a" }, { interruptionsPerHour: 1 });
    const ids = await launch(test, { target: 400 });
    const [own] = await launch(test, { lifecycle: "on-demand" });
    const [spared] = await launch(test, { zones: ["us-east-1b"] });
    const left = async () => {
      const { SpotInstanceRequests } = await test.client.send(new DescribeSpotInstanceRequestsCommand({ Filters: [{ Name: "launched-availability-zone", Values: ["us-east-1a"] }, { Name: "status-code", Values: ["fulfilled"] }] }));
      return SpotInstanceRequests!.length / ids.length;
    };
    // Exponential: after an hour a share of 1/e is left, and the same share of those after another.
    await sleep(test, 3600);
    const first = await left();
    await sleep(test, 3600);
    expect(Math.abs(first - Math.exp(-1))).toBeLessThan(0.1);
    expect(Math.abs((await left()) - Math.exp(-2))).toBeLessThan(0.1);
    expect(test.events.filter((event) => event.includes("Interruption Warning")).length).toBeGreaterThan(300);
    for (const id of [own, spared]) expect((await describeInstance(test, id!)).State!.Name).toBe("running");
  }));

  it("strike once, and leave alone an instance that has ended meanwhile; the notice decides how the request ends", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 60);
    test.ec2.interrupt(id!, { by: "experiment" });
    test.ec2.interrupt(id!, { by: "price" });
    await sleep(test, 30);
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    await sleep(test, 300);
    expect((await spotRequest(test, id!)).Status!.Code).toBe("instance-terminated-by-experiment");
    expect((await describeInstance(test, id!)).StateReason!.Code).toBe("Client.UserInitiatedShutdown");
    expect(test.events.filter((event) => event.includes("Warning"))).toEqual(["Spot Instance Interruption Warning @60"]);
    expect(test.events.filter((event) => event.includes("shutting-down"))).toEqual(["Instance State-change Notification shutting-down @90"]);
    expect(() => test.ec2.interrupt(id!, { by: "price" })).toThrow(/not in a state/);
  }));

  it("that have not been announced yet change nothing when the owner ends the instance", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 60);
    test.ec2.interrupt(id!, { by: "experiment", durationBeforeInterruptionSeconds: 600 });
    await sleep(test, 30);
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    await sleep(test, 700);
    expect((await spotRequest(test, id!)).Status!.Code).toBe("instance-terminated-by-user");
    expect(test.events.filter((event) => event.includes("Warning"))).toEqual([]);
  }));

  it("are for Spot Instances only", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test, { lifecycle: "on-demand" });
    expect(() => test.ec2.interrupt(id!, { by: "experiment" })).toThrow(`The instance '${id}' is not a Spot Instance.`);
    expect(() => test.ec2.recommendRebalance(id!)).toThrow(/not a Spot Instance/);
  }));
});
