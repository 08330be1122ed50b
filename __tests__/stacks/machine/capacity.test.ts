import { commit, ec2Exception, errors, finish, runMachine, takeOver, type Attempt } from "./world";
import { seconds, type Clock } from "../../../harness/time/clock";

/* eslint-disable @typescript-eslint/no-explicit-any */

const after = (clock: Clock): number => clock.now() / 1e6 - 1893456000;
const marketOf = (request: any): string => request.TargetCapacitySpecification.DefaultTargetCapacityType;
const placeOf = (request: any): string => request.LaunchTemplateConfigs[0].Overrides[0].AvailabilityZone;
const typesOf = (request: any): string[] => request.LaunchTemplateConfigs[0].Overrides.map(({ InstanceType }: any) => InstanceType);
const dry = errors("InsufficientInstanceCapacity", "There is no Spot capacity available that matches your request.");
const interrupted = async (attempt: Attempt): Promise<void> => {
  await takeOver(attempt);
  commit(attempt, attempt.number);
  attempt.callback.fail("InstanceTerminated", "");
};

describe("pools", () => {
  it("are asked place by place, in the knob's order, the one that took or refused the last instance last", async () => {
    const places = ["a", "b", "c", "d"];
    const ran = await runMachine({
      places, fleet: (call) => (call % 3 === 1 ? dry : "instance"), attempt: (attempt) => (attempt.number < 4 ? interrupted(attempt) : finish(attempt)),
    });
    const asked = ran.calls["createFleet"]!.map(placeOf);
    const first = places.indexOf(asked[0]!);
    expect(asked).toEqual(asked.map((_, index) => places[(first + index) % 4]));
    expect(asked.length).toBeGreaterThan(4);
  });

  it("with one place, are asked without the type that took the last instance, then with it", async () => {
    const instanceTypes = ["m5.large", "m6i.large", "m7i.large"];
    const ran = await runMachine({
      places: ["a"], config: { instanceTypes }, fleet: (call) => (call === 2 ? dry : "instance"), attempt: (attempt) => (attempt.number === 1 ? interrupted(attempt) : finish(attempt)),
    });
    // The first instance is of the first type.
    expect(ran.calls["createFleet"]!.map(typesOf)).toEqual([instanceTypes, ["m6i.large", "m7i.large"], instanceTypes]);
  });

  it("with one place and one type, are the one that there is", async () => {
    const ran = await runMachine({ places: ["a"], config: { instanceTypes: ["m5.large"] }, attempt: (attempt) => (attempt.number === 1 ? interrupted(attempt) : finish(attempt)) });
    expect(ran.calls["createFleet"]!.map(typesOf)).toEqual([["m5.large"], ["m5.large"]]);
  });
});

