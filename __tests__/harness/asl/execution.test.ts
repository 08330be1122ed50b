/** What an execution is from outside: its end, its events, its time. */
import { run, single } from "./support";

const TASK = "arn:aws:states:::test:work";

describe("an execution", () => {
  it("passes its input through and ends", async () => {
    const ran = await run(single({ Type: "Pass" }), { input: { a: 1 } });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { a: 1 }, types: ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"], previous: [0, 0, 2, 3] });
  });

  it("takes virtual time to wait, and none to compute", async () => {
    expect((await run(single({ Type: "Wait", Seconds: 3600 }))).seconds).toBe(3600);
    expect((await run(single({ Type: "Pass" }))).seconds).toBe(0);
  });

  it("times out as a whole", async () => {
    const ran = await run({ ...single({ Type: "Wait", Seconds: 100 }), TimeoutSeconds: 30 });
    expect(ran).toMatchObject({ status: "TIMED_OUT", seconds: 30, types: ["ExecutionStarted", "WaitStateEntered", "ExecutionTimedOut"] });
    expect([ran.error, ran.events[2]?.["executionTimedOutEventDetails"]]).toEqual([undefined, { error: "States.Timeout" }]);
  });

  it("is stopped from outside, wherever it waits", async () => {
    const ran = await run(single({ Type: "Wait", Seconds: 100 }), {
      beside: async ({ clock }, execution) => {
        await clock.sleep(5_000_000);
        execution.abort("Stopped", "because");
      },
    });
    expect(ran).toMatchObject({ status: "ABORTED", seconds: 5, error: "Stopped", cause: "because", types: ["ExecutionStarted", "WaitStateEntered", "ExecutionAborted"], previous: [0, 0, 0] });
  });

  it("ends at the maximum number of events instead of looping for ever", async () => {
    const ran = await run({ StartAt: "A", States: {
      A: { Type: "Pass", Next: "C" },
      C: { Type: "Choice", Choices: [{ Variable: "$.stop", IsPresent: true, Next: "End" }], Default: "A" },
      End: { Type: "Succeed" },
    } });
    expect(ran).toMatchObject({ status: "FAILED", error: "States.Runtime" });
    expect(ran.events).toHaveLength(25_000);
  });
});

describe("a task", () => {
  it("tells of being scheduled, started, and what it gave", async () => {
    const ran = await run(single({ Type: "Task", Resource: TASK, Arguments: { x: "{% $states.input.x * 2 %}" } }, "JSONata"), {
      input: { x: 21 }, tasks: { work: ({ arguments: given }) => ({ given }) },
    });
    expect(ran.output).toEqual({ given: { x: 42 } });
    expect(ran.types).toEqual(["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"]);
    expect(ran.events[2]?.["taskScheduledEventDetails"]).toEqual({ resourceType: "test", resource: "work", region: "us-east-1", parameters: "{\"x\":42}" });
  });

  it("tells of the role that its call is made with", async () => {
    const role = "arn:aws:iam::123456789012:role/other";
    const ran = await run(single({ Type: "Task", Resource: TASK, Credentials: { RoleArn: "{% $states.input.role %}" } }, "JSONata"), { input: { role }, tasks: { work: () => 1 } });
    expect(ran.events[2]?.["taskScheduledEventDetails"]).toMatchObject({ taskCredentials: { roleArn: role } });
    expect(ran.world.requests[0]?.roleArn).toBe(role);
  });

  it("waits for its token, and lets heartbeats put its end off", async () => {
    const ran = await run(single({ Type: "Task", Resource: `${TASK}.waitForTaskToken`, HeartbeatSeconds: 20, Arguments: { token: "{% $states.context.Task.Token %}" } }, "JSONata"), {
      tasks: { work: () => ({}) },
      beside: async ({ clock, callbacks }) => {
        for (let beat = 0; beat < 3; beat += 1) {
          await clock.sleep(15_000_000);
          for (const callback of callbacks.values()) callback.heartbeat();
        }
        for (const callback of callbacks.values()) callback.succeed({ done: true });
      },
    });
    expect(ran).toMatchObject({ status: "SUCCEEDED", seconds: 45, output: { done: true } });
    expect(ran.types).toContain("TaskSubmitted");
  });

  it("fails without a heartbeat, under both names that Catch may use", async () => {
    for (const name of ["States.HeartbeatTimeout", "States.Timeout"]) {
      const ran = await run({
        QueryLanguage: "JSONata", StartAt: "T",
        States: { T: { Type: "Task", Resource: `${TASK}.waitForTaskToken`, HeartbeatSeconds: 20, TimeoutSeconds: 90, Catch: [{ ErrorEquals: [name], Next: "C" }], End: true }, C: { Type: "Succeed" } },
      }, { tasks: { work: () => ({}) } });
      expect(ran).toMatchObject({ status: "SUCCEEDED", seconds: 20 });
      expect(ran.types).toContain("TaskTimedOut");
    }
  });

  it("times out while its call still runs", async () => {
    const ran = await run(single({ Type: "Task", Resource: TASK, TimeoutSeconds: 5 }), {
      tasks: { work: async (_request, { clock }) => { await clock.sleep(60_000_000); return {}; } },
    });
    expect(ran).toMatchObject({ status: "FAILED", error: "States.Timeout", seconds: 5 });
  });
});
