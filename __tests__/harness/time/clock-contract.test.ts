/** What both clocks promise, held against both. The system's clock runs a hundred times as fast, with room for a busy machine. */
import { minutes, seconds, toSeconds } from "../../../harness/time/clock";
import type { RootClock } from "../../../harness/time/root-clock";
import { createSystemClock } from "../../../harness/time/system-clock";
import { createVirtualClock, startAt } from "../../../harness/time/virtual-clock";

const START = startAt("2026-01-01T00:00:00Z");
const clocks: [string, () => RootClock, number][] = [
  ["the virtual clock", () => createVirtualClock({ startMicroseconds: START }), 0],
  ["the virtual clock, free", () => createVirtualClock({ startMicroseconds: START, isFree: true }), 0],
  ["the system's clock, scaled", () => createSystemClock({ scale: 100, startMicroseconds: START }), 30],
];

describe.each(clocks)("%s", (_name, create, slackSeconds) => {
  let clock: RootClock;
  beforeEach(() => (clock = create()));
  afterEach(() => clock.close());

  const passed = (from: number) => toSeconds(clock.now() - from);
  const expectPassed = (from: number, wanted: number) => {
    expect(passed(from)).toBeGreaterThanOrEqual(wanted);
    expect(passed(from)).toBeLessThanOrEqual(wanted + slackSeconds);
  };

  it("starts at the time it is given, in whole microseconds", () => {
    expect(clock.now() - START).toBeLessThanOrEqual(seconds(slackSeconds));
    expect(Number.isInteger(clock.now())).toBe(true);
  });

  it("sleeps for a duration and until a time", () =>
    clock.run("body", async () => {
      const from = clock.now();
      await clock.sleep(seconds(10));
      expectPassed(from, 10);
      await clock.sleepUntil(from + seconds(15));
      expectPassed(from, 15);
      await clock.sleepUntil(from);
      await clock.sleep(-5);
      expectPassed(from, 15);
    }));

  it("runs actors side by side", () =>
    clock.run("body", async () => {
      const from = clock.now();
      const order: string[] = [];
      const late = clock.spawn("late", async () => {
        await clock.sleep(minutes(2));
        order.push("late");
      });
      const early = clock.spawn("early", async () => {
        await clock.sleep(minutes(1));
        order.push("early");
      });
      await clock.join(late);
      await clock.join(early);
      expect(order).toEqual(["early", "late"]);
      expectPassed(from, 120);
    }));

  it("gives back what a body returns, and throws what it throws", async () => {
    await expect(clock.run("body", async () => 42)).resolves.toBe(42);
    await expect(clock.run("body", async () => { throw new Error("no"); })).rejects.toThrow("no");
  });

  it("rethrows an actor's error to whoever joins it, sooner or later", () =>
    clock.run("body", async () => {
      const actor = clock.spawn("fails", async () => {
        await clock.sleep(seconds(5));
        throw new Error("broken");
      });
      await expect(clock.join(actor)).rejects.toThrow("broken");
      await expect(clock.join(actor)).rejects.toThrow("broken");
      await expect(actor.done).rejects.toThrow("broken");
    }));

  it("opens gates for those that wait, and only for those", () =>
    clock.run("body", async () => {
      const gate = clock.gate("news");
      gate.open();
      const got: string[] = [];
      const waiters = ["first", "second"].map((name) => clock.spawn(name, async () => void got.push(`${name} ${await gate.wait()}`)));
      await clock.sleep(seconds(10));
      expect(got).toEqual([]);
      gate.open();
      for (const waiter of waiters) await clock.join(waiter);
      expect(got).toEqual(["first true", "second true"]);
    }));

  it("ends a wait at its time-out", () =>
    clock.run("body", async () => {
      const from = clock.now();
      await expect(clock.gate().wait(seconds(20))).resolves.toBe(false);
      expectPassed(from, 20);
      const gate = clock.gate();
      const opener = clock.spawn("opener", async () => {
        await clock.sleep(seconds(5));
        gate.open();
      });
      await expect(gate.wait(minutes(10))).resolves.toBe(true);
      await clock.join(opener);
    }));

  it("idles until nothing is due", async () => {
    let ended = false;
    clock.spawn("outside", async () => {
      await clock.sleep(seconds(30));
      ended = true;
    });
    await clock.idle();
    expect(ended).toBe(true);
  });

  it("gives an actor of the background its turns while time moves for others, and does not go on for it", async () => {
    let ticks = 0;
    clock.spawnBackground("ticks", async () => {
      for (;;) {
        await clock.sleep(seconds(60));
        ticks++;
      }
    });
    await clock.run("body", () => clock.sleep(seconds(200)));
    expect(ticks).toBeGreaterThanOrEqual(3);
    await clock.idle();
    expect(ticks).toBeLessThanOrEqual(4);
  });
});

it("reports an error that nobody joins on either clock", async () => {
  for (const make of [createVirtualClock, createSystemClock]) {
    const reported: string[] = [];
    const clock = make({ startMicroseconds: START, onUncaught: (error, name) => reported.push(`${name}: ${(error as Error).message}`) });
    await clock.run("body", async () => {
      clock.spawn("lonely", async () => { throw new Error("unseen"); });
      await clock.sleep(seconds(0.05));
    });
    clock.close();
    expect(reported).toEqual(["lonely: unseen"]);
  }
});
