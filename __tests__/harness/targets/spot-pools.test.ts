import { DescribeSpotPriceHistoryCommand } from "@aws-sdk/client-ec2";
import type { Fault } from "../../../harness/model/scenario";
import { priceRiseInjector, reclaimInjector } from "../../../harness/targets/injectors/spot-pools";
import type { InjectionContext, InjectionOutcome } from "../../../harness/targets/target";
import { createTemplate, launch, sleep, spotRequest, withEc2, type Ec2Test } from "../region/services/ec2/support";

/** Injects a fault into one instance; `over` says when the run is. */
async function inject(test: Ec2Test, instanceId: string | undefined, fault: Partial<Fault> & Pick<Fault, "kind">, over = () => false): Promise<InjectionOutcome & { struckAt?: number }> {
  const injector = fault.kind === "reclaim" ? reclaimInjector(test.ec2.configurePools, 1) : priceRiseInjector(test.ec2.configurePools, 1);
  let struckAt: number | undefined;
  const context = {
    fault: { job: "job", at: {}, ...fault }, clients: { ec2: test.client }, clock: test.clock, over, struck: () => { struckAt = test.since(); }, ...(instanceId === undefined ? {} : { instanceId }),
  };
  const outcome = await injector.inject(context as unknown as InjectionContext);
  return { ...outcome, ...(struckAt === undefined ? {} : { struckAt }) };
}
const price = (test: Ec2Test, type = "m5.large", zone = "us-east-1a") => test.ec2.pool(type, zone).spotPrice;

describe("a price rise", () => {
  it("reaches the instance's own pool, for as long as it is meant to", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test, { overrides: [{ AvailabilityZone: "us-east-1a", MaxPrice: "0.04" }] });
    expect(await inject(test, id, { kind: "price-rise", toTimesMaximum: 1.5, durationSeconds: 60 })).toEqual({ status: "completed", struckAt: 0 });
    expect(test.since()).toBe(60);
    expect((await spotRequest(test, id!)).Status!.Code).toBe("marked-for-termination");
    const { SpotPriceHistory } = await test.client.send(new DescribeSpotPriceHistoryCommand({ InstanceTypes: ["m5.large"] }));
    expect(SpotPriceHistory!.filter(({ SpotPrice }) => SpotPrice === "0.060000").map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(["us-east-1a"]);
    expect(price(test)).toBeLessThan(0.04);
  }));

  it("may reach every type of the zone, or all pools", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await inject(test, id, { kind: "price-rise", toDollarsPerHour: 0.5, pools: "zone" });
    expect([price(test), price(test, "c5.large"), price(test, "m5.large", "us-east-1b") < 0.5]).toEqual([0.5, 0.5, true]);
    await inject(test, undefined, { kind: "price-rise", toDollarsPerHour: 0.7, pools: "all", at: { beforeStart: true } });
    expect([price(test), price(test, "c5.large", "us-east-1c")]).toEqual([0.7, 0.7]);
  }));

  it("that would interrupt nothing has failed, and says why", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    expect(await inject(test, id, { kind: "price-rise", toDollarsPerHour: 0.09 })).toEqual({ status: "failed", reason: `a price of 0.09 dollars an hour is not above the 0.096 that the request of ${id!} pays at most; give more, or toTimesMaximum` });
  }));

  it("ends with the run, and misses what is not there", () => withEc2(async (test) => {
    await createTemplate(test);
    const [id] = await launch(test);
    await inject(test, id, { kind: "price-rise", toTimesMaximum: 2, durationSeconds: 3600 }, () => test.since() > 10);
    expect(test.since()).toBe(15);
    await sleep(test, 300);
    expect(await inject(test, id, { kind: "price-rise", toTimesMaximum: 2 })).toMatchObject({ status: "missed", reason: `${id!} is terminated, and was to be struck while it runs` });
    const [own] = await launch(test, { lifecycle: "on-demand" });
    expect(await inject(test, own, { kind: "reclaim" })).toMatchObject({ status: "missed", reason: `${own!} is not a Spot Instance` });
    expect(await inject(test, undefined, { kind: "reclaim" })).toMatchObject({ status: "missed" });
  }));
});

it("a reclaim empties the pool, and fills it again", () => withEc2(async (test) => {
  await createTemplate(test);
  const [id] = await launch(test);
  await inject(test, id, { kind: "reclaim", durationSeconds: 200 });
  expect((await spotRequest(test, id!)).Status!.Code).toBe("instance-terminated-no-capacity");
  expect(await launch(test)).toHaveLength(1);
}));
