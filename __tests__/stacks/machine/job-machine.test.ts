import jsonata from "jsonata";
import { definitionText } from "../../../stacks/machine/definition-text";
import { readConfig } from "../../../stacks/config";
import { commit, EARLIER, finish, machineFor, ME, runMachine, saveAndGo, takeOver, workAndBeat, type Item } from "./world";

// It has no type declarations.
const aslValidator = require("asl-validator");

/* eslint-disable @typescript-eslint/no-explicit-any */

describe("the definition", () => {
  it("satisfies asl-validator", () => {
    for (const config of [{}, { spotMaxPrice: 0.05, attemptTimeoutSeconds: 7200, tags: { team: "a" } }, { onDemandAfterMinutes: 10, spotMaxPrice: 0.05 }]) {
      const result = aslValidator(machineFor(config));
      expect(result.errorsText()).toBe("");
      expect(result.isValid).toBe(true);
    }
  });

  it("holds only expressions that JSONata can parse", () => {
    let count = 0;
    JSON.stringify(machineFor(), (_key, value) => {
      if (typeof value === "string" && value.startsWith("{%")) {
        expect(value.endsWith("%}")).toBe(true);
        expect(() => jsonata(value.slice(2, -2))).not.toThrow();
        count += 1;
      }
      return value;
    });
    expect(count).toBeGreaterThan(80);
  });

  it("reaches every state, and leads from each to one that exists", () => {
    const { StartAt, States } = machineFor() as { StartAt: string; States: Record<string, any> };
    const targets = (state: any): string[] => [state.Next, state.Default, ...(state.Catch ?? []).map((each: any) => each.Next), ...(state.Choices ?? []).map((each: any) => each.Next)].filter(Boolean);
    const reached = new Set<string>();
    const visit = (name: string): void => {
      expect(Object.keys(States)).toContain(name);
      if (!reached.has(name)) {
        reached.add(name);
        targets(States[name]).forEach(visit);
      }
    };
    visit(StartAt);
    expect([...reached].sort()).toEqual(Object.keys(States).sort());
  });

  it("retries transient errors of every SDK call", () => {
    const { States } = machineFor() as { States: Record<string, any> };
    const tasks = Object.values(States).filter((state) => state.Type === "Task");
    expect(tasks.length).toBeGreaterThan(8);
    for (const task of tasks) expect(task.Retry.flatMap((retry: any) => retry.ErrorEquals).join()).toMatch(/SdkClientException/);
  });

  it("becomes a Terraform string in which only the references are expressions", () => {
    const config = { ...readConfig({ context: {}, contextName: "", environment: {} }), tags: {} };
    const text = definitionText(config, {
      table: "${aws_dynamodb_table.ledger.name}", bucket: "${aws_s3_bucket.b.bucket}", launchTemplateId: "${aws_launch_template.t.id}",
      launchTemplateVersion: "${aws_launch_template.t.latest_version}", partition: "arn:${data.aws_partition.p.partition}",
      places: "${jsonencode(data.aws_availability_zones.z.names)}", placeKind: "AvailabilityZone",
    });
    const references = new Set(text.match(/(?<!\$)\$\{[^}]*\}/g));
    expect([...references].sort()).toEqual([
      "${aws_dynamodb_table.ledger.name}", "${aws_launch_template.t.id}", "${aws_launch_template.t.latest_version}", "${aws_s3_bucket.b.bucket}",
      "${data.aws_partition.p.partition}", "${jsonencode(data.aws_availability_zones.z.names)}",
    ]);
    expect(text).not.toContain("@@");
    expect(text).not.toMatch(/(?<!%)%\{/);
    // The list of zones stands bare: it is JSON once Terraform has filled it in.
    expect(JSON.parse(text.replace("${jsonencode(data.aws_availability_zones.z.names)}", '["a"]')).States["Check the input"].Assign.places).toEqual(["a"]);
  });

  it("stays far below Step Functions' limit of 1 MB", () => {
    expect(JSON.stringify(machineFor()).length).toBeLessThan(100_000);
  });
});

