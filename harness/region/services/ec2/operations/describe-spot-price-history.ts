/**
 * Newest first: every price within the time asked for (90 days at most), and the one that held when it began; Linux only, in
 * pages of a thousand at most.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotPriceHistory.html
 */
import { fromDate, seconds, toDate } from "../../../../time/clock";
import { priceField } from "../capacity";
import { INSTANCE_TYPES } from "../catalog";
import { invalidValue } from "../errors";
import { filtered } from "../filters";
import { text, texts, type Wire } from "../input";
import { paged } from "../paging";
import type { Ec2Operation } from "./operation";

interface Price { instanceType: string; zone: string; zoneId: string; price: string; time: number }

const PRODUCT = "Linux/UNIX";
const KEPT = seconds(90 * 86_400);

export const describeSpotPriceHistory: Ec2Operation = (core) => (input) => {
  const until = readTime(input, "EndTime") ?? core.now();
  const since = Math.max(readTime(input, "StartTime") ?? -Infinity, core.now() - KEPT);
  const names = texts(input, "InstanceType");
  const zone = text(input, "AvailabilityZone") ?? text(input, "AvailabilityZoneId");
  const products = texts(input, "ProductDescription");
  const zones = zone ? [core.network.subnetOfZone(zone)] : core.network.subnets;
  const types = (names.length > 0 ? names : [...INSTANCE_TYPES.keys()]).filter((name) => INSTANCE_TYPES.has(name));
  const linux = products.length === 0 || products.some((product) => product === PRODUCT || product === `${PRODUCT} (Amazon VPC)`);
  const prices = linux ? types.flatMap((instanceType) => zones.flatMap(({ zone: name, zoneId }): Price[] => {
    const { priceHistory } = core.capacity.pool(instanceType, name);
    const within = priceHistory.filter(({ time }, index) => time <= until && (time >= since || (priceHistory[index + 1]?.time ?? Infinity) > since));
    return within.map(({ time, price }) => ({ instanceType, zone: name, zoneId, price: priceField(price), time }));
  })) : [];
  prices.sort((a, b) => b.time - a.time);
  const matching = filtered(prices, input, {
    "availability-zone": ({ zone: name }) => name, "availability-zone-id": ({ zoneId }) => zoneId, "instance-type": ({ instanceType }) => instanceType,
    "product-description": () => PRODUCT, "spot-price": ({ price }) => price, "timestamp": ({ time }) => toDate(time).toISOString(),
  });
  const { items, nextToken } = paged(matching, input, ({ instanceType, zone: name, time }) => `${instanceType} ${name} ${time}`, { least: 1, most: 1000, always: true });
  return {
    spotPriceHistorySet: items.map(({ instanceType, zone: name, zoneId, price, time }) =>
      ({ instanceType, productDescription: PRODUCT, spotPrice: price, timestamp: toDate(time), availabilityZone: name, availabilityZoneId: zoneId })),
    nextToken: nextToken ?? "",
  };
};

function readTime(input: Wire, name: string): number | undefined {
  const value = text(input, name);
  if (!value) return undefined;
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) throw invalidValue(value, name.charAt(0).toLowerCase() + name.slice(1));
  return fromDate(time);
}
