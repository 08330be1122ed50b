import { costOf } from "../../../harness/model/cost";
import type { History, HistoryEvent } from "../../../harness/model/history";

const launched = (instanceId: string, zone = "a"): HistoryEvent => ({ type: "instance-launched", job: "job", launch: 1, instanceId, instanceType: "m7i.large", zone, spotRequestId: `sir-${instanceId}`, atSeconds: 0 });
const state = (instanceId: string, name: string, atSeconds: number): HistoryEvent => ({ type: "instance-state", job: "job", instanceId, state: name, atSeconds });
const lived = (instanceId: string, from: number, to: number, zone?: string): HistoryEvent[] => [launched(instanceId, zone), state(instanceId, "pending", 0), state(instanceId, "running", from), state(instanceId, "shutting-down", to), state(instanceId, "terminated", to + 30)];
const ended = (instanceId: string, code: string, atSeconds: number): HistoryEvent => ({ type: "spot-request-status", job: "job", spotRequestId: `sir-${instanceId}`, code, atSeconds });
const price = (dollarsAnHour: number, fromSeconds = -1000, zone = "a") => ({ instanceType: "m7i.large", zone, fromSeconds, dollarsAnHour });

const cost = (events: HistoryEvent[], spot = [price(0.36)], onDemand: Record<string, number> = { "m7i.large": 1 }, lifecycle: "spot" | "on-demand" = "spot") =>
  costOf({ events, prices: { spot, onDemand }, finals: [{ instances: [{ instanceId: "i-1", lifecycle }] }] } as unknown as History);

it("is an instance's time from running until it goes, at its pool's price", () => {
  expect(cost(lived("i-1", 10, 3610))).toEqual({ spot: 0.36, onDemand: 1 });
  expect(cost([...lived("i-1", 0, 1800), ...lived("i-2", 0, 1800, "b")], [price(0.2), price(0.6, -5, "b")])).toEqual({ spot: 0.4, onDemand: 1 });
});

it("follows the price as it changes", () => {
  expect(cost(lived("i-1", 0, 3600), [price(0.6, 1800), price(0.2, -50), price(9, 4000), price(5, -100)])?.spot).toBe(0.4);
});

it("is a minute at least, and nothing for an instance that never ran", () => {
  expect(cost(lived("i-1", 10, 12))?.spot).toBe(0.006);
  expect(cost([launched("i-1"), state("i-1", "pending", 0), state("i-1", "terminated", 9)])).toEqual({ spot: 0, onDemand: 0 });
});

it("is nothing when Spot takes the instance back within its first hour; an experiment is paid for", () => {
  expect(cost([...lived("i-1", 0, 3000), ended("i-1", "instance-terminated-no-capacity", 3000)])?.spot).toBe(0);
  expect(cost([...lived("i-1", 0, 3600), ended("i-1", "instance-terminated-no-capacity", 3600)])?.spot).toBe(0.36);
  expect(cost([...lived("i-1", 0, 1800), ended("i-1", "instance-terminated-by-experiment", 1800)])?.spot).toBe(0.18);
});

it("of an instance that ran On-Demand is the On-Demand price", () => {
  expect(cost(lived("i-1", 0, 1800), [price(0.36)], { "m7i.large": 1 }, "on-demand")).toEqual({ spot: 0.5, onDemand: 0.5 });
});

it("is unknown where a price is", () => {
  expect(cost(lived("i-1", 0, 1800), [], {})).toEqual({ spot: null, onDemand: null });
  expect(cost(lived("i-1", 0, 1800), [price(0.36)], {})).toEqual({ spot: 0.18, onDemand: null });
  expect(costOf({ events: [], finals: [] } as unknown as History)).toBeUndefined();
});