describe("no capacity", () => {
  it("is asked about less and less often, at moments that no two jobs share, and never in a hot loop", async () => {
    const gaps = async (name: string): Promise<number[]> => {
      const ran = await runMachine({ name, config: { noCapacityLimitMinutes: 30 }, fleet: () => dry });
      return ran.launchedAt.slice(1).map((time, index) => time - ran.launchedAt[index]!);
    };
    const found = await gaps("one");
    expect(found.slice(0, 2).every((gap) => gap >= 1 && gap <= 2)).toBe(true);
    // 10, 20, 40, 60 s, each give or take a fifth.
    [10, 20, 40, 60, 60].forEach((nominal, index) => {
      expect(found[2 + index]).toBeGreaterThanOrEqual(0.8 * nominal);
      expect(found[2 + index]).toBeLessThanOrEqual(1.2 * nominal + 1);
    });
    expect(new Set(found.slice(5)).size).toBeGreaterThan(5);
    expect(found.length).toBeLessThan(40);
  });

  it("waits, goes from zone to zone and completes once there is some", async () => {
    const ran = await runMachine({ fleet: (_call, clock) => (clock.now() < seconds(1893456000 + 180) ? errors("InsufficientInstanceCapacity") : "instance") });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 1, launches: 1 } });
    const zones = ran.calls["createFleet"]!.map((call) => call.LaunchTemplateConfigs[0].Overrides[0].AvailabilityZone);
    expect(new Set(zones.slice(0, 3)).size).toBe(3);
    zones.slice(1).forEach((zone, index) => expect(zone).not.toBe(zones[index]));
    expect(new Set(ran.calls["createFleet"]!.map((call) => call.ClientToken)).size).toBe(zones.length);
    ran.launchedAt.slice(1).forEach((time, index) => expect(time - ran.launchedAt[index]!).toBeGreaterThanOrEqual(1));
    expect(zones.length).toBeLessThan(20);
    expect(Math.max(...ran.launchedAt)).toBeLessThan(180 + 72);
  });

  it("may come as an exception too", async () => {
    const ran = await runMachine({
      fleet: (call) => {
        if (call < 3) throw ec2Exception("There is no Spot capacity available that matches your request.");
        return "instance";
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 1 } });
  });

  it("for good ends the execution, which can be resumed", async () => {
    const ran = await runMachine({ config: { noCapacityLimitMinutes: 60 }, fleet: () => errors("InsufficientInstanceCapacity", "There is no Spot capacity.") });
    expect(ran).toMatchObject({ status: "FAILED", error: "NoCapacity" });
    expect(ran.cause).toMatch(/^No instance was to be had for 60 minutes: InsufficientInstanceCapacity; at last: There is no Spot capacity\. Add.*instanceTypes.*"jobId": "run"/);
    expect(ran.seconds).toBeGreaterThanOrEqual(3600);
    expect(ran.seconds).toBeLessThan(3600 + 75);
  });

  it.each([
    ["UnauthorizedOperation", "You are not authorized to perform this operation.", /role/],
    ["InvalidAMIID.NotFound", "The image id '[ami-1]' does not exist", /amiId/],
    ["AuthFailure.ServiceLinkedRoleCreationNotPermitted", "no permission", /create-service-linked-role/],
    ["InvalidSubnetID.NotFound", "The subnet ID 'subnet-1' does not exist", /subnetIds/],
    ["InvalidParameterValue", "Invalid device name", /what the message names/],
  ])("that is really %s fails at once, with the fix", async (code, message, fix) => {
    const ran = await runMachine({ fleet: () => errors(code, message) });
    expect(ran).toMatchObject({ status: "FAILED", error: "LaunchRefused" });
    expect(ran.cause).toContain(`${code}: ${message}`);
    expect(ran.cause).toMatch(fix);
    expect(ran.calls["createFleet"]).toHaveLength(1);
  });

  it("recognizes a refusal in an exception's text", async () => {
    const ran = await runMachine({
      fleet: () => {
        throw ec2Exception("You are not authorized to perform this operation. User: x is not authorized to perform: ec2:CreateFleet");
      },
    });
    expect(ran).toMatchObject({ status: "FAILED", error: "LaunchRefused" });
  });

  it("goes on to the next zone where one does not offer the type", async () => {
    const ran = await runMachine({ fleet: (call) => (call === 1 ? errors("InvalidFleetConfiguration", "Your requested instance type is not supported in your requested Availability Zone") : "instance") });
    expect(ran.status).toBe("SUCCEEDED");
    expect(ran.seconds).toBeLessThan(420);
  });

  it("names everything that it has met, not only the last", async () => {
    const codes = ["InsufficientInstanceCapacity", "SpotMaxPriceTooLow", "UnfulfillableCapacity"];
    const ran = await runMachine({ config: { noCapacityLimitMinutes: 1 }, fleet: (call) => errors(codes[call % 3]!, "the last word.") });
    for (const code of codes) expect(ran.cause).toContain(code);
    expect(ran.cause).toContain("at last: the last word. Add");
  });

  it("may be a mixture, of which not all is a refusal: then it waits", async () => {
    const mixed = { FleetId: "f", Instances: [], Errors: [{ ErrorCode: "InvalidParameterValue", ErrorMessage: "architecture" }, { ErrorCode: "InsufficientInstanceCapacity", ErrorMessage: "none" }] };
    expect((await runMachine({ fleet: (call) => (call < 3 ? mixed : "instance") })).status).toBe("SUCCEEDED");
  });
});

