/** Whatever is done to an instance, and whenever: it ends once, in order, and gives everything back. */
import { CancelSpotInstanceRequestsCommand, CreateFleetCommand, DescribeInstancesCommand, DescribeSpotInstanceRequestsCommand, RequestSpotInstancesCommand, TerminateInstancesCommand, type SpotAllocationStrategy } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { createTemplate, describe as describeInstance, fleetInput, launch, PARAMETER_IMAGE, sleep, spotRequest, withEc2 } from "./support";

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

const change = fc.record({
  afterSeconds: fc.constantFrom(0, 1, 30, 90, 119, 120, 125, 300),
  what: fc.oneof(
    fc.record({ price: fc.constantFrom(0.01, 0.04, 0.09, 0.2) }), fc.record({ limit: fc.constantFrom(0, 1, 2, 5) }), fc.constant("back" as const),
    fc.record({ request: fc.constantFrom("0.02", "0.05", "0.1") }), fc.constant("launch" as const), fc.constant("terminate" as const), fc.constant("cancel" as const),
  ),
});
/** What a Spot request may go through, from each status to the next. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  "pending-evaluation": ["capacity-not-available", "price-too-low", "pending-fulfillment", "fulfilled", "canceled-before-fulfillment"],
  "capacity-not-available": ["price-too-low", "pending-fulfillment", "canceled-before-fulfillment"],
  "price-too-low": ["capacity-not-available", "pending-fulfillment", "canceled-before-fulfillment"],
  "pending-fulfillment": ["fulfilled", "capacity-not-available", "price-too-low", "canceled-before-fulfillment"],
  "fulfilled": ["marked-for-termination", "instance-terminated-no-capacity", "instance-terminated-by-user", "request-canceled-and-instance-running"],
  "marked-for-termination": ["instance-terminated-by-price", "request-canceled-and-instance-running"],
  "request-canceled-and-instance-running": ["instance-terminated-by-user", "instance-terminated-no-capacity", "instance-terminated-by-price", "marked-for-termination"],
};
const STATES: Readonly<Record<string, readonly string[]>> = {
  "fulfilled": ["active"], "marked-for-termination": ["active", "cancelled"], "canceled-before-fulfillment": ["cancelled"], "request-canceled-and-instance-running": ["cancelled"],
};

it("however prices and capacity change, requests take documented steps only, no pool holds more than it may, and nothing runs above its price for longer than a notice", () => fc.assert(fc.asyncProperty(fc.array(change, { maxLength: 10 }), (changes) => withEc2(async (test) => {
  await createTemplate(test);
  const lifts: (() => void)[] = [];
  const seen = new Map<string, { code: string; state: string }>();
  const tooDearSince = new Map<string, number>();
  const look = async (): Promise<void> => {
    const { SpotInstanceRequests } = await test.client.send(new DescribeSpotInstanceRequestsCommand({}));
    for (const { SpotInstanceRequestId: id, State, Status } of SpotInstanceRequests!) {
      const code = Status!.Code!;
      const before = seen.get(id!);
      // Between two looks a request may take several steps, but no step back.
      if (before && before.code !== code) expect(reachable(before.code)).toContain(code);
      expect(STATES[code] ?? (code.startsWith("instance-terminated") ? ["closed", "cancelled"] : ["open"])).toContain(State);
      seen.set(id!, { code, state: State! });
    }
    const pool = test.ec2.pool("m5.large", "us-east-1a");
    const { Reservations } = await test.client.send(new DescribeInstancesCommand({ Filters: [{ Name: "instance-state-name", Values: ["pending", "running", "shutting-down"] }] }));
    const alive = Reservations!.flatMap(({ Instances }) => Instances!);
    expect(pool.used.spot).toBe(alive.length);
    for (const { InstanceId, SpotInstanceRequestId } of alive) {
      const maximum = Number(SpotInstanceRequests!.find((request) => request.SpotInstanceRequestId === SpotInstanceRequestId)!.SpotPrice);
      if (pool.spotPrice <= maximum) tooDearSince.delete(InstanceId!);
      else if (!tooDearSince.has(InstanceId!)) tooDearSince.set(InstanceId!, test.since());
      expect(test.since() - (tooDearSince.get(InstanceId!) ?? test.since())).toBeLessThanOrEqual(120 + 15);
    }
  };
  const match = { instanceType: "m5.large", zone: "us-east-1a" };
  for (const { afterSeconds, what } of changes) {
    for (let left = afterSeconds; left > 0; left -= 40) {
      await sleep(test, Math.min(left, 40));
      await look();
    }
    if (what === "launch") await launch(test);
    else if (what === "back") lifts.shift()?.();
    else if (what === "terminate" || what === "cancel") {
      const { SpotInstanceRequests: [request] = [] } = await test.client.send(new DescribeSpotInstanceRequestsCommand({ Filters: [{ Name: "state", Values: ["open", "active"] }] }));
      if (request && what === "cancel") await test.client.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: [request.SpotInstanceRequestId!] }));
      if (request?.InstanceId && what === "terminate") await test.client.send(new TerminateInstancesCommand({ InstanceIds: [request.InstanceId] }));
    } else if ("request" in what) {
      await test.client.send(new RequestSpotInstancesCommand({ SpotPrice: what.request, LaunchSpecification: { ImageId: PARAMETER_IMAGE, InstanceType: "m5.large", Placement: { AvailabilityZone: "us-east-1a" } } }));
    } else lifts.push(test.ec2.configurePools(match, "price" in what ? { spotPrice: what.price } : { spotLimit: what.limit }));
    await look();
  }
  for (const lift of lifts) lift();
  await sleep(test, 300);
  await look();
  expect(test.ec2.pool("m5.large", "us-east-1a").spotPrice).toBeLessThan(0.04);
  for (const { code, state } of seen.values()) expect(state === "open" ? code : "settled").toMatch(/^settled$|^price-too-low$/);
})), { numRuns: 25 }));

function reachable(code: string, known = new Set<string>()): Set<string> {
  for (const next of NEXT[code] ?? []) {
    if (known.has(next)) continue;
    known.add(next);
    reachable(next, known);
  }
  return known;
}
