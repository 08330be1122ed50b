import fc from "fast-check";
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { minutes, seconds, toSeconds } from "../../../harness/time/clock";
import { createVirtualClock, startAt, StuckError, TurnError, type Seat, type VirtualClock } from "../../../harness/time/virtual-clock";

const START = startAt("2026-01-01T00:00:00Z");
const create = (options = {}): VirtualClock => createVirtualClock({ startMicroseconds: START, ...options });

describe("order", () => {
  it("is by due time, ties by arrival, for any set of sleepers", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat(5), { maxLength: 6 }), { maxLength: 8 }), async (sleepers) => {
        const clock = create();
        const seen: [number, number][] = [];
        // The model: every sleep asked for at (time, order of asking), served by due time, then by that order.
        const model: [number, number][] = [];
        const queue = sleepers.map((naps, who) => ({ due: 0, sequence: who, who, naps: [...naps] }));
        let sequence = sleepers.length;
        while (queue.length > 0) {
          queue.sort((a, b) => a.due - b.due || a.sequence - b.sequence);
          const next = queue.shift()!;
          model.push([next.due, next.who]);
          const nap = next.naps.shift();
          if (nap !== undefined) queue.push({ ...next, due: next.due + nap, sequence: sequence++ });
        }
        await clock.run("body", async () => {
          const actors = sleepers.map((naps, who) =>
            clock.spawn(`sleeper ${who}`, async () => {
              seen.push([clock.now() - START, who]);
              for (const nap of naps) {
                await clock.sleep(nap);
                seen.push([clock.now() - START, who]);
              }
            }),
          );
          for (const actor of actors) await clock.join(actor);
        });
        expect(seen).toEqual(model);
      }),
    ));

  it("lets an actor finish what it does before the next one runs, however many microtasks that takes", () => {
    const clock = create();
    const seen: string[] = [];
    const busy = (name: string) => async () => {
      for (let i = 0; i < 3; i++) {
        seen.push(`${name} in`);
        for (let tick = 0; tick < 10; tick++) await null;
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`${name} out`);
        await clock.sleep(1);
      }
    };
    return clock.run("body", async () => {
      const actors = [clock.spawn("a", busy("a")), clock.spawn("b", busy("b"))];
      for (const actor of actors) await clock.join(actor);
      expect(seen).toEqual(Array(3).fill(["a in", "a out", "b in", "b out"]).flat());
    });
  });

  it("keeps time still while an actor waits for real work", () => {
    const clock = create();
    return clock.run("body", async () => {
      clock.spawn("other", () => clock.sleep(1));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(clock.now()).toBe(START);
    });
  });
});

