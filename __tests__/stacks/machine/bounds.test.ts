import { TaskError } from "../../../harness/asl/errors";
import { announce, commit, errors, finish, runMachine, takeOver, workAndBeat, type Attempt, type Ran, type Script } from "./world";

/* eslint-disable @typescript-eslint/no-explicit-any */

const input = (more: object): any => ({ durationMinutes: 600, checkpointMinutes: 10, ...more });
/** Works on and on, with a checkpoint every ten minutes; on SIGTERM, which it has when it is terminated, it saves once more. */
const workOn = async (attempt: Attempt): Promise<void> => {
  await takeOver(attempt);
  for (let saves = 1; saves < 100; saves++) {
    await workAndBeat(attempt, 600);
    commit(attempt, saves);
  }
};
const interruptedAfter = (workSeconds: number) => async (attempt: Attempt): Promise<void> => {
  await takeOver(attempt);
  await workAndBeat(attempt, workSeconds);
  commit(attempt, attempt.number);
  attempt.callback.fail("InstanceTerminated", "");
};

const denied = (): string[] => { throw new TaskError("Ec2.Ec2Exception", "You are not authorized."); };

/** Answers the first call in one way, all others in another. */
const afterTheFirst = <T>(later: () => T, first: () => T): (() => T) => {
  let calls = 0;
  return () => (calls++ === 0 ? first() : later());
};

describe("the deadline", () => {
  it("ends a job that works on, at that time, with what is committed and how to go on", async () => {
    const ran = await runMachine({ input: input({ deadlineMinutes: 45 }), attempt: workOn });
    expect(ran).toMatchObject({ status: "FAILED", error: "DeadlineReached" });
    expect(ran.cause).toMatch(/deadlineMinutes, 45, .*The last checkpoint is kept: jobs\/run\/.* \(4%\).*"jobId": "run".*later deadline/);
    expect(ran.seconds).toBeGreaterThanOrEqual(45 * 60);
    expect(ran.seconds).toBeLessThan(45 * 60 + 30);
    expect(ran.calls["terminateInstances"]).toEqual([{ InstanceIds: ["i-1"] }]);
  });

  it("has the last save, which the instance makes as it is terminated, in its Cause", async () => {
    const ran = await runMachine({
      input: input({ deadlineMinutes: 10, saveSeconds: 5 }),
      attempt: async (attempt) => {
        await takeOver(attempt);
        await workAndBeat(attempt, 556);
        // Terminated at 600 s.
        await attempt.clock.sleep(5e6);
        commit(attempt, 1.5);
      },
    });
    expect(ran.cause).toContain("(1.5%)");
    expect(ran.item).not.toMatchObject({ ownerState: { S: "dead" } });
  });

  it("leaves no time for another instance shortly before", async () => {
    const ran = await runMachine({ input: input({ deadlineMinutes: 10 }), attempt: interruptedAfter(480) });
    expect(ran).toMatchObject({ status: "FAILED", error: "DeadlineReached" });
    expect(ran.calls["createFleet"]).toHaveLength(1);
  });

  it("ends a wait for capacity", async () => {
    const ran = await runMachine({ input: input({ deadlineMinutes: 30 }), fleet: () => errors("InsufficientInstanceCapacity") });
    expect(ran).toMatchObject({ status: "FAILED", error: "DeadlineReached" });
    expect(ran.seconds).toBeLessThanOrEqual(30 * 60);
  });

  it("does not hold what is done in time", async () => {
    expect((await runMachine({ input: { durationMinutes: 6, checkpointMinutes: 2, deadlineMinutes: 10 } })).status).toBe("SUCCEEDED");
  });
});

describe("most hours of instances", () => {
  it("are counted over all attempts, those that hand over until their lease's end, not while there is no instance", async () => {
    const ran = await runMachine({
      input: input({ maxInstanceHours: 1 }),
      fleet: (call) => (call > 1 && call < 8 ? errors("InsufficientInstanceCapacity") : "instance"),
      attempt: async (attempt) => {
        if (attempt.number > 1) return workOn(attempt);
        await takeOver(attempt);
        await workAndBeat(attempt, 1635);
        await announce(attempt, 120);
        attempt.item["ownerState"] = { S: "released" };
      },
    });
    expect(ran).toMatchObject({ status: "FAILED", error: "InstanceHoursUsedUp" });
    expect(ran.cause).toMatch(/^1 hours of instances were used; the input maxInstanceHours is 1\. The last checkpoint is kept/);
    // Half an hour each: 45 s of boot, 1,635 s of work, 120 s of notice.
    expect(ran.seconds - ran.launchedAt.at(-1)!).toBeGreaterThanOrEqual(1800);
    expect(ran.seconds - ran.launchedAt.at(-1)!).toBeLessThan(1830);
  });
});

