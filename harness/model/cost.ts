/**
 * What a run's instances cost: each one's time from `running` until it goes, by the second and a minute at least, at the prices
 * of its pool in that time. Spot takes no money for an instance that it takes back within its first hour.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-for-interrupted-spot-instances.html,
 * https://aws.amazon.com/ec2/pricing/on-demand/
 */
import { eventsOf, type EventOf, type History, type HistoryEvent, type Prices, type RunSeconds } from "./history";

export interface Cost {
  /** What was paid, in dollars, instances that ran On-Demand included; null when a price is not known. */
  spot: number | null;
  /** What the same instances would have cost On-Demand; null when a price is not known. */
  onDemand: number | null;
}

const LEAST_SECONDS = 60;
const FREE_SECONDS = 3600;
/** How requests end whose instances Spot took back. A test of AWS FIS is none of these. */
const TAKEN_BACK = new Set(["instance-terminated-by-price", "instance-terminated-no-capacity", "instance-terminated-capacity-oversubscribed", "instance-terminated-launch-group-constraint"]);
const GOING = new Set(["shutting-down", "terminated"]);

/** Undefined when the history tells of no prices. */
export function costOf(history: History): Cost | undefined {
  const { prices } = history;
  if (prices === undefined) return undefined;
  const onDemandHour = (instance: EventOf<"instance-launched">): number => prices.onDemand[instance.instanceType] ?? NaN;
  let [spot, onDemand] = [0, 0];
  for (const instance of eventsOf(history, "instance-launched")) {
    const time = billedTime(history, instance);
    if (time === undefined) continue;
    const lifecycle = history.finals.flatMap((final) => final.instances).find(({ instanceId }) => instanceId === instance.instanceId)?.lifecycle;
    onDemand += dollars([{ ...time, dollarsAnHour: onDemandHour(instance) }]);
    spot += lifecycle === "on-demand" ? dollars([{ ...time, dollarsAnHour: onDemandHour(instance) }]) : isFree(history, instance, time) ? 0 : dollars(atSpotPrices(prices, instance, time));
  }
  return { spot: rounded(spot), onDemand: rounded(onDemand) };
}

interface Time { from: RunSeconds; to: RunSeconds }
interface Priced extends Time { dollarsAnHour: number }

function billedTime(history: History, { instanceId }: EventOf<"instance-launched">): Time | undefined {
  const states = eventsOf(history, "instance-state").filter((event) => event.instanceId === instanceId);
  const from = states.find(({ state }) => state === "running")?.atSeconds;
  if (from === undefined) return undefined;
  const last: HistoryEvent | undefined = history.events.at(-1);
  const to = states.find(({ state }) => GOING.has(state))?.atSeconds ?? last?.atSeconds ?? from;
  return { from, to: Math.max(to, from + LEAST_SECONDS) };
}

function isFree(history: History, { spotRequestId }: EventOf<"instance-launched">, { from, to }: Time): boolean {
  const code = eventsOf(history, "spot-request-status").findLast((event) => event.spotRequestId === spotRequestId)?.code;
  return to - from < FREE_SECONDS && TAKEN_BACK.has(code ?? "");
}

/** The parts of a time, each with the price that held then; NaN where none is known. */
function atSpotPrices({ spot }: Prices, { instanceType, zone }: EventOf<"instance-launched">, { from, to }: Time): Priced[] {
  const changes = spot.filter((price) => price.instanceType === instanceType && price.zone === zone).sort((a, b) => a.fromSeconds - b.fromSeconds);
  const held = changes.findLastIndex(({ fromSeconds }) => fromSeconds <= from);
  if (held < 0) return [{ from, to, dollarsAnHour: NaN }];
  return changes.slice(held).flatMap(({ fromSeconds, dollarsAnHour }, index, rest) => {
    const part = { from: Math.max(from, fromSeconds), to: Math.min(to, rest[index + 1]?.fromSeconds ?? to), dollarsAnHour };
    return part.to > part.from ? [part] : [];
  });
}

const dollars = (parts: readonly Priced[]): number => parts.reduce((sum, { from, to, dollarsAnHour }) => sum + ((to - from) / 3600) * dollarsAnHour, 0);
const rounded = (value: number): number | null => (Number.isNaN(value) ? null : Math.round(value * 1e6) / 1e6);
