/** The prices of the pools that a run used, as EC2 tells them, and On-Demand prices where the target knows them. */
import { DescribeSpotPriceHistoryCommand, type _InstanceType } from "@aws-sdk/client-ec2";
import type { Prices } from "../model/history";
import { fromDate, toDate } from "../time/clock";
import type { Target } from "../targets/target";
import type { Recorder } from "./recorder";

/** Rejects with the SDK's errors. */
export async function collectPrices({ clients, clock, onDemandDollarsAnHour }: Target, recorder: Recorder): Promise<Prices> {
  const launched = recorder.sorted().filter((event) => event.type === "instance-launched");
  const spot: Prices["spot"] = [];
  for (const pool of new Set(launched.map(({ instanceType, zone }) => `${instanceType} ${zone}`))) {
    const [instanceType, zone] = pool.split(" ") as [string, string];
    for (let token: string | undefined; ;) {
      const page = await clients.ec2.send(new DescribeSpotPriceHistoryCommand({
        InstanceTypes: [instanceType as _InstanceType], AvailabilityZone: zone, ProductDescriptions: ["Linux/UNIX"], StartTime: toDate(recorder.startedAt), EndTime: toDate(clock.now()), NextToken: token,
      }));
      for (const { SpotPrice: price, Timestamp: since } of page.SpotPriceHistory ?? []) {
        if (since !== undefined) spot.push({ instanceType, zone, fromSeconds: recorder.seconds(fromDate(since)), dollarsAnHour: Number(price) });
      }
      token = page.NextToken;
      if (token === undefined || token === "") break;
    }
  }
  const known = [...new Set(launched.map(({ instanceType }) => instanceType))].flatMap((type): [string, number][] => {
    const price = onDemandDollarsAnHour?.(type);
    return price === undefined ? [] : [[type, price]];
  });
  return { spot, onDemand: Object.fromEntries(known) };
}