describe("a job that nobody interrupts", () => {
  it("is done in one attempt, and the instance is terminated", async () => {
    const ran = await runMachine({});
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { jobId: "run", outcome: "finished", percent: 100, attempts: 1, launches: 1, bucket: "bucket", checkpoint: "jobs/run/1-1-i-1" } });
    expect(ran.calls["terminateInstances"]).toEqual([{ InstanceIds: ["i-1"] }]);
  });

  it("has its ledger item begun by the state machine", async () => {
    const ran = await runMachine({ input: { durationMinutes: 1.1, checkpointMinutes: 0.5, saveSeconds: 0.25, jobId: "j" } });
    expect(ran.calls["putItem"]![0].Item).toEqual({
      jobId: { S: "j" }, executionArn: { S: ME }, durationSeconds: { N: "66" }, checkpointSeconds: { N: "30" }, saveSeconds: { N: "0.25" }, saveMegabytes: { N: "0" }, bucket: { S: "bucket" }, maxAttempts: { N: "300" },
      launch: { N: "0" }, ownerEpoch: { N: "0" }, ownerState: { S: "none" }, progressPercent: { N: "0" }, progressAt: { N: "1893456000" }, sequence: { N: "0" },
    });
    expect(ran.item).toMatchObject({ launch: { N: "1" }, taskLaunch: { N: "1" }, taskInstanceId: { S: "i-1" } });
  });

  it("asks for one Spot instance, in one zone, of any of the types, with tags that say whose it is", async () => {
    const [call] = (await runMachine({ config: { instanceTypes: ["m5.large", "m6i.large"], tags: { team: "batch" }, spotMaxPrice: 0.07 } })).calls["createFleet"]!;
    expect(call).toMatchObject({
      Type: "instant",
      TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: "spot" },
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId: "lt-1", Version: "7" } }],
    });
    expect(call.ClientToken).toMatch(/^[0-9a-f]{64}$/);
    const overrides = call.LaunchTemplateConfigs[0].Overrides;
    expect(overrides.map((each: any) => [each.InstanceType, each.MaxPrice])).toEqual([["m5.large", "0.07"], ["m6i.large", "0.07"]]);
    expect(new Set(overrides.map((each: any) => each.AvailabilityZone)).size).toBe(1);
    for (const [index, resource] of ["instance", "fleet"].entries()) {
      expect(call.TagSpecifications[index].ResourceType).toBe(resource);
      expect(call.TagSpecifications[index].Tags).toEqual([
        { Key: "spotproof:name", Value: "spotproof" }, { Key: "spotproof:job", Value: "run" }, { Key: "spotproof:launch", Value: "1" },
        { Key: "spotproof:execution", Value: ME }, { Key: "Name", Value: "spotproof run 1" }, { Key: "team", Value: "batch" },
      ]);
    }
  });

  it("launches in a subnet where subnets are given", async () => {
    const ran = await runMachine({ places: ["subnet-1"], placeKind: "SubnetId", config: { instanceTypes: ["m5.large"] } });
    expect(ran.calls["createFleet"]![0].LaunchTemplateConfigs[0].Overrides).toEqual([{ InstanceType: "m5.large", SubnetId: "subnet-1" }]);
  });

  it("runs where there is a single place", async () => {
    const ran = await runMachine({ places: ["us-east-1d"] });
    expect(ran.status).toBe("SUCCEEDED");
    expect(ran.calls["createFleet"]![0].LaunchTemplateConfigs[0].Overrides[0].AvailabilityZone).toBe("us-east-1d");
  });
});

