import { announce, commit, errors, finish, runMachine, takeOver, workAndBeat, type Attempt, type Ran, type Script } from "./world";
import { seconds } from "../../../harness/time/clock";
import { MOST_FAILED_LAUNCHES } from "../../../stacks/history-bounds";

const release = (attempt: Attempt, percent: number, reason = "notice"): void => {
  commit(attempt, percent);
  Object.assign(attempt.item, { ownerState: { S: "released" }, ownerReason: { S: reason } });
};
const leaseOf = (item: Attempt["item"]): number => Number(item["ownerDeadline"]?.N);

describe("an owner that has had a notice", () => {
  it("gets its successor at once, and is left alone", async () => {
    let announcedAt = 0;
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 2) return finish(attempt);
        await takeOver(attempt);
        await workAndBeat(attempt, 60);
        announcedAt = attempt.clock.now() / 1e6 - 1893456000;
        await announce(attempt);
        await attempt.clock.sleep(seconds(40));
        release(attempt, 30);
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2, launches: 2 } });
    expect(ran.launchedAt[1]! - announcedAt).toBeLessThan(0.1);
    expect(ran.calls["terminateInstances"]).toEqual([{ InstanceIds: ["i-2"] }]);
  });

  it.each([
    ["notice", { outcome: "notice", deadline: 1893456400.7 }, 1893456400],
    ["notice", { outcome: "notice" }, 1893456000 + 105 + 120],
    ["migrate", { outcome: "migrate" }, 1893456000 + 105 + 90],
  ])("has a lease although it could not write one (%s, %j)", async (_kind, answer, lease) => {
    let seen = 0;
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 2) {
          seen = leaseOf(attempt.item);
          return finish(attempt);
        }
        await takeOver(attempt);
        await workAndBeat(attempt, 60);
        attempt.callback.succeed(answer);
      },
    });
    expect(ran.status).toBe("SUCCEEDED");
    expect(seen).toBe(lease);
  });

  it("keeps the lease that it has written", async () => {
    const leases: number[] = [];
    await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 2) {
          leases.push(leaseOf(attempt.item));
          return finish(attempt);
        }
        await takeOver(attempt);
        await announce(attempt, 77);
        leases.push(leaseOf(attempt.item));
        attempt.callback.succeed({ outcome: "notice", deadline: 1893459999 });
      },
    });
    expect(leases[1]).toBe(leases[0]);
  });

  it("that ends the job while its successor boots ends the execution; the successor does nothing", async () => {
    let owner: Attempt;
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 1) {
          owner = attempt;
          await takeOver(attempt);
          return announce(attempt);
        }
        await attempt.clock.sleep(seconds(20));
        release(owner, 100, "finished");
        owner.item["finished"] = { BOOL: true };
        attempt.callback.succeed({ outcome: "finished", percent: 100, epoch: 1, reason: "finished" });
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2, checkpoint: "jobs/run/1-1-i-1" } });
    expect(ran.calls["terminateInstances"]).toEqual([{ InstanceIds: ["i-2"] }]);
    expect(ran.seconds).toBeLessThan(70);
  });

  it.each([
    ["finished", { status: "SUCCEEDED", output: { attempts: 1, launches: 2 } }],
    ["job-failed", { status: "FAILED", error: "JobFailed", cause: expect.stringMatching(/^The job failed; the report of how was lost\. This was attempt 1, instance i-1;/) }],
  ])("that ends the job (%s) while its successor is launched has the launch undone: the task is refused", async (reason, outcome) => {
    let owner: Attempt;
    const ran = await runMachine({
      fleet: (call) => {
        if (call === 2) {
          release(owner, 100, reason);
          if (reason === "finished") owner.item["finished"] = { BOOL: true };
        }
        return "instance";
      },
      attempt: async (attempt) => {
        owner = attempt;
        await takeOver(attempt);
        await announce(attempt);
      },
    });
    expect(ran).toMatchObject(outcome);
    expect(ran.calls["terminateInstances"]).toEqual([{ InstanceIds: ["i-2"] }]);
    expect(ran.item).toMatchObject({ taskInstanceId: { S: "i-1" } });
  });

  it("whose successor dies keeps its lease, and gets another successor", async () => {
    const leases: number[] = [];
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 1) {
          await takeOver(attempt);
          return announce(attempt);
        }
        leases.push(leaseOf(attempt.item));
        if (attempt.number === 2) attempt.callback.fail("InstanceTerminated", "");
        else await finish(attempt);
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 3 } });
    expect(leases).toEqual([leases[0], leases[0]]);
    expect(ran.calls["terminateInstances"]).toEqual([{ InstanceIds: ["i-2"] }, { InstanceIds: ["i-3"] }]);
  });

  it("whose successor has a notice, too, keeps its lease, and gets another successor", async () => {
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 3) return finish(attempt);
        if (attempt.number === 1) {
          await takeOver(attempt);
          return announce(attempt, 100);
        }
        attempt.callback.succeed({ outcome: "notice", percent: 0, epoch: 0, reason: "notice", deadline: 1893459999 });
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 3 } });
    expect(ran.calls["updateItem"]!.map(({ UpdateExpression }) => UpdateExpression).filter((each) => each === "SET ownerDeadline = :deadline")).toHaveLength(2);
    expect(ran.calls["terminateInstances"]).toEqual([{ InstanceIds: ["i-3"] }]);
  });

  it("that fails without a further word has its lease, not a death: it may be saving", async () => {
    let seen: unknown;
    await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 2) {
          seen = attempt.item["ownerState"];
          return finish(attempt);
        }
        await takeOver(attempt);
        Object.assign(attempt.item, { ownerState: { S: "saving" }, ownerDeadline: { N: String(Math.floor(attempt.clock.now() / 1e6) + 60) } });
        attempt.callback.fail("InstanceTerminated", "");
      },
    });
    expect(seen).toEqual({ S: "saving" });
  });
});

