import { announce, commit, errors, finish, runMachine, takeOver, workAndBeat, type Attempt } from "./world";
import { seconds } from "../../../harness/time/clock";

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