describe("an interrupted job", () => {
  it("goes on with the next instance, in the next zone, under the next number", async () => {
    const ran = await runMachine({ attempt: (attempt) => (attempt.number < 3 ? saveAndGo(attempt, attempt.number * 30) : finish(attempt)) });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 3, launches: 3 } });
    const launches = ran.calls["createFleet"]!;
    expect(launches.map((call) => call.TagSpecifications[0].Tags[2].Value)).toEqual(["1", "2", "3"]);
    expect(new Set(launches.map((call) => call.LaunchTemplateConfigs[0].Overrides[0].AvailabilityZone)).size).toBe(3);
    expect(new Set(launches.map((call) => call.ClientToken)).size).toBe(3);
    expect(ran.calls["terminateInstances"]!.map(({ InstanceIds }) => InstanceIds)).toEqual([["i-1"], ["i-2"], ["i-3"]]);
    expect(ran.item?.["ownerState"]).toEqual({ S: "released" });
  });

  it("costs at most 32 history events an attempt", async () => {
    const events = async (attempts: number): Promise<number> =>
      (await runMachine({
        attempt: async (attempt) => {
          if (attempt.number === attempts) return finish(attempt);
          await takeOver(attempt);
          commit(attempt, attempt.number);
          attempt.callback.fail("InstanceTerminated", "gone");
        },
      })).events;
    expect((await events(12)) - (await events(2))).toBeLessThanOrEqual(32 * 10);
  });

  it("declares an owner dead that went without releasing the job", async () => {
    let stateAtSecondLaunch: unknown;
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 2) {
          stateAtSecondLaunch = attempt.item["ownerState"];
          return finish(attempt);
        }
        await takeOver(attempt);
        attempt.callback.fail("InstanceTerminated", "Instance i-1 went to shutting-down");
      },
    });
    expect(stateAtSecondLaunch).toEqual({ S: "dead" });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
  });

  it("does not touch an owner that has released the job", async () => {
    let seen: unknown;
    await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 2) {
          seen = attempt.item["ownerState"];
          return finish(attempt);
        }
        await takeOver(attempt);
        attempt.item["ownerState"] = { S: "released" };
        attempt.callback.fail("InstanceTerminated", "the event was faster than the report");
      },
    });
    expect(seen).toEqual({ S: "released" });
  });

  it("waits one heartbeat for an instance that is never heard of", async () => {
    const ran = await runMachine({ attempt: async (attempt) => (attempt.number === 1 ? undefined : finish(attempt)) });
    expect(ran.status).toBe("SUCCEEDED");
    expect(ran.launchedAt[1]).toBeCloseTo(90, 0);
  });

  it("ends an attempt that beats on for ever, after twice the job's duration and an hour", async () => {
    const ran = await runMachine({ attempt: async (attempt) => (attempt.number === 1 ? workAndBeat(attempt, 6000) : finish(attempt)) });
    expect(ran.launchedAt[1]).toBeCloseTo(2 * 360 + 3600, 0);
  });

  it("believes the ledger, not the report: `finished` without a finished ledger is one more attempt", async () => {
    const ran = await runMachine({
      attempt: async (attempt) => {
        if (attempt.number === 1) attempt.callback.succeed({ outcome: "finished", percent: 100 });
        else await finish(attempt);
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 2 } });
  });

  it("believes the ledger, not the failure: a finished job whose report was lost is finished", async () => {
    const ran = await runMachine({
      attempt: async (attempt) => {
        await takeOver(attempt);
        commit(attempt, 100);
        attempt.item["finished"] = { BOOL: true };
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 1 } });
  });
});

describe("a job that cannot be finished", () => {
  it("fails with the job's own failure", async () => {
    const ran = await runMachine({
      attempt: async (attempt) => {
        await takeOver(attempt);
        commit(attempt, 25);
        attempt.callback.fail("JobFailed", "The job exited with 3.");
      },
    });
    expect(ran).toMatchObject({ status: "FAILED", error: "JobFailed" });
    expect(ran.cause).toMatch(/^The job exited with 3\. This was attempt 1, instance i-1; .* \(25%\)\. .*"jobId": "run"/);
    expect(ran.calls["terminateInstances"]).toHaveLength(1);
  });

  it("fails when the attempts are used up", async () => {
    const ran = await runMachine({
      config: { maxAttempts: 4 },
      attempt: async (attempt) => {
        commit(attempt, attempt.number);
        attempt.callback.fail("InstanceTerminated", "");
      },
    });
    expect(ran).toMatchObject({ status: "FAILED", error: "AttemptsExhausted" });
    expect(ran.cause).toMatch(/^4 instances were used up, the last one ended by InstanceTerminated; the bound is the knob maxAttempts\. The last checkpoint is kept: jobs\/run\/1-4-i-4 \(4%\)/);
  });

  it("fails with what an attempt died of, when that is nothing that another instance can mend", async () => {
    const ran = await runMachine({ attempt: async (attempt) => attempt.callback.fail("Weird", "what nobody expected") });
    expect(ran).toMatchObject({ status: "FAILED", error: "AttemptFailed" });
    expect(ran.cause).toContain("Weird: what nobody expected");
    expect(ran.calls["terminateInstances"]).toHaveLength(1);
  });

  it("stops when the ledger says that another execution has the job", async () => {
    const ran = await runMachine({
      attempt: async (attempt) => {
        attempt.item["executionArn"] = { S: EARLIER };
        attempt.callback.fail("InstanceTerminated", "");
      },
    });
    expect(ran).toMatchObject({ status: "FAILED", error: "Superseded" });
    expect(ran.cause).toContain(EARLIER);
  });
});

