/** Whatever is done to an instance, and whenever: it ends once, in order, and gives everything back. */
import { CreateFleetCommand, TerminateInstancesCommand, type SpotAllocationStrategy } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { createTemplate, describe as describeInstance, fleetInput, launch, sleep, spotRequest, withEc2 } from "./support";

const ORDER = ["pending", "running", "shutting-down", "terminated"];
const CODES = ["instance-terminated-by-user", "instance-terminated-by-experiment", "instance-terminated-by-price", "instance-terminated-no-capacity"];

const step = fc.record({
  afterSeconds: fc.constantFrom(0, 1, 5, 10, 35, 45, 119, 120, 121),
  what: fc.constantFrom("terminate", "cut", "suspend", "resume", "experiment", "price", "capacity", "power-off", "rebalance"),
});

it("an instance's states come in order, whatever is done and whenever; in the end nothing is held", () => fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 8 }), (steps) => withEc2(async (test) => {
  await createTemplate(test);
  const [id] = await launch(test);
  for (const { afterSeconds, what } of steps) {
    await sleep(test, afterSeconds);
    if (what === "terminate" || what === "cut") await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!], SkipOsShutdown: what === "cut" }));
    else if (what === "suspend") test.ec2.suspend(id!);
    else if (what === "resume") test.ec2.resume(id!);
    else if (what === "rebalance") test.ec2.recommendRebalance(id!);
    else if (what === "power-off") test.guests.all[0]?.options.onPowerOff();
    else if ((await describeInstance(test, id!)).State!.Name !== "shutting-down" && (await describeInstance(test, id!)).State!.Name !== "terminated") test.ec2.interrupt(id!, { by: what });
  }
  test.ec2.resume(id!);
  await test.client.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
  await sleep(test, 300);
  expect((await describeInstance(test, id!)).State!.Name).toBe("terminated");
  const request = await spotRequest(test, id!);
  expect(request.State).toBe("closed");
  expect(CODES).toContain(request.Status!.Code);
  const states = test.rawEvents.flatMap(({ detail }) => (detail["state"] === undefined ? [] : [String(detail["state"])]));
  expect(states).toEqual(ORDER.filter((state) => states.includes(state)));
  expect(states.at(-1)).toBe("terminated");
  expect(test.ec2.pool("m5.large", "us-east-1a").used).toEqual({ spot: 0, "on-demand": 0 });
  const calls = test.guests.all.flatMap((guest) => guest.calls.map((call) => call.split(/[ (]/)[0]));
  expect(calls.filter((call) => call === "boot").length).toBeLessThanOrEqual(1);
  expect(calls.filter((call) => call === "shutdown").length).toBeLessThanOrEqual(1);
})), { numRuns: 40 }));

it("a fleet launches up to its target, never beyond a pool, and tells of every pool that refused", () => fc.assert(fc.asyncProperty(
  fc.array(fc.constantFrom(0, 1, 2, 5), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 8 }), fc.constantFrom<SpotAllocationStrategy>("lowest-price", "diversified", "capacity-optimized", "price-capacity-optimized"),
  (limits, target, AllocationStrategy) => withEc2(async (test) => {
    await createTemplate(test);
    const zones = limits.map((_, index) => test.region.zones[index]!.name);
    limits.forEach((spotLimit, index) => test.ec2.configurePools({ zone: zones[index]! }, { spotLimit }));
    const { Instances, Errors } = await test.client.send(new CreateFleetCommand(fleetInput({ zones, target, more: { SpotOptions: { AllocationStrategy } } })));
    const launched = Instances!.reduce((sum, { InstanceIds }) => sum + InstanceIds!.length, 0);
    const room = limits.reduce<number>((sum, limit) => sum + limit, 0);
    expect(launched).toBe(Math.min(target, room));
    limits.forEach((limit, index) => expect(test.ec2.pool("m5.large", zones[index]!).used.spot).toBeLessThanOrEqual(limit));
    expect(Errors!.length > 0).toBe(launched < target || limits.includes(0));
  })), { numRuns: 30 }));
