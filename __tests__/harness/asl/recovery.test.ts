/** Retry and Catch. */
import { TaskError } from "../../../harness/asl/errors";
import { run, single, type RunOptions } from "./support";

const RESOURCE = "arn:aws:states:::test:work";
const task = (more: object): object => single({ Type: "Task", Resource: RESOURCE, ...more });
/** Fails so many times, with those errors, then gives what it was given. */
const failing = (...errors: string[]): RunOptions => {
  let count = 0;
  return { input: { a: 1 }, tasks: { work: ({ arguments: given }) => {
    count += 1;
    const error = errors[count - 1];
    if (error !== undefined) throw new TaskError(error, `cause ${count}`);
    return given;
  } } };
};

describe("Retry", () => {
  it.each<[string, object, number, number]>([
    ["doubles the interval by default, three times", { ErrorEquals: ["E"] }, 3, 1 + 2 + 4],
    ["takes interval and rate", { ErrorEquals: ["E"], IntervalSeconds: 5, BackoffRate: 3 }, 3, 5 + 15 + 45],
    ["bounds the delay", { ErrorEquals: ["E"], IntervalSeconds: 10, MaxDelaySeconds: 15, MaxAttempts: 5 }, 4, 10 + 15 + 15 + 15],
    ["may not wait at all", { ErrorEquals: ["States.ALL"], IntervalSeconds: 0 }, 2, 0],
    ["knows any failure of a task", { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 1, BackoffRate: 1 }, 2, 2],
  ])("%s", async (_name, retrier, failures, expectedSeconds) => {
    const ran = await run(task({ Retry: [retrier] }), failing(...new Array<string>(failures).fill("E")));
    expect(ran).toMatchObject({ status: "SUCCEEDED", seconds: expectedSeconds, output: { a: 1 } });
    expect(ran.types.filter((type) => type === "TaskFailed")).toHaveLength(failures);
  });

  it("gives up after MaxAttempts, which may be none", async () => {
    const given = { ErrorEquals: ["E"], MaxAttempts: 2, IntervalSeconds: 1 };
    const ran = await run(task({ Retry: [given] }), failing("E", "E", "E", "E"));
    expect(ran).toMatchObject({ status: "FAILED", error: "E", cause: "cause 3", seconds: 3 });
    expect(await run(task({ Retry: [{ ...given, MaxAttempts: 0 }] }), failing("E"))).toMatchObject({ status: "FAILED", cause: "cause 1" });
  });

  it("counts for each retrier by itself", async () => {
    const ran = await run(task({ Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 1, MaxAttempts: 1 }, { ErrorEquals: ["B"], IntervalSeconds: 10, MaxAttempts: 2 }] }), failing("A", "B", "B", "A"));
    expect(ran).toMatchObject({ status: "FAILED", error: "A", seconds: 1 + 10 + 20 });
  });

  it("with full jitter waits a part of the delay, the same for the same seed", async () => {
    const machine = task({ Retry: [{ ErrorEquals: ["E"], IntervalSeconds: 100, JitterStrategy: "FULL" }] });
    const [first, second, other] = [await run(machine, failing("E")), await run(machine, failing("E")), await run(machine, { ...failing("E"), seed: "other" })];
    expect(first.seconds).toBeLessThan(100);
    expect(second.seconds).toBe(first.seconds);
    expect(other.seconds).not.toBe(first.seconds);
  });

  it("is told of in the context object", async () => {
    const ran = await run(single({ Type: "Task", Resource: RESOURCE, Arguments: "{% $states.context.State.RetryCount %}", Retry: [{ ErrorEquals: ["E"] }] }, "JSONata"), failing("E", "E"));
    expect(ran.output).toBe(2);
  });

  it("tries an expression again, and tells of each failure", async () => {
    const ran = await run(single({ Type: "Task", Resource: RESOURCE, Arguments: { x: "{% $states.input.missing %}" }, Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1, IntervalSeconds: 0 }] }, "JSONata"), failing());
    expect(ran.types).toEqual(["ExecutionStarted", "TaskStateEntered", "EvaluationFailed", "EvaluationFailed", "ExecutionFailed"]);
    expect(ran.previous).toEqual([0, 0, 0, 3, 4]);
  });
});