describe("a resumption", () => {
  const left = (more: Item = {}): Item => ({
    jobId: { S: "run" }, executionArn: { S: EARLIER }, durationSeconds: { N: "360" }, checkpointSeconds: { N: "120" }, saveSeconds: { N: "3" }, bucket: { S: "bucket" }, launch: { N: "4" },
    ownerEpoch: { N: "4" }, ownerInstanceId: { S: "i-old" }, ownerState: { S: "working" }, sequence: { N: "3" }, taskToken: { S: "old" }, taskLaunch: { N: "4" }, taskInstanceId: { S: "i-old" },
    last: { M: { percent: { N: "50" }, key: { S: "jobs/run/4-3-x" } } }, ...more,
  });

  it("takes the job up where the earlier execution left it, with what it left still running terminated", async () => {
    const ran = await runMachine({ item: left(), executions: { [EARLIER]: "ABORTED" }, leftOver: ["i-old"], input: { durationMinutes: 6, checkpointMinutes: 1, saveSeconds: 9 } });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 1, launches: 5, checkpoint: "jobs/run/1-4-i-1" } });
    expect(ran.calls["terminateInstances"]![0]).toEqual({ InstanceIds: ["i-old"] });
    expect(ran.item).toMatchObject({ executionArn: { S: ME }, launch: { N: "5" }, sequence: { N: "4" }, ownerEpoch: { N: "5" }, checkpointSeconds: { N: "60" }, saveSeconds: { N: "9" } });
    const takeUp = ran.calls["updateItem"]![0];
    expect(takeUp.ExpressionAttributeValues[":state"]).toEqual({ S: "dead" });
    expect(ran.entered.indexOf("Terminate what is left over")).toBeLessThan(ran.entered.indexOf("Take up the job"));
  });

  it("leaves an owner released that had released", async () => {
    const ran = await runMachine({ item: left({ ownerState: { S: "released" } }), executions: { [EARLIER]: "FAILED" } });
    expect(ran.calls["updateItem"]![0].ExpressionAttributeValues[":state"]).toEqual({ S: "released" });
    expect(ran.calls["terminateInstances"]).toHaveLength(1);
  });

  it("is refused while the earlier execution runs", async () => {
    const ran = await runMachine({ item: left(), executions: { [EARLIER]: "RUNNING" } });
    expect(ran).toMatchObject({ status: "FAILED", error: "JobAlreadyRunning" });
    expect(ran.cause).toContain(EARLIER);
    expect(ran.calls["createFleet"]).toBeUndefined();
    expect(ran.item).toEqual(left());
  });

  it("is refused with another duration", async () => {
    const ran = await runMachine({ item: left(), executions: { [EARLIER]: "FAILED" }, input: { durationMinutes: 7, checkpointMinutes: 2 } });
    expect(ran).toMatchObject({ status: "FAILED", error: "InvalidInput" });
    expect(ran.cause).toMatch(/durationMinutes is 7, but job run was begun with 6/);
  });

  it("works when Step Functions has forgotten the earlier execution", async () => {
    expect((await runMachine({ item: left() })).status).toBe("SUCCEEDED");
  });

  it("of a finished job is a success at once", async () => {
    const ran = await runMachine({ item: left({ finished: { BOOL: true } }), executions: { [EARLIER]: "SUCCEEDED" } });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { attempts: 0, launches: 4, checkpoint: "jobs/run/4-3-x" } });
    expect(ran.calls["createFleet"]).toBeUndefined();
  });

  it("recognizes its own item, written by a call whose answer was lost", async () => {
    const ran = await runMachine({ item: left({ executionArn: { S: ME }, launch: { N: "0" }, sequence: { N: "0" } }) });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { launches: 1 } });
    expect(ran.calls["describeExecution"]).toBeUndefined();
  });
});