describe("while no successor is to be had", () => {
  const dry = (from: number) => (call: number) => (call < from ? "instance" : errors("InsufficientInstanceCapacity"));

  it("the ledger is looked at, so that the owner's end of the job is seen", async () => {
    const ran = await runMachine({
      fleet: dry(2),
      attempt: async (attempt) => {
        await takeOver(attempt);
        await announce(attempt);
        await attempt.clock.sleep(seconds(50));
        release(attempt, 100, "finished");
        attempt.item["finished"] = { BOOL: true };
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 1, launches: 1, percent: 100 } });
    expect(ran.seconds).toBeLessThan(45 + 50 + 40);
  });

  it("it is asked for on and on, also after the owner has saved and gone", async () => {
    const ran = await runMachine({
      fleet: (call, clock) => (call === 1 || clock.now() > seconds(1893456000 + 600) ? "instance" : errors("InsufficientInstanceCapacity")),
      attempt: async (attempt) => {
        if (attempt.number === 2) return finish(attempt);
        await takeOver(attempt);
        await announce(attempt);
        await attempt.clock.sleep(seconds(100));
        release(attempt, 30);
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
    const looks = ran.entered.filter((name) => name === "Look at the ledger").length;
    expect(looks).toBeGreaterThan(3);
    // Once it has released the job there is nothing to look for.
    expect(ran.entered.filter((name) => name === "Wait for capacity").length).toBeGreaterThan(3);
  });

  it("does not count as waiting for capacity as long as the owner works, which migrates for hours", async () => {
    const ran = await runMachine({
      config: { noCapacityLimitMinutes: 10 },
      fleet: (call, clock) => (call === 1 || clock.now() > seconds(1893456000 + 3 * 3600) ? "instance" : errors("InsufficientInstanceCapacity")),
      attempt: async (attempt) => {
        if (attempt.number === 2) return finish(attempt);
        await takeOver(attempt);
        attempt.callback.succeed({ outcome: "migrate", percent: 0, epoch: 1, reason: "migrate" });
        for (let minute = 0; minute < 180; minute++) {
          Object.assign(attempt.item, { ownerState: { S: "handing-over" }, ownerDeadline: { N: String(Math.floor(attempt.clock.now() / 1e6) + 90) } });
          await attempt.clock.sleep(seconds(60));
        }
        release(attempt, 60, "migrate");
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
  });
});

describe("an owner that migrates", () => {
  it("is terminated once its successor has had the job, should it have stayed; only once", async () => {
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 4) return finish(attempt);
        await takeOver(attempt);
        await workAndBeat(attempt, 60);
        commit(attempt, 10 * attempt.number);
        if (attempt.number === 3) attempt.callback.fail("InstanceTerminated", "");
        else attempt.callback.succeed({ outcome: "migrate", percent: 0, epoch: 1, reason: "migrate" });
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 4 } });
    expect(ran.calls["terminateInstances"]!.map(({ InstanceIds }) => InstanceIds[0])).toEqual(["i-1", "i-3", "i-2", "i-4"]);
  });

  it("and then hangs is terminated when its lease is over, though no successor is to be had", async () => {
    const ran = await runMachine({
      fleet: (call, clock) => (call === 1 || clock.now() > seconds(1893456000 + 900) ? "instance" : errors("InsufficientInstanceCapacity")),
      attempt: async (attempt) => {
        if (attempt.number === 2) return finish(attempt);
        await takeOver(attempt);
        attempt.callback.succeed({ outcome: "migrate", percent: 0, epoch: 1, reason: "migrate" });
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
    expect(ran.calls["terminateInstances"]).toHaveLength(2);
    expect(ran.calls["terminateInstances"]![0]).toEqual({ InstanceIds: ["i-1"] });
    expect(ran.entered.indexOf("Terminate what has migrated")).toBeLessThan(ran.entered.lastIndexOf("Wait for the attempt"));
  });
});

describe("a job that has failed", () => {
  it("fails the execution although its report was lost", async () => {
    const ran = await runMachine({
      attempt: async (attempt) => {
        await takeOver(attempt);
        release(attempt, 20, "job-failed");
        attempt.callback.fail("InstanceTerminated", "gone");
      },
    });
    expect(ran).toMatchObject({ status: "FAILED", error: "JobFailed" });
    expect(ran.cause).toMatch(/the report of how was lost.*instance i-1.*logs\/run\/.*\(20%\)/);
  });

  it("fails the execution with its owner's report, also under its successor's task", async () => {
    let owner: Attempt;
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 1) {
          owner = attempt;
          await takeOver(attempt);
          return announce(attempt);
        }
        release(owner, 20, "job-failed");
        attempt.callback.fail("JobFailed", "The job exited with 3.");
      },
    });
    expect(ran.cause).toMatch(/^The job exited with 3\. This was attempt 2, instance i-1;/);
  });
});

describe("an owner that migrates, for whose successor there is no capacity", () => {
  const DAY = 86_400;
  const dry = errors("InsufficientInstanceCapacity");
  let beats: Attempt["callback"] | undefined;
  const run = (script: Script): Promise<Ran> => {
    beats = undefined;
    return runMachine({
      ...script,
      givenBack: async (attempt) => {
        beats = attempt.callback;
        await script.givenBack?.(attempt);
      },
    });
  };
  /** Hands over without a deadline of AWS's, and renews its lease until it has worked so long, or until it is told to stop. */
  const migrate = async (attempt: Attempt, workSeconds: number, goesOn = (): boolean => true): Promise<void> => {
    await takeOver(attempt);
    Object.assign(attempt.item, { ownerState: { S: "handing-over" }, ownerDeadline: { N: String(Math.floor(attempt.clock.now() / 1e6) + 90) } });
    attempt.callback.succeed({ outcome: "migrate", deadline: Math.floor(attempt.clock.now() / 1e6) + 90 });
    for (let worked = 0; worked < workSeconds; worked += 45) {
      await attempt.clock.sleep(seconds(45));
      if (!goesOn()) return;
      beats?.heartbeat();
      attempt.item["ownerDeadline"] = { N: String(Math.floor(attempt.clock.now() / 1e6) + 90) };
    }
  };
  const end = (attempt: Attempt): void => {
    release(attempt, 100, "finished");
    attempt.item["finished"] = { BOOL: true };
  };

  it("has its task back, so that its end is told at once, and works on to it, be it a week", async () => {
    let [token, endedAt] = [undefined as Attempt["callback"] | undefined, 0];
    const ran = await run({
      input: { durationMinutes: 10_080, checkpointMinutes: 60 },
      fleet: (call) => (call === 1 ? "instance" : dry),
      attempt: async (attempt) => {
        await migrate(attempt, 7 * DAY);
        end(attempt);
        endedAt = attempt.clock.now() / 1e6 - 1893456000;
        token!.succeed({ outcome: "finished", percent: 100, epoch: 1, reason: "finished" });
      },
      givenBack: async ({ callback, item }) => {
        expect(item).toMatchObject({ taskLaunch: { N: "1" }, taskInstanceId: { S: "i-1" } });
        token = callback;
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 1 } });
    expect(ran.seconds - endedAt).toBeLessThan(1);
    expect(ran.launchedAt.length).toBeLessThan(260);
    // Soon at first, then seldom.
    expect(ran.launchedAt.filter((time) => time < 600).length).toBeGreaterThan(6);
    expect(ran.events).toBeLessThan(6000);
  });

  it("hands over when there is some", async () => {
    const ran = await run({
      input: { durationMinutes: 600, checkpointMinutes: 10 },
      fleet: (call, clock) => (call > 1 && clock.now() / 1e6 - 1893456000 < 7200 ? dry : "instance"),
      attempt: async (attempt) => {
        if (attempt.number === 2) return finish(attempt);
        await migrate(attempt, DAY, () => attempt.item["taskLaunch"].N === "1");
        release(attempt, 30, "migrate");
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
    expect(ran.launchedAt.at(-1)! - 7200).toBeLessThan(1100);
  });

  it("and which is gone is told of at once, and followed as soon as can be", async () => {
    let diedAt = 0;
    const ran = await run({
      input: { durationMinutes: 600, checkpointMinutes: 10 },
      fleet: (call) => (call > 1 && diedAt === 0 ? dry : "instance"),
      attempt: async (attempt) => (attempt.number === 2 ? finish(attempt) : migrate(attempt, DAY, () => diedAt === 0)),
      givenBack: async ({ item, callback, clock }) => {
        await clock.sleep(seconds(60));
        if (clock.now() / 1e6 - 1893456000 < 3000 || diedAt > 0) return;
        diedAt = clock.now() / 1e6 - 1893456000;
        item["ownerState"] = { S: "dead" };
        callback.fail("InstanceTerminated", "");
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
    expect(ran.launchedAt.at(-1)! - diedAt).toBeLessThan(1);
    expect(new Set(ran.calls["createFleet"]!.map((call) => call.ClientToken)).size).toBe(ran.launchedAt.length);
  });

  it("and whose job fails ends the execution", async () => {
    const ran = await run({
      fleet: (call) => (call > 1 ? dry : "instance"),
      attempt: (attempt) => migrate(attempt, 900),
      givenBack: async ({ callback }) => callback.fail("JobFailed", "exit code 3."),
    });
    expect(ran).toMatchObject({ status: "FAILED", error: "JobFailed", cause: expect.stringMatching(/^exit code 3\./) });
  });

  it("and that has a notice, too, is left for Spot to end, and followed in haste", async () => {
    let noticed = 0;
    const ran = await run({
      input: { durationMinutes: 600, checkpointMinutes: 10 },
      fleet: (call, clock) => (call > 1 && (noticed === 0 || clock.now() / 1e6 < noticed + 20) ? dry : "instance"),
      attempt: async (attempt) => {
        if (attempt.number === 2) return finish(attempt);
        await migrate(attempt, DAY, () => noticed === 0);
        attempt.item["ownerDeadline"] = { N: String(Math.floor(noticed) + 120) };
        await attempt.clock.sleep(seconds(60));
        release(attempt, 30);
      },
      givenBack: async ({ callback, clock }) => {
        if (clock.now() / 1e6 - 1893456000 < 3000) return;
        noticed ||= clock.now() / 1e6;
        callback.succeed({ outcome: "notice", percent: 0, epoch: 1, reason: "notice", deadline: Math.floor(noticed) + 120 });
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
    expect(ran.launchedAt.at(-1)! - (noticed - 1893456000)).toBeLessThan(60);
    expect(ran.calls["terminateInstances"]).toHaveLength(1);
  });

  it("and which hangs is missed after a heartbeat's time, and followed", async () => {
    let hungAt = 0;
    const ran = await run({
      input: { durationMinutes: 600, checkpointMinutes: 10 },
      fleet: (call) => (call > 1 && hungAt === 0 ? dry : "instance"),
      attempt: async (attempt) => {
        if (attempt.number === 2) return finish(attempt);
        await migrate(attempt, 6000);
        hungAt = attempt.clock.now() / 1e6 - 1893456000;
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
    expect(ran.launchedAt.at(-1)! - hungAt).toBeLessThan(100);
  });

  it.each([["maxInstanceHours", { maxInstanceHours: 3 }, 3 * 3600], ["maxDollars", { maxDollars: 0.12 }, 3 * 3600], ["deadlineMinutes", { deadlineMinutes: 180 }, 3 * 3600]])("pays for what it uses: %s still bounds it", async (_bound, bound, at) => {
    const ran = await run({
      input: { durationMinutes: 600, checkpointMinutes: 10, ...bound }, fleet: (call) => (call > 1 ? dry : "instance"), attempt: (attempt) => migrate(attempt, DAY),
    });
    expect(ran.status).toBe("FAILED");
    expect(ran.seconds).toBeGreaterThan(at - 100);
    expect(ran.seconds).toBeLessThan(at + 150);
  });

  it("and which has not said yet that it hands over is not asked about in a hot loop", async () => {
    const ran = await run({
      input: { durationMinutes: 600, checkpointMinutes: 10 },
      fleet: (call) => (call === 1 ? "instance" : dry),
      attempt: async (attempt) => {
        await takeOver(attempt);
        Object.assign(attempt.item, { ownerDeadline: { N: "1999999999" } });
        attempt.callback.succeed({ outcome: "migrate" });
        await attempt.clock.sleep(seconds(3600));
        end(attempt);
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED" });
    expect(ran.launchedAt.length).toBeLessThan(90);
    expect(ran.entered).toContain("Give the task back");
  });

  it("is not ended when nothing is left for launches that fail: it is no longer asked for a successor", async () => {
    const ran = await run({
      config: { noCapacityLimitMinutes: 100_000 }, input: { durationMinutes: 2880, checkpointMinutes: 60 },
      // The first instance comes after all but the last failure that there is room for.
      fleet: (call) => (call === MOST_FAILED_LAUNCHES + 1 ? "instance" : dry),
      attempt: async (attempt) => {
        await migrate(attempt, 2 * DAY);
        end(attempt);
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 1 } });
    expect(ran.launchedAt.length).toBeLessThan(MOST_FAILED_LAUNCHES + 12);
  });
});