describe("most money", () => {
  it("is what the instances cost by EC2's word, the dearest zone's price", async () => {
    const ran = await runMachine({ input: input({ maxDollars: 0.1 }), spotPrices: () => ["0.090000", "0.100000", "0.095000"], attempt: workOn });
    expect(ran).toMatchObject({ status: "FAILED", error: "MoneyUsedUp" });
    expect(ran.cause).toMatch(/^About 0\.1\d* US dollars were spent on instances; the input maxDollars is 0\.1\. The last checkpoint is kept/);
    expect(ran.seconds).toBeGreaterThanOrEqual(3600);
    expect(ran.seconds).toBeLessThan(3630);
  });

  it("adds up over attempts at different prices", async () => {
    let asked = 0;
    const ran = await runMachine({ input: input({ maxDollars: 0.1 }), spotPrices: () => [(++asked * 0.1).toFixed(6)], attempt: (attempt) => (attempt.number === 1 ? interruptedAfter(1755)(attempt) : workOn(attempt)) });
    // Half an hour at 0.1, then a quarter at 0.2.
    expect(ran).toMatchObject({ status: "FAILED", error: "MoneyUsedUp" });
    expect(ran.seconds - ran.launchedAt[1]!).toBeGreaterThanOrEqual(899);
    expect(ran.seconds - ran.launchedAt[1]!).toBeLessThan(930);
  });

  it("counts On-Demand at the knob's price", async () => {
    const ran = await runMachine({
      config: { onDemandAfterMinutes: 1, onDemandDollarsPerHour: 0.2 }, input: input({ maxDollars: 0.1 }), attempt: workOn,
      fleet: (_call, _clock, request) => (request.TargetCapacitySpecification.DefaultTargetCapacityType === "spot" ? errors("InsufficientInstanceCapacity") : "instance"),
    });
    expect(ran).toMatchObject({ status: "FAILED", error: "MoneyUsedUp" });
    expect(ran.seconds - ran.launchedAt.at(-1)!).toBeGreaterThanOrEqual(1800);
    expect(ran.seconds - ran.launchedAt.at(-1)!).toBeLessThan(1830);
  });

  it("is not asked about where it is not bounded", async () => {
    expect((await runMachine({})).calls["describeSpotPriceHistory"]).toBeUndefined();
  });

  it.each([
    ["refuses to tell the price", denied, /costs: m6i\.large: Ec2\.Ec2Exception: You are not authorized\. The instance was terminated/],
    ["knows of no price", () => [], /costs: m6i\.large: it has no Spot price\. The instance was terminated/],
  ])("cannot be bounded when EC2 %s: the instance goes, and the execution says so", async (_how, spotPrices, cause) => {
    const ran = await runMachine({ input: input({ maxDollars: 1 }), config: { instanceTypes: ["m6i.large"] }, spotPrices });
    expect(ran).toMatchObject({ status: "FAILED", error: "PriceUnknown", cause: expect.stringMatching(cause) });
    expect(ran.cause).toMatch(/The last checkpoint is kept.*or leave maxDollars out\.$/);
    expect(ran.calls["terminateInstances"]).toEqual([{ InstanceIds: ["i-1"] }]);
  });
});

describe("most attempts", () => {
  it("are the input's, which outweighs the knob", async () => {
    const ran = await runMachine({ config: { maxAttempts: 2 }, input: input({ maxAttempts: 4 }), attempt: interruptedAfter(60) });
    expect(ran).toMatchObject({ status: "FAILED", error: "AttemptsExhausted", cause: expect.stringMatching(/^4 instances were used up, the last one ended by InstanceTerminated; the bound is the input maxAttempts\./) });
  });
});

describe("a crash loop", () => {
  const silent = async (attempt: Attempt): Promise<void> => takeOver(attempt);
  const gaveUp = async (attempt: Attempt): Promise<void> => attempt.callback.fail("InstanceGaveUp", "powered itself off");
  const failedAgent = async (attempt: Attempt): Promise<void> => attempt.callback.succeed({ outcome: "saved", percent: 0, epoch: 1, reason: "error" });

  it.each([["is silent", silent, "States\\.\\w*Timeout"], ["powers itself off", gaveUp, "InstanceGaveUp \\(powered itself off\\)"], ["reports that it could not go on", failedAgent, "saved \\(error\\)"]])("stops after three attempts each of which %s, and says so", async (_how, attempt, ending) => {
    const ran = await runMachine({ attempt });
    expect(ran).toMatchObject({ status: "FAILED", error: "NoProgress" });
    expect(ran.cause).toMatch(new RegExp(`^3 attempts in a row failed by themselves, none of them interrupted and none with a new checkpoint, the last one by ${ending}: .*maxAttemptsWithoutProgress`));
    expect(ran.calls["createFleet"]).toHaveLength(3);
  });

  it("is not what ten interruptions in a row are, without a single checkpoint in a long interval", async () => {
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number > 10) return finish(attempt);
        await takeOver(attempt);
        if (attempt.number % 2 === 0) await announce(attempt);
        else attempt.callback.fail("InstanceTerminated", "");
        attempt.item["ownerState"] = { S: "released" };
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 11 } });
  });

  it("is not over with an interruption in between", async () => {
    const ran = await runMachine({ attempt: async (attempt) => attempt.callback.fail(attempt.number % 2 === 0 ? "InstanceTerminated" : "InstanceGaveUp", "") });
    expect(ran).toMatchObject({ status: "FAILED", error: "NoProgress" });
    expect(ran.calls["createFleet"]).toHaveLength(5);
  });

  it("is over with a checkpoint", async () => {
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number > 8) return finish(attempt);
        if (attempt.number % 3 === 0) commit(attempt, attempt.number);
        attempt.callback.fail("InstanceGaveUp", "");
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 9 } });
  });
});