describe("a quota that is used up", () => {
  const full = errors("MaxSpotInstanceCountExceeded", "Max spot instance count exceeded");

  it.each([["of Spot", full], ["of On-Demand", errors("VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit of 1 allows")]])("(%s) fails the first launch at once, with the fix", async (_kind, answer) => {
    const ran = await runMachine({ fleet: () => answer });
    expect(ran).toMatchObject({ status: "FAILED", error: "LaunchRefused" });
    expect(ran.cause).toMatch(/quota of vCPUs.*Service Quotas.*"jobId": "run"/);
    expect(ran.calls["createFleet"]).toHaveLength(1);
  });

  it("is recognized in an exception, too", async () => {
    const ran = await runMachine({ fleet: () => { throw ec2Exception("Max spot instance count exceeded"); } });
    expect(ran).toMatchObject({ status: "FAILED", error: "LaunchRefused" });
  });

  it("by an own instance that is still going is waited for", async () => {
    const ran = await runMachine({ fleet: (call, clock) => (call > 1 && after(clock) < 130 ? full : "instance"), attempt: (attempt) => (attempt.number === 1 ? interrupted(attempt) : finish(attempt)) });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
  });

  it("is waited for five minutes and no longer", async () => {
    const ran = await runMachine({ fleet: (call) => (call > 1 ? full : "instance"), attempt: interrupted });
    expect(ran).toMatchObject({ status: "FAILED", error: "LaunchRefused" });
    expect(ran.seconds).toBeGreaterThan(300);
    expect(ran.seconds).toBeLessThan(460);
  });
});

describe("On-Demand", () => {
  const config = { onDemandAfterMinutes: 10 };
  const noSpot = (_call: number, _clock: Clock, request: any): any => (marketOf(request) === "spot" ? dry : "instance");

  it("is never asked for without the knob", async () => {
    const ran = await runMachine({ config: { noCapacityLimitMinutes: 60 }, fleet: noSpot });
    expect(ran).toMatchObject({ status: "FAILED", error: "NoCapacity", cause: expect.stringContaining("onDemandAfterMinutes") });
  });

  it("is asked for after that time without Spot capacity, neither sooner nor later, and the job says so", async () => {
    const ran = await runMachine({ config, fleet: noSpot });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 1, onDemandAttempts: 1 }, item: { lifecycle: { S: "on-demand" } } });
    expect(ran.calls["createFleet"]!.map(marketOf).slice(-2)).toEqual(["spot", "on-demand"]);
    expect(ran.launchedAt.at(-1)).toBeGreaterThanOrEqual(600);
    expect(ran.launchedAt.at(-1)).toBeLessThan(605);
    expect(ran.entered).toContain("Go on On-Demand");
    expect(new Set(ran.calls["createFleet"]!.map((call) => call.ClientToken)).size).toBe(ran.launchedAt.length);
  });

  it("has no cap on its price, Spot has", async () => {
    const ran = await runMachine({ config: { ...config, spotMaxPrice: 0.05 }, fleet: noSpot });
    const prices = ran.calls["createFleet"]!.map((call) => call.LaunchTemplateConfigs[0].Overrides[0].MaxPrice);
    expect(prices.slice(-2)).toEqual(["0.05", undefined]);
  });

  it("is asked for in every place, in turn with Spot, as long as there is neither", async () => {
    const ran = await runMachine({ config, fleet: (_call, clock) => (after(clock) < 1500 ? dry : "instance") });
    expect(ran.status).toBe("SUCCEEDED");
    const asked = ran.calls["createFleet"]!.slice(ran.calls["createFleet"]!.map(marketOf).indexOf("on-demand"));
    expect(asked.slice(0, 7).map(marketOf)).toEqual(["on-demand", "on-demand", "on-demand", "spot", "spot", "spot", "on-demand"]);
    expect(new Set(asked.slice(0, 3).map(placeOf)).size).toBe(3);
  });

  it("is for one instance: the next one is asked for as Spot again", async () => {
    const ran = await runMachine({ config, fleet: (call, clock, request) => (after(clock) < 620 ? noSpot(call, clock, request) : "instance"), attempt: (attempt) => (attempt.number === 1 ? interrupted(attempt) : finish(attempt)) });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2, onDemandAttempts: 1 }, item: { lifecycle: { S: "spot" } } });
  });

  it("may be nowhere, either: the execution fails in the end", async () => {
    const ran = await runMachine({ config: { ...config, noCapacityLimitMinutes: 60 }, fleet: () => dry });
    expect(ran).toMatchObject({ status: "FAILED", error: "NoCapacity" });
    expect(ran.seconds).toBeLessThan(3700);
  });
});
