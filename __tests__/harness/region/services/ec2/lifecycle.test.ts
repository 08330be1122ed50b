import { DescribeInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { createTemplate, describe as describeInstance, launch, sleep, spotRequest, withEc2 } from "./support";

const LOOPBACK = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string;

describe("an instance's life", () => {
  it("goes from pending to running to booted, each at its time, and tells EventBridge", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test, { tags: { "spotproof:job": "a" } });
    const pending = await describeInstance(test, id!);
    expect(pending.State).toEqual({ Code: 0, Name: "pending" });
    expect(pending.InstanceLifecycle).toBe("spot");
    expect(pending.Tags).toEqual(expect.arrayContaining([{ Key: "spotproof:job", Value: "a" }]));
    await sleep(test, 60);
    expect((await describeInstance(test, id!)).State).toEqual({ Code: 16, Name: "running" });
    expect(test.events).toEqual(["Spot Instance Request Fulfillment @0", "Instance State-change Notification pending @0", "Instance State-change Notification running @10"]);
    expect(test.rawEvents[1]).toEqual({
      source: "aws.ec2", "detail-type": "EC2 Instance State-change Notification", resources: [`arn:aws:ec2:us-east-1:123456789012:instance/${id}`], detail: { "instance-id": id, state: "pending" },
    });
    const [guest] = test.guests.all;
    expect(guest!.calls).toEqual(["boot @45"]);
    expect(guest!.options.userData).toBe("#cloud-config\nruncmd: []\n");
    expect(guest!.options.environment).toEqual({ AWS_ENDPOINT_URL: LOOPBACK, AWS_ENDPOINT_URL_S3: LOOPBACK, AWS_ENDPOINT_URL_DYNAMODB: LOOPBACK, AWS_EC2_METADATA_SERVICE_ENDPOINT: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string });
    expect(guest!.options.root).toBe(`${test.region.folder}/instances/${id}`);
  }));

  it("ends by TerminateInstances with the operating system's shutdown", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 60);
    const { TerminatingInstances } = await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    expect(TerminatingInstances).toEqual([{ InstanceId: id, PreviousState: { Code: 16, Name: "running" }, CurrentState: { Code: 32, Name: "shutting-down" } }]);
    await sleep(test, 30);
    const gone = await describeInstance(test, id!);
    expect(gone.State!.Name).toBe("terminated");
    expect(gone.StateReason).toEqual({ Code: "Client.UserInitiatedShutdown", Message: "Client.UserInitiatedShutdown: User initiated shutdown" });
    expect(gone.StateTransitionReason).toBe("User initiated (2026-01-01 00:01:00 GMT)");
    expect(test.guests.all[0]!.calls).toEqual(["boot @45", "shutdown(10) @60", "off @63"]);
    expect(test.events.slice(-2)).toEqual(["Instance State-change Notification shutting-down @60", "Instance State-change Notification terminated @64"]);
    const request = await spotRequest(test, id!);
    expect([request.State, request.Status!.Code]).toEqual(["closed", "instance-terminated-by-user"]);
  }));

  it("gets no signal at all when the shutdown is skipped", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 60);
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!], SkipOsShutdown: true }));
    await sleep(test, 5);
    expect(test.guests.all[0]!.calls).toEqual(["boot @45", "kill @60"]);
    expect((await describeInstance(test, id!)).State!.Name).toBe("terminated");
  }));

  it.each([["pending", 3, 0], ["running, before its boot", 20, 0], ["exactly at its boot", 45, 1]])("can be terminated while %s", (_when, after, guests) => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, after);
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    await sleep(test, 100);
    expect((await describeInstance(test, id!)).State!.Name).toBe("terminated");
    expect(test.guests.all.length).toBeLessThanOrEqual(guests);
    expect(test.events.filter((event) => event.includes("running")).length).toBe(after < 10 ? 0 : 1);
  }));

  it("terminates when its operating system powers off", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 50);
    test.guests.all[0]!.options.onPowerOff();
    await sleep(test, 10);
    const gone = await describeInstance(test, id!);
    expect(gone.State!.Name).toBe("terminated");
    expect(gone.StateReason!.Code).toBe("Client.InstanceInitiatedShutdown");
    expect(test.guests.all[0]!.calls).toEqual(["boot @45", "shutdown(10) @50", "off @53"]);
  }));

  it("stops instead, when it is On-Demand and its shutdown behaviour is stop; terminating it still works", () => withEc2(async (test) => {
    await createTemplate(test, { InstanceInitiatedShutdownBehavior: "stop" });
    const [id] = await launch(test, { lifecycle: "on-demand" });
    await sleep(test, 50);
    test.guests.all[0]!.options.onPowerOff();
    await sleep(test, 1);
    expect((await describeInstance(test, id!)).State!.Name).toBe("stopping");
    await sleep(test, 10);
    expect((await describeInstance(test, id!)).State!.Name).toBe("stopped");
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    await sleep(test, 10);
    expect((await describeInstance(test, id!)).State!.Name).toBe("terminated");
  }));

  it("stays shutting-down while its machine stands still, and gets its shutdown when that goes on", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 60);
    test.ec2.suspend(id!);
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    await sleep(test, 3600);
    expect((await describeInstance(test, id!)).State!.Name).toBe("shutting-down");
    test.ec2.resume(id!);
    await sleep(test, 10);
    expect((await describeInstance(test, id!)).State!.Name).toBe("terminated");
    expect(test.guests.all[0]!.calls).toEqual(["boot @45", "suspend @60", "resume @3660", "shutdown(10) @3660", "off @3663"]);
  }));

  it("ends by force when its machine stands still for hours", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 60);
    test.ec2.suspend(id!);
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    await sleep(test, 4 * 3600 - 1);
    expect((await describeInstance(test, id!)).State!.Name).toBe("shutting-down");
    await sleep(test, 5);
    expect((await describeInstance(test, id!)).State!.Name).toBe("terminated");
    expect(test.guests.all[0]!.calls).toEqual(["boot @45", "suspend @60", "kill @14460"]);
  }));

  it("boots late when the machine stood still at its time to boot", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await sleep(test, 30);
    test.ec2.suspend(id!);
    await sleep(test, 100);
    test.ec2.resume(id!);
    await sleep(test, 1);
    expect(test.guests.all[0]!.calls).toEqual(["boot @130"]);
  }));

  it("is described for an hour after its end, then no longer", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
    await sleep(test, 3500);
    expect((await describeInstance(test, id!)).State!.Name).toBe("terminated");
    await sleep(test, 200);
    await expect(describeInstance(test, id!)).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound", message: `The instance ID '${id}' does not exist` });
    expect((await test.client.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  }));

  it("is not found at first where the API is set to be eventually consistent", () => withEc2(async (test) => {
    test.ec2.settings.eventualConsistencySeconds = 1;
    await createTemplate(test);
    const [id] = await launch(test);
    await expect(describeInstance(test, id!)).rejects.toMatchObject({ name: "InvalidInstanceID.NotFound" });
    await sleep(test, 1);
    expect((await describeInstance(test, id!)).InstanceId).toBe(id);
  }));

  it("ends the run when its user data cannot be run, and says why", () => withEc2(async (test) => {
    test.guests.bootError = new Error("the module 'power_state' is not supported");
    await createTemplate(test);
    await launch(test);
    await sleep(test, 50);
  }, [/^Instance i-[0-9a-f]{17} cannot run its user data: the module 'power_state' is not supported$/]));
});
