import { ATTEMPT_EVENTS, FAILED_MIGRATION_EVENTS, LAST_OWNERS_EVENTS, RESERVED_EVENTS, WAIT_AT_A_BOUND_EVENTS, FAILED_LAUNCH_BESIDE_OWNER_EVENTS, FAILED_LAUNCH_EVENTS, MOST_ATTEMPTS, MOST_FAILED_LAUNCH_EVENTS, MOST_FAILED_LAUNCHES } from "../../../stacks/history-bounds";
import { KNOBS } from "../../../stacks/knobs";
import { announce, commit, errors, finish, runMachine, takeOver, type Attempt, type Ran } from "./world";

/** Events of an execution in which so many attempts end in this way before one that finishes. */
const events = async (attempts: number, end: (attempt: Attempt) => Promise<void> | void): Promise<number> => {
  const ran = await runMachine({
    attempt: async (attempt) => {
      if (attempt.number > attempts) return finish(attempt);
      await takeOver(attempt);
      commit(attempt, attempt.number);
      await end(attempt);
    },
  });
  expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: attempts + 1 } });
  return ran.events;
};

it.each<[string, number, (attempt: Attempt) => Promise<void> | void]>([
  ["that saves and reports", 29, (attempt) => {
    attempt.item["ownerState"] = { S: "released" };
    attempt.callback.succeed({ outcome: "saved", reason: "error" });
  }],
  ["whose owner is declared dead", 27, (attempt) => attempt.callback.fail("InstanceTerminated", "")],
  ["whose owner has a lease", 32, (attempt) => {
    attempt.item["ownerDeadline"] = { N: "1999999999" };
    attempt.callback.fail("InstanceTerminated", "");
  }],
  ["that hands over", 27, (attempt) => announce(attempt)],
  ["that hands over without a lease of its own", 22, (attempt) => attempt.callback.succeed({ outcome: "notice" })],
  ["that migrates", 34, async (attempt) => {
    Object.assign(attempt.item, { ownerDeadline: { N: "1999999999" } });
    attempt.callback.succeed({ outcome: "migrate" });
  }],
])("an attempt %s takes %i history events", async (_kind, count, end) => {
  expect((await events(6, end)) - (await events(2, end))).toBe(4 * count);
  expect(count).toBeLessThanOrEqual(ATTEMPT_EVENTS);
});

it("an attempt whose price is asked for takes five more", async () => {
  const ran = async (input: object): Promise<number> => (await runMachine({ input: { durationMinutes: 6, checkpointMinutes: 2, ...input } })).events;
  expect((await ran({ maxDollars: 5 })) - (await ran({}))).toBe(5);
  expect(34 + 5).toBe(ATTEMPT_EVENTS);
});

it("a failed launch takes so many, more while an owner works on", async () => {
  const withFailures = async (failures: number): Promise<number> => (await runMachine({ fleet: (call) => (call <= failures ? errors("SpotMaxPriceTooLow") : "instance") })).events;
  expect((await withFailures(12)) - (await withFailures(2))).toBe(FAILED_LAUNCH_EVENTS * 10);
  const goingOnDemand = async (onDemandAfterMinutes: number): Promise<number> => {
    const ran = await runMachine({
      config: { onDemandAfterMinutes }, fleet: (_call, _clock, request) => (request.TargetCapacitySpecification.DefaultTargetCapacityType === "spot" ? errors("SpotMaxPriceTooLow") : "instance"),
    });
    return ran.events - (ran.launchedAt.length - 1) * FAILED_LAUNCH_EVENTS;
  };
  expect(await goingOnDemand(5)).toBe(await withFailures(0));
  const besideAnOwner = async (failures: number): Promise<number> =>
    (await runMachine({
      fleet: (call) => (call > 1 && call <= failures + 1 ? errors("SpotMaxPriceTooLow") : "instance"),
      attempt: async (attempt) => {
        if (attempt.number === 2) return finish(attempt);
        await takeOver(attempt);
        await announce(attempt, 1e8);
      },
    })).events;
  expect((await besideAnOwner(12)) - (await besideAnOwner(2))).toBe(FAILED_LAUNCH_BESIDE_OWNER_EVENTS * 10);
});

const beatForEver = async (clock: Attempt["clock"], callback: Attempt["callback"]): Promise<void> => {
  for (let beats = 0; beats < 1000; beats++) {
    callback.heartbeat();
    await clock.sleep(30e6);
  }
};

it("a failed launch takes so many while an owner migrates, which has its task back meanwhile", async () => {
  const migrating = async (failures: number): Promise<number> =>
    (await runMachine({
      input: { durationMinutes: 6000, checkpointMinutes: 2 },
      fleet: (call) => (call > 1 && call <= failures + 1 ? errors("SpotMaxPriceTooLow") : "instance"),
      attempt: async (attempt) => {
        if (attempt.number === 2) return finish(attempt);
        await takeOver(attempt);
        Object.assign(attempt.item, { ownerState: { S: "handing-over" }, ownerDeadline: { N: "1999999999" } });
        attempt.callback.succeed({ outcome: "migrate" });
      },
      givenBack: ({ clock, callback }) => beatForEver(clock, callback),
    })).events;
  expect((await migrating(18)) - (await migrating(8))).toBe(FAILED_MIGRATION_EVENTS * 10);
});

it("a wait at a bound for an owner that works on takes so many, which is most of what is kept for the end", async () => {
  const atTheBound = async (ownerDeadline: string): Promise<Ran> => runMachine({
    input: { durationMinutes: 6, checkpointMinutes: 2, maxAttempts: 1 },
    attempt: async (attempt) => {
      await takeOver(attempt);
      Object.assign(attempt.item, { ownerState: { S: "handing-over" }, ownerDeadline: { N: ownerDeadline } });
      attempt.callback.succeed({ outcome: "notice" });
    },
  });
  const [waited, ended] = [await atTheBound("1999999999"), await atTheBound("1")];
  expect([waited.error, ended.error]).toEqual(["AttemptsExhausted", "AttemptsExhausted"]);
  expect(waited.events - ended.events).toBe(WAIT_AT_A_BOUND_EVENTS);
  // All of an execution but its attempts and its launches that fail.
  expect(waited.events).toBeLessThan(RESERVED_EVENTS);
});

it("an execution at its bounds keeps within Step Functions' 25,000", () => {
  const allowed = (value: number): boolean => "value" in KNOBS.maxAttempts.kind.check(value);
  expect([allowed(MOST_ATTEMPTS), allowed(MOST_ATTEMPTS + 1)]).toEqual([true, false]);
  expect(MOST_ATTEMPTS * ATTEMPT_EVENTS + MOST_FAILED_LAUNCH_EVENTS + LAST_OWNERS_EVENTS).toBe(25_000 - RESERVED_EVENTS);
  expect(MOST_FAILED_LAUNCHES * FAILED_LAUNCH_EVENTS).toBeLessThanOrEqual(MOST_FAILED_LAUNCH_EVENTS);
});