describe("Catch", () => {
  const catching = (catcher: object, more: object = {}): object => ({ ...more, StartAt: "T", States: {
    T: { Type: "Task", Resource: RESOURCE, Catch: [{ ErrorEquals: ["Other"], Next: "D" }, { Next: "C", ...catcher }], End: true },
    C: { Type: "Pass", End: true }, D: { Type: "Fail", Error: "Wrong" },
  } });

  it.each<[string, object, object, unknown]>([
    ["gives the error output", { ErrorEquals: ["E"] }, {}, { Error: "E", Cause: "cause 1" }],
    ["knows States.ALL", { ErrorEquals: ["States.ALL"] }, {}, { Error: "E", Cause: "cause 1" }],
    ["puts it where ResultPath says", { ErrorEquals: ["E"], ResultPath: "$.error" }, {}, { a: 1, error: { Error: "E", Cause: "cause 1" } }],
    ["drops it", { ErrorEquals: ["E"], ResultPath: null }, {}, { a: 1 }],
    ["makes an output of it", { ErrorEquals: ["E"], Output: { e: "{% $states.errorOutput.Error %}", a: "{% $states.input.a %}" } }, { QueryLanguage: "JSONata" }, { e: "E", a: 1 }],
  ])("%s", async (_name, catcher, more, expected) => {
    const ran = await run(catching(catcher, more), failing("E"));
    expect([ran.cause, ran.output]).toEqual([undefined, expected]);
    expect(ran.entered).toEqual(["T", "C"]);
  });

  it("assigns variables", async () => {
    const ran = await run({ StartAt: "T", States: {
      T: { Type: "Task", Resource: RESOURCE, Catch: [{ ErrorEquals: ["States.ALL"], Assign: { "name.$": "$.Error" }, Next: "C" }], End: true },
      C: { Type: "Pass", Parameters: { "name.$": "$name" }, End: true },
    } }, failing("E"));
    expect(ran.output).toEqual({ name: "E" });
  });

  it.each<[string, string, string[], boolean]>([
    ["a time-out is no failed task", "States.Timeout", ["States.TaskFailed"], false],
    ["a time-out is itself", "States.Timeout", ["States.Timeout"], true],
    ["too much data is caught with everything else", "States.DataLimitExceeded", ["States.ALL"], true],
    ["too much data is itself", "States.DataLimitExceeded", ["States.DataLimitExceeded"], true],
    ["the interpreter's own errors are nobody's", "States.Runtime", ["States.ALL"], false],
  ])("%s", async (_name, error, errorEquals, caught) => {
    const ran = await run(catching({ ErrorEquals: errorEquals }), failing(error));
    expect(ran.status).toBe(caught ? "SUCCEEDED" : "FAILED");
  });

  it("refuses what is too large, under its own name", async () => {
    const ran = await run(task({}), { tasks: { work: () => "x".repeat(262_145) } });
    expect(ran).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded", cause: "The state/task 'test' returned a result with a size exceeding the maximum number of bytes service limit." });
    expect(ran.types).toEqual(["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskFailed", "ExecutionFailed"]);
  });

  it("names a function whose result is too large by its ARN", async () => {
    const arn = "arn:aws:lambda:us-east-1:123456789012:function:work";
    const ran = await run(single({ Type: "Task", Resource: arn }), { tasks: { work: () => "é".repeat(131_073) } });
    expect(ran.cause).toBe(`The state/task '${arn}' returned a result with a size exceeding the maximum number of bytes service limit.`);
    expect(ran.types.slice(2)).toEqual(["LambdaFunctionScheduled", "LambdaFunctionStarted", "LambdaFunctionFailed", "ExecutionFailed"]);
  });

  it("hands over an empty cause where the error has none", async () => {
    const ran = await run({ StartAt: "T", States: { T: { Type: "Task", Resource: RESOURCE, TimeoutSeconds: 5, Catch: [{ ErrorEquals: ["States.Timeout"], Next: "C" }], End: true }, C: { Type: "Pass", End: true } } }, { tasks: { work: async (_request, { clock }) => { await clock.sleep(60_000_000); return {}; } } });
    expect(ran.output).toEqual({ Error: "States.Timeout", Cause: "" });
  });
});

it("a task that fails without a name or a cause fails so", async () => {
  const ran = await run(task({}), { tasks: { work: () => { throw new TaskError(undefined, undefined); } } });
  expect(ran).toMatchObject({ status: "FAILED", error: undefined, cause: undefined });
});