describe("an owner that hands over at a bound", () => {
  const atTheBound = (owner: (attempt: Attempt) => Promise<void>) => runMachine({ input: { durationMinutes: 6, checkpointMinutes: 2, maxAttempts: 1 }, attempt: owner });
  const handOver = async (attempt: Attempt, reason: string, leaseSeconds: number): Promise<void> => {
    await takeOver(attempt);
    await workAndBeat(attempt, 60);
    Object.assign(attempt.item, { ownerState: { S: "handing-over" }, ownerDeadline: { N: String(Math.floor(attempt.clock.now() / 1e6) + leaseSeconds) } });
    attempt.callback.succeed({ outcome: "notice", reason });
  };

  it("may finish in its notice's two minutes", async () => {
    const ran = await atTheBound(async (attempt) => {
      await handOver(attempt, "notice", 120);
      await attempt.clock.sleep(100e6);
      commit(attempt, 100);
      Object.assign(attempt.item, { finished: { BOOL: true }, ownerState: { S: "released" } });
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 1 } });
    expect(ran.calls["createFleet"]).toHaveLength(1);
  });

  it.each<[string, () => Partial<Script>, string]>([
    ["whose successor's price EC2 does not tell", () => ({ input: input({ maxDollars: 1 }), spotPrices: afterTheFirst(denied, () => ["0.03"]) }), "PriceUnknown"],
    ["whose successors give up one after another", () => ({ attempt: async (attempt) => attempt.callback.fail("InstanceGaveUp", "") }), "NoProgress"],
    ["at whose deadline there is no capacity", () => ({ input: input({ deadlineMinutes: 5 }), fleet: afterTheFirst(() => errors("InsufficientInstanceCapacity"), () => "instance") }), "DeadlineReached"],
    ["whose successor's launch is refused", () => ({ fleet: afterTheFirst(() => errors("UnauthorizedOperation"), () => "instance") }), "LaunchRefused"],
  ])("%s may finish, too", async (_which, scripted, error) => {
    const run = (finishes: boolean, script = scripted()): Promise<Ran> => runMachine({
      ...script,
      attempt: async (attempt) => {
        if (attempt.number > 1) return script.attempt!(attempt);
        await takeOver(attempt);
        await workAndBeat(attempt, 130);
        await announce(attempt);
        await attempt.clock.sleep(100e6);
        commit(attempt, finishes ? 100 : 30);
        Object.assign(attempt.item, { ownerState: { S: "released" }, ...(finishes ? { finished: { BOOL: true } } : {}) });
      },
    });
    const finished = await run(true);
    expect(finished).toMatchObject({ status: "SUCCEEDED" });
    expect((finished.calls["terminateInstances"] ?? []).flatMap(({ InstanceIds }) => InstanceIds)).not.toContain("i-1");
    expect(await run(false)).toMatchObject({ status: "FAILED", error, cause: expect.stringContaining("(30%)") });
  });

  it("is waited for as long as a notice lasts, however often it renews its lease", async () => {
    const seconds = async (leaseSeconds: number): Promise<number> => {
      const ran = await atTheBound((attempt) => handOver(attempt, "notice", leaseSeconds));
      expect(ran).toMatchObject({ status: "FAILED", error: "AttemptsExhausted" });
      return ran.seconds;
    };
    expect((await seconds(1e6)) - (await seconds(-1))).toBe(135);
  });

  it("is not waited for when it is shut down: it only saves then", async () => {
    const seconds = async (reason: string): Promise<number> => (await atTheBound((attempt) => handOver(attempt, reason, 60))).seconds;
    expect((await seconds("notice")) - (await seconds("terminate"))).toBeGreaterThanOrEqual(60);
  });
});
