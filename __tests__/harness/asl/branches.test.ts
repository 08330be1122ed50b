/** Parallel and Map: what they give, how they fail, and what the history tells of it. */
import { TaskError } from "../../../harness/asl/errors";
import { run } from "./support";

const states = (all: object): object => ({ StartAt: Object.keys(all)[0], States: all });
const INPUT = { x: "a" };
const FAIL = { Type: "Fail", Error: "MyError", Cause: "my cause" };
const parallel = (branches: object[], more: object = {}): object => states({ P: { Type: "Parallel", Branches: branches, End: true, ...more } });

describe("Parallel", () => {
  it("gives the branches' outputs in their order, and chains each branch's events", async () => {
    const two = (name: string): object => states({ [`${name}1`]: { Type: "Pass", Next: `${name}2` }, [`${name}2`]: { Type: "Pass", End: true } });
    const ran = await run(states({ P: { Type: "Parallel", Branches: [two("A"), two("B")], Next: "After" }, After: { Type: "Pass", End: true } }), { input: INPUT });
    expect(ran.output).toEqual([INPUT, INPUT]);
    expect(ran.types).toEqual([
      "ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", ...new Array<string>(4).fill("").flatMap(() => ["PassStateEntered", "PassStateExited"]),
      "ParallelStateSucceeded", "ParallelStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded",
    ]);
    expect(ran.previous).toEqual([0, 0, 2, 3, 4, 5, 6, 3, 8, 9, 10, 11, 11, 13, 14, 15]);
  });

  it("runs its branches at the same time", async () => {
    const ran = await run(parallel([states({ A: { Type: "Wait", Seconds: 10, End: true } }), states({ B: { Type: "Wait", Seconds: 20, End: true } })]));
    expect(ran.seconds).toBe(20);
  });

  it.each<[string, object, string[], number[]]>([
    ["of a Fail state", parallel([states({ Boom: FAIL })]),
      ["ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "FailStateEntered", "ParallelStateFailed", "ExecutionFailed"], [0, 0, 2, 3, 4, 5]],
    ["of a path, which ends the execution at once", parallel([states({ Fast: { Type: "Pass", Parameters: { "m.$": "$.nope" }, End: true } })]),
      ["ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "PassStateEntered", "ExecutionFailed"], [0, 0, 2, 3, 4]],
    ["of the state itself, after its branches", parallel([states({ Ok: { Type: "Pass", End: true } })], { ResultSelector: { "m.$": "$.nope" } }),
      ["ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "PassStateEntered", "PassStateExited", "ParallelStateSucceeded", "ExecutionFailed"], [0, 0, 2, 3, 4, 5, 6]],
    ["that was tried again", parallel([states({ Boom: FAIL })], { Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1, IntervalSeconds: 0 }] }),
      ["ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "FailStateEntered", "ParallelStateStarted", "FailStateEntered", "ParallelStateFailed", "ExecutionFailed"], [0, 0, 2, 3, 4, 5, 6, 7]],
  ])("tells of a failure %s", async (_name, definition, types, previous) => {
    const ran = await run(definition, { input: INPUT });
    expect([ran.types, ran.previous]).toEqual([types, previous]);
  });

  it("exits with the error output where it is caught", async () => {
    const ran = await run({ QueryLanguage: "JSONata", ...states({
      P: { Type: "Parallel", Branches: [states({ Undef: { Type: "Pass", Output: { v: "{% $states.input.missing %}" }, End: true } })], Catch: [{ ErrorEquals: ["States.ALL"], Next: "H" }], End: true },
      H: { Type: "Pass", End: true },
    }) }, { input: INPUT });
    expect(ran.types).toEqual(["ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "PassStateEntered", "EvaluationFailed", "ParallelStateFailed", "ParallelStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
    expect(ran.previous).toEqual([0, 0, 2, 3, 3, 5, 6, 7, 8, 9]);
    expect(ran.output).toMatchObject({ Error: "States.QueryEvaluationError" });
  });

  it("fails a second time where its catcher's own expression fails", async () => {
    const ran = await run({ QueryLanguage: "JSONata", ...states({
      P: { Type: "Parallel", Branches: [states({ Boom: FAIL })], Catch: [{ ErrorEquals: ["Other"], Next: "D" }, { ErrorEquals: ["States.ALL"], Output: { v: "{% $states.input.missing %}" }, Next: "D" }], End: true },
      D: { Type: "Pass", End: true },
    }) }, { input: INPUT });
    expect(ran.types).toEqual(["ExecutionStarted", "ParallelStateEntered", "ParallelStateStarted", "FailStateEntered", "ParallelStateFailed", "EvaluationFailed", "ParallelStateFailed", "ExecutionFailed"]);
    expect(ran.previous).toEqual([0, 0, 2, 3, 4, 4, 6, 7]);
    expect(ran.cause).toContain("specified for the field 'Catch[1]/Output/v' returned nothing (undefined).");
  });

  it("gives up the branches beside the one that failed, and says so", async () => {
    const ran = await run(states({
      P: {
        Type: "Parallel", Catch: [{ ErrorEquals: ["States.ALL"], Next: "H" }], Next: "H",
        Branches: [states({ W: { Type: "Wait", Seconds: 100, End: true } }), states({ T: { Type: "Task", Resource: "arn:aws:states:::test:work", End: true } })],
      },
      H: { Type: "Pass", End: true },
    }), { input: INPUT, tasks: { work: () => { throw new TaskError("E", "c"); } } });
    expect(ran).toMatchObject({ status: "SUCCEEDED", seconds: 0, output: { Error: "E", Cause: "c" } });
    expect(ran.types.slice(7, 11)).toEqual(["TaskFailed", "WaitStateAborted", "TaskStateAborted", "ParallelStateFailed"]);
    expect(ran.previous.slice(7, 12)).toEqual([7, 8, 8, 8, 11]);
  });
});

describe("Map", () => {
  const map = (more: object, inner: object = states({ I: { Type: "Pass", End: true } })): object => states({ M: { Type: "Map", ItemsPath: "$.items", ItemProcessor: inner, End: true, ...more } });

  it("runs its states for each item, and tells of each iteration", async () => {
    const ran = await run(map({}), { input: { items: [1, 2] } });
    expect(ran.output).toEqual([1, 2]);
    expect(ran.types).toEqual(["ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapIterationStarted", "MapIterationStarted",
      "PassStateEntered", "PassStateExited", "MapIterationSucceeded", "PassStateEntered", "PassStateExited", "MapIterationSucceeded", "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"]);
    expect(ran.previous).toEqual([0, 0, 2, 3, 3, 4, 6, 7, 5, 9, 10, 11, 11, 13]);
    expect(ran.events[2]?.["mapStateStartedEventDetails"]).toEqual({ length: 2 });
    expect(ran.events[3]?.["mapIterationStartedEventDetails"]).toEqual({ name: "M", index: 0 });
  });

  it("exits from its started event where there are no items", async () => {
    const ran = await run(map({}), { input: { items: [] } });
    expect([ran.types.slice(2), ran.previous]).toEqual([["MapStateStarted", "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"], [0, 0, 2, 3, 3, 5]]);
  });

  it.each([[1, 30], [2, 20], [0, 10], [3, 10]])("with MaxConcurrency %d takes %d seconds for three items of ten", async (limit, expected) => {
    expect((await run(map({ MaxConcurrency: limit }, states({ W: { Type: "Wait", Seconds: 10, End: true } })), { input: { items: [1, 2, 3] } })).seconds).toBe(expected);
  });

  it("shapes each item by ItemSelector, or by Parameters", async () => {
    for (const field of ["ItemSelector", "Parameters"]) {
      const ran = await run(map({ [field]: { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "x.$": "$.x" } }), { input: { items: ["a", "b"], x: 1 } });
      expect(ran.output).toEqual([{ i: 0, v: "a", x: 1 }, { i: 1, v: "b", x: 1 }]);
    }
  });

  it("starts an iteration after the last state of the one whose place it takes", async () => {
    const ran = await run(map({ MaxConcurrency: 1 }), { input: { items: [1, 2] } });
    expect(ran.types.slice(3, 11)).toEqual(["MapIterationStarted", "PassStateEntered", "PassStateExited", "MapIterationSucceeded", "MapIterationStarted", "PassStateEntered", "PassStateExited", "MapIterationSucceeded"]);
    expect(ran.previous.slice(3, 11)).toEqual([3, 4, 5, 6, 6, 8, 9, 10]);
  });

  it.each<[string, object, unknown, string, string | undefined]>([
    ["an object for a list", { Items: "{% {'a': 1} %}" }, {}, "The JSONata expression '{'a': 1}' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'object' for value: {\"a\":1}", "Items"],
    ["a function for a list", { Items: "{% function($x){$x} %}" }, {}, "The JSONata expression 'function($x){$x}' specified for the field 'Items' returned an unsupported result type.", "Items"],
    ["an input that is no list, where there are no Items", {}, { a: 1 }, "Map state input must be an array but was: {\"a\":1}", undefined],
  ])("in JSONata refuses %s", async (_name, fields, input, message, location) => {
    const machine = { QueryLanguage: "JSONata", ...states({ M: { Type: "Map", ...fields, ItemProcessor: states({ I: { Type: "Pass", End: true } }), End: true } }) };
    const ran = await run(machine, { input: input as never });
    expect(ran).toMatchObject({ error: "States.QueryEvaluationError", cause: `An error occurred while executing the state 'M' (entered at the event id #2). ${message}` });
    expect(ran.types).toEqual(["ExecutionStarted", "MapStateEntered", "EvaluationFailed", "MapStateFailed", "ExecutionFailed"]);
    expect(ran.events[2]?.["evaluationFailedEventDetails"]).toEqual({ error: ran.error, cause: ran.cause, state: "M", ...(location === undefined ? {} : { location }) });
  });

  it("in JSONata takes lists, written out or worked out", async () => {
    const machine = (items: unknown): object => ({ QueryLanguage: "JSONata", ...states({ M: { Type: "Map", Items: items, ItemProcessor: states({ I: { Type: "Pass", Output: "{% [$states.context.Map.Item.Index, $states.input] %}", End: true } }), End: true } }) });
    expect((await run(machine("{% $states.input.l %}"), { input: { l: ["a", "b"] } })).output).toEqual([[0, "a"], [1, "b"]]);
    expect((await run(machine([7, "{% 1 + 7 %}"]))).output).toEqual([[0, 7], [1, 8]]);
    const failed = await run(machine("{% $states.input.missing %}"));
    expect(failed.types).toEqual(["ExecutionStarted", "MapStateEntered", "EvaluationFailed", "MapStateFailed", "ExecutionFailed"]);
  });

  it("tells of a failed iteration each time that the state is tried", async () => {
    const ran = await run(map({ MaxConcurrency: 1, Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1, IntervalSeconds: 1 }] }, states({ Boom: FAIL })), { input: { items: [1] } });
    expect(ran.types.slice(2)).toEqual([
      "MapStateStarted", "MapIterationStarted", "FailStateEntered", "MapIterationFailed",
      "MapStateStarted", "MapIterationStarted", "FailStateEntered", "MapIterationFailed", "MapStateFailed", "ExecutionFailed",
    ]);
    expect(ran.previous.slice(2)).toEqual([2, 3, 4, 5, 5, 7, 8, 9, 9, 11]);
  });

  it("tells of a failed iteration and of those that it stops", async () => {
    const ran = await run(map({}, states({ T: { Type: "Task", Resource: "arn:aws:states:::test:work", TimeoutSeconds: 5, End: true } })), {
      input: { items: [1, 2] }, tasks: { work: async (_request, { clock }) => { await clock.sleep(60_000_000); return {}; } },
    });
    expect(ran.types.slice(5)).toEqual([
      "TaskStateEntered", "TaskScheduled", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskStarted", "TaskTimedOut", "TaskTimedOut",
      "MapIterationFailed", "TaskStateAborted", "MapIterationAborted", "TaskStateAborted", "MapStateFailed", "ExecutionFailed",
    ]);
    const failure = ran.events.findIndex(({ type }) => type === "TaskTimedOut") + 1;
    expect(ran.previous.slice(-6)).toEqual([failure, failure, failure, failure, failure, ran.events.length - 1]);
  });

  it("tells of both in the order of the list, whichever of them failed", async () => {
    const routed = states({
      R: { Type: "Choice", Choices: [{ Variable: "$", NumericEquals: 1, Next: "Soon" }], Default: "Late" },
      Late: { Type: "Wait", Seconds: 15, End: true }, Soon: { Type: "Wait", Seconds: 1, Next: "Boom" }, Boom: FAIL,
    });
    const told = async (items: number[]): Promise<unknown[]> => {
      const ran = await run(map({}, routed), { input: { items } });
      return ran.events.slice(ran.types.indexOf("FailStateEntered") + 1).map(({ type, mapIterationFailedEventDetails: failed, mapIterationAbortedEventDetails: aborted }) => {
        const { index } = (failed ?? aborted ?? {}) as { index?: number };
        return index === undefined ? type : `${type as string} ${index}`;
      });
    };
    expect(await told([0, 1, 2])).toEqual(["MapIterationAborted 0", "WaitStateAborted", "MapIterationFailed 1", "MapIterationAborted 2", "WaitStateAborted", "MapStateFailed", "ExecutionFailed"]);
    expect(await told([1, 0])).toEqual(["MapIterationFailed 0", "MapIterationAborted 1", "WaitStateAborted", "MapStateFailed", "ExecutionFailed"]);
  });

  it("leaves no failed events behind where a path ends the execution", async () => {
    const ran = await run(map({ MaxConcurrency: 1 }, states({ F: { Type: "Pass", Parameters: { "m.$": "$.nope" }, End: true } })), { input: { items: [1, 2] } });
    expect([ran.types.slice(2), ran.previous]).toEqual([["MapStateStarted", "MapIterationStarted", "PassStateEntered", "ExecutionFailed"], [0, 0, 2, 3, 4, 5]]);
    expect(ran.cause).toBe("An error occurred while executing the state 'F' (entered at the event id #5). The JSONPath '$.nope' specified for the field 'm.$' could not be found in the input '1'");
  });

  it("inside a branch chains to the branch", async () => {
    const ran = await run(parallel([map({}), states({ B: { Type: "Pass", End: true } })]), { input: { items: [1, 2] } });
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: [[1, 2], { items: [1, 2] }] });
    expect(ran.events).toHaveLength(20);
  });

  it("refuses fields of a distributed one when it runs", async () => {
    const ran = await run(map({ ItemReader: { Resource: "arn:aws:states:::s3:getObject" } }), { input: { items: [] } });
    expect(ran.cause).toBe("An error occurred while executing the state 'M' (entered at the event id #2). The ItemReader, ItemBatcher and ResultWriter fields are not supported for INLINE maps");
  });
});

it("stops every branch with the execution", async () => {
  const ran = await run(parallel([states({ A: { Type: "Wait", Seconds: 100, End: true } }), states({ B: { Type: "Wait", Seconds: 200, End: true } })]), {
    beside: async ({ clock }, execution) => {
      await clock.sleep(5_000_000);
      execution.abort();
    },
  });
  expect(ran).toMatchObject({ status: "ABORTED", seconds: 5 });
  expect(ran.types[ran.types.length - 1]).toBe("ExecutionAborted");
});