describe("the world outside", () => {
  it("stands still once what was started from outside has ended", async () => {
    const clock = create();
    let beats = 0;
    await clock.run("body", async () => {
      clock.spawn("background", async () => {
        for (;;) {
          await clock.sleep(seconds(1));
          beats++;
        }
      });
      await clock.sleep(seconds(5.5));
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(beats).toBe(5);
    await clock.run("more", () => clock.sleep(seconds(2)));
    expect(beats).toBe(7);
  });

  it("settles done of an actor spawned from outside", async () => {
    const clock = create();
    await clock.spawn("outside", () => clock.sleep(minutes(90))).done;
    expect(toSeconds(clock.now() - START)).toBe(5400);
  });

  it("lets sockets in while actors run without end", async () => {
    const clock = create();
    const server = http.createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
    await once(server, "listening");
    let stop = false;
    const running = clock.run("endless", async () => {
      while (!stop) await clock.sleep(1);
    });
    const [response] = (await once(http.get({ port: (server.address() as AddressInfo).port, agent: false }), "response")) as [http.IncomingMessage];
    stop = true;
    await running;
    server.close();
    expect(response.statusCode).toBe(200);
    response.resume();
  });
});

describe("a free clock", () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it("goes on by itself after the visitor who started something has gone, and stands still when nothing is due", async () => {
    const clock = create({ isFree: true });
    let woke = false;
    await clock.run("visitor", async () => {
      clock.spawn("sleeper", async () => {
        await clock.sleep(minutes(60));
        woke = true;
        await clock.gate("an answer").wait();
      });
    });
    await turn();
    expect({ woke, elapsed: toSeconds(clock.now() - START) }).toEqual({ woke: true, elapsed: 3600 });
    await turn();
    expect(clock.now() - START).toBe(minutes(60));
    clock.close();
  });

  it("lets a visitor in at the present time, also while others never rest", async () => {
    const clock = create({ isFree: true });
    const poll = clock.spawn("poll", async () => {
      for (;;) await clock.sleep(seconds(1));
    });
    poll.done.catch(() => undefined);
    await turn();
    const before = clock.now();
    const seen = await clock.run("visitor", async () => clock.now());
    expect(seen).toBeGreaterThanOrEqual(before);
    clock.close();
  });

  it("has a visitor wait for what another one does", async () => {
    const clock = create({ isFree: true });
    const gate = clock.gate("a letter");
    const reader = clock.run("reader", () => gate.wait());
    await turn();
    await clock.run("writer", async () => gate.open());
    expect(await reader).toBe(true);
    expect(clock.now()).toBe(START);
    clock.close();
  });

  it("does not move for the background alone", async () => {
    const clock = create({ isFree: true });
    let ticks = 0;
    await clock.run("visitor", async () => {
      clock.spawnBackground("schedule", async () => {
        for (;;) {
          await clock.sleep(minutes(1));
          ticks++;
        }
      });
    });
    await turn();
    expect({ ticks, elapsed: clock.now() - START }).toEqual({ ticks: 0, elapsed: 0 });
    await clock.run("visitor", () => clock.sleep(minutes(2.5)));
    expect(ticks).toBe(2);
    clock.close();
  });

  it("goes on when an actor has kept its turn too long, and says so", async () => {
    const slow: StuckError[] = [];
    const clock = create({ isFree: true, watchdogSeconds: 0.05, onSlow: (error: StuckError) => slow.push(error) });
    await clock.run("visitor", () => new Promise((resolve) => setTimeout(resolve, 200)));
    expect(slow.length).toBeGreaterThan(0);
    expect(slow[0]).toMatchObject({ kind: "watchdog", message: expect.stringContaining("visitor") });
    await clock.run("visitor", () => clock.sleep(seconds(1)));
    clock.close();
  });
});

describe("misuse", () => {
  it("is named: waiting without the turn", () => {
    const clock = create();
    expect(() => clock.sleep(1)).toThrow(TurnError);
    expect(() => clock.sleep(1)).toThrow(/no actor holds the turn/);
  });

  it("is named: two waits of one actor at once", async () => {
    const clock = create();
    await expect(clock.run("body", async () => void (await Promise.all([clock.sleep(1), clock.sleep(2)])))).rejects.toThrow(/Promise\.all over sleeps/);
  });

  it("is named: a deadlock, with who waits for what", async () => {
    const stuck: StuckError[] = [];
    const clock = create({ onStuck: (error: StuckError) => stuck.push(error) });
    const running = clock.run("scenario", async () => {
      clock.spawn("reader", async () => void (await clock.gate("a letter").wait()));
      await clock.gate("an answer").wait();
    });
    await expect(running).rejects.toThrow(/scenario \(waits for an answer\), reader \(waits for a letter\)/);
    expect(stuck.map((error) => error.kind)).toEqual(["deadlock"]);
  });

  it("is named: an actor that keeps its turn, with what it did last", async () => {
    const clock = create({ watchdogSeconds: 0.1 });
    const running = clock.run("body", async () => {
      const seat: Seat = clock.register("burner", () => (seat.lastCommand = "ffmpeg -i in.mp4"));
      await clock.sleep(1);
    });
    await expect(running).rejects.toThrow(/burner \(ffmpeg -i in\.mp4\).*held its turn for 0\.1 real seconds.*scaled clock/);
  });

  it("does not count a later join as missing while its parent joins a sibling", async () => {
    const reported: string[] = [];
    const clock = create({ onUncaught: (_: unknown, name: string) => reported.push(name) });
    const failing = (after: number) => async () => {
      await clock.sleep(after);
      throw new Error(`after ${after}`);
    };
    await clock.run("body", async () => {
      const slow = clock.spawn("slow", () => clock.sleep(10));
      const joinedLate = clock.spawn("joined late", failing(1));
      clock.spawn("never joined", failing(2));
      await clock.join(slow);
      await expect(clock.join(joinedLate)).rejects.toThrow("after 1");
      expect(reported).toEqual([]);
    });
    expect(reported).toEqual(["never joined"]);
  });
});

describe("seats of others", () => {
  it("take turns among the actors, in the same order", () => {
    const clock = create();
    const seen: string[] = [];
    return clock.run("body", async () => {
      let turn = 0;
      const seat = clock.register("guest", () => {
        seen.push(`guest at ${clock.now() - START}`);
        if (++turn === 3) seat.finish();
        else seat.block(clock.now() + 10, "a time");
      });
      for (let i = 0; i < 5; i++) {
        await clock.sleep(5);
        seen.push(`body at ${clock.now() - START}`);
      }
      expect(seen).toEqual(["guest at 0", "body at 5", "guest at 10", "body at 10", "body at 15", "guest at 20", "body at 20", "body at 25"]);
      expect(seat.ended).toBe(true);
    });
  });

  it("can be woken before their time, and are due at the present then", () => {
    const clock = create();
    return clock.run("body", async () => {
      const turns: number[] = [];
      const seat = clock.register("guest", () => {
        turns.push(clock.now() - START);
        seat.block("never", "a message");
      });
      await clock.sleep(7);
      seat.wake();
      seat.wake();
      await clock.sleep(1);
      expect(turns).toEqual([0, 7]);
      seat.finish();
      seat.wake();
      await clock.sleep(1);
      expect(turns).toEqual([0, 7]);
    });
  });

  it("are parked and resumed when a host handler sleeps in their turn; a wake does not cut that short", () => {
    const clock = create();
    const seen: string[] = [];
    return clock.run("body", async () => {
      const handler = async () => {
        await clock.sleep(seconds(3));
        seen.push(`handler at ${toSeconds(clock.now() - START)}, in the turn of ${clock.holder()?.name}`);
        seat.block("never", "a message");
      };
      let turn = 0;
      const seat = clock.register("guest", () => {
        seen.push(`turn ${++turn} at ${toSeconds(clock.now() - START)}`);
        if (turn === 1) void handler();
        else seat.finish();
      });
      await clock.sleep(seconds(1));
      seat.wake();
      await clock.sleep(seconds(4));
      seat.wake();
      await clock.sleep(seconds(1));
      expect(seen).toEqual(["turn 1 at 0", "handler at 3, in the turn of guest", "turn 2 at 5"]);
    });
  });

  it("get no turn while held, and are served late", () => {
    const clock = create();
    return clock.run("body", async () => {
      const turns: number[] = [];
      const seat = clock.register("guest", () => {
        turns.push(clock.now() - START);
        seat.block(clock.now() + 10, "a time");
      });
      await clock.sleep(15);
      seat.hold();
      await clock.sleep(50);
      seat.release();
      await clock.sleep(12);
      seat.finish();
      expect(turns).toEqual([0, 10, 65, 75]);
    });
  });

  it("cannot give up a turn that they do not hold", () => {
    const clock = create();
    const seat = clock.register("guest", () => undefined);
    expect(() => seat.block("never", "nothing")).toThrow(TurnError);
  });
});
