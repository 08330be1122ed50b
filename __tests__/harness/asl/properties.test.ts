/** What holds of every definition and every input: a refusal, or an execution that ends with a States error or an output. */
import fc from "fast-check";
import { DefinitionError } from "../../../harness/asl/diagnostics";
import { checkDefinition } from "../../../harness/asl/parse";
import { TaskError } from "../../../harness/asl/errors";
import { resolve, run, type Ran } from "./support";

/** As JSON has it: no -0. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
const deep = (levels: number): unknown => JSON.parse(`${'{"a":['.repeat(levels)}1${"]}".repeat(levels)}`);
/** What JSON allows and programs stumble over: names of prototypes, half of a character, numbers that no float holds, depth. */
const odd = fc.oneof(
  fc.constantFrom("\ud800", "\udc00\ud800", "\u0000", "", "{%%}", "{% %}", "$", "$$", "$[", "States.", "__proto__", 1e308, -1e-320, 9007199254740992, 1e21),
  fc.dictionary(fc.constantFrom("__proto__", "constructor", "hasOwnProperty", "toString", "then", "length", "\ud800", "", "a.$", "a"), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
  fc.integer({ min: 1, max: 400 }).map(deep),
).map(asJson);
const json = fc.oneof({ weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3 }).map(asJson) }, { weight: 1, arbitrary: odd });
const name = fc.constantFrom("A", "B", "C", "D");
const path = fc.constantFrom("$", "$.a", "$.a.b", "$['a']", "$.list[0]", "$.list[*]", "$..a", "$.list[?(@.a > 1)]", "$$.Execution.Id", "$v", "$v.a", "$.", "nope", "$[", "$.list[-1]", "$.__proto__", "$.constructor");
const intrinsic = fc.constantFrom(
  "States.Format('{} {}', $.a, 1)", "States.Array($.a, 'x')", "States.ArrayGetItem($.list, 9)", "States.StringToJson($.a)", "States.JsonMerge($, $, false)", "States.MathAdd($.a, 1)",
  "States.Hash($.a, 'MD5')", "States.ArrayRange(1, 9, 0)", "States.UUID()", "States.Nope()", "States.Format('{}'", "States.Base64Decode($.a)", "States.MathRandom(1, 5, 3)", "States.StringSplit($.a, ',')",
);
const expression = fc.constantFrom(
  "$states.input", "$states.input.a", "$v", "1 +", "$states.context", "$sum($states.input.list)", "$map($states.input.list, function($x){ $x.a })", "$states.errorOutput", "$states.result", "nope", "$eval('1')",
  "$states.input.list[a > 1].a", "{'a': $states.input.a}", "$merge([$states.input, {'x': 1}])", "function($x){ $x }", "$parse('{')", "$range(1, 5, 1)", "1/0", "$states.input.__proto__", "$sort($states.input.list)", "[1..5]", "$error('x')", "/a/",
  "$string($states.input)", "$parse($string($states.input))", "$keys($states.input)", "$lookup($states.input, '__proto__')", "$encodeUrl($states.input.a)", "$spread($states)", "$reverse($states.input.list) ~> $append($states.input)", "$hash($states.input.a, 'MD5')",
).map((text) => `{% ${text} %}`);

const value: fc.Arbitrary<unknown> = fc.oneof(json, expression, path, fc.dictionary(fc.constantFrom("a", "b.$", "c", "__proto__"), fc.oneof(path, intrinsic, expression, json), { maxKeys: 3 }));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 3 });
const errorEquals = fc.subarray(["States.ALL", "States.Timeout", "States.TaskFailed", "States.QueryEvaluationError", "E"], { minLength: 1, maxLength: 1 });
const rule = fc.record({
  Next: name, Variable: maybe(path), Condition: maybe(fc.oneof(expression, fc.boolean())), StringEquals: maybe(fc.string()), NumericLessThanPath: maybe(path), IsPresent: maybe(fc.boolean()),
  TimestampEquals: maybe(fc.string()), And: maybe(fc.constant([{ Variable: "$.a", IsNull: true }])), Output: maybe(value), Assign: maybe(value),
});
const inner = fc.record({
  StartAt: fc.constant("I"),
  States: fc.record({ I: fc.oneof(
    fc.record({ Type: fc.constant("Pass"), End: fc.constant(true), Output: maybe(value), Parameters: maybe(value) }),
    fc.record({ Type: fc.constant("Fail"), Error: fc.constant("E") }),
    fc.record({ Type: fc.constant("Wait"), Seconds: fc.nat(5), End: fc.constant(true) }),
  ) }),
});
const state = fc.record({
  Type: fc.constantFrom("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map", "Nope"),
  Next: maybe(name), End: maybe(fc.boolean()), QueryLanguage: maybe(fc.constantFrom("JSONata", "JSONPath", 5)),
  InputPath: maybe(fc.oneof(path, fc.constant(null))), OutputPath: maybe(path), ResultPath: maybe(path), Parameters: maybe(value), ResultSelector: maybe(value), Result: maybe(json),
  Arguments: maybe(value), Output: maybe(value), Assign: maybe(value), Resource: maybe(fc.constantFrom("arn:aws:states:::test:work", "arn:aws:states:::test:work.waitForTaskToken", "nope")),
  TimeoutSeconds: maybe(fc.oneof(fc.integer({ min: -1, max: 50 }), expression)), HeartbeatSeconds: maybe(fc.integer({ min: 0, max: 9 })),
  Seconds: maybe(fc.oneof(fc.nat(9), expression)), SecondsPath: maybe(path), Timestamp: maybe(fc.constantFrom("2030-01-01T00:00:05Z", "x")), TimestampPath: maybe(path),
  Error: maybe(fc.oneof(fc.constant("E"), expression)), CausePath: maybe(fc.oneof(path, intrinsic)),
  Choices: maybe(fc.array(rule, { maxLength: 3 })), Default: maybe(name), Branches: maybe(fc.array(inner, { maxLength: 2 })),
  ItemProcessor: maybe(inner), ItemsPath: maybe(path), Items: maybe(value), ItemSelector: maybe(value), MaxConcurrency: maybe(fc.integer({ min: -1, max: 3 })),
  Retry: maybe(fc.array(fc.record({ ErrorEquals: errorEquals, MaxAttempts: fc.nat(2), IntervalSeconds: fc.nat(3), JitterStrategy: maybe(fc.constant("FULL")) }), { maxLength: 2 })),
  Catch: maybe(fc.array(fc.record({ ErrorEquals: errorEquals, Next: name, ResultPath: maybe(path), Output: maybe(value), Assign: maybe(value) }), { maxLength: 2 })),
}).map((fields) => JSON.parse(JSON.stringify(fields)) as Record<string, unknown>);

/** Fields that the state's type and language take, so that many definitions are accepted. */
const COMMON = ["Type", "Next", "End"];
const KEPT: Record<string, string[]> = {
  Pass: ["Parameters", "Result", "ResultPath", "InputPath", "OutputPath", "Output", "Assign"],
  Task: ["Resource", "Parameters", "ResultSelector", "ResultPath", "InputPath", "Arguments", "Output", "Assign", "TimeoutSeconds", "Retry", "Catch"],
  Choice: ["Choices", "Default", "InputPath", "Output", "Assign"], Wait: ["Seconds", "Output"], Succeed: ["InputPath", "Output"], Fail: ["Error"],
  Parallel: ["Branches", "Parameters", "ResultSelector", "Arguments", "Output", "Assign", "Retry", "Catch"], Map: ["ItemProcessor", "ItemsPath", "Items", "ItemSelector", "MaxConcurrency", "Output", "Retry", "Catch"],
};
const JSONATA_ONLY = ["Output", "Arguments", "Items"];
const JSONPATH_ONLY = ["Parameters", "Result", "ResultPath", "ResultSelector", "InputPath", "OutputPath", "ItemsPath"];
function tidy(fields: Record<string, unknown>, jsonata: boolean): Record<string, unknown> {
  const type = fields["Type"] as string;
  const kept = [...COMMON, ...(KEPT[type] ?? [])].filter((field) => !(jsonata ? JSONPATH_ONLY : JSONATA_ONLY).includes(field));
  const result = Object.fromEntries(Object.entries(fields).filter(([field]) => kept.includes(field)));
  // Only onwards: loops are another test's.
  const later = (target: unknown): unknown => (typeof target === "string" && target > (fields["id"] as string) ? target : undefined);
  if (["Choice", "Succeed", "Fail"].includes(type)) { delete result["Next"]; delete result["End"]; }
  else { delete result["End"]; result["Next"] = later(result["Next"]); if (result["Next"] === undefined) result["End"] = true; }
  if (type === "Choice") {
    result["Default"] = later(result["Default"]) ?? "End";
    result["Choices"] = [jsonata ? { Condition: "{% $states.input.a = 1 %}", Next: "End" } : { Variable: "$.a", IsPresent: true, Next: "End" }];
  }
  if (Array.isArray(result["Catch"])) result["Catch"] = result["Catch"].map((catcher: object) => ({ ...catcher, Next: "End" }));
  if (type === "Task") result["Resource"] = "arn:aws:states:::test:work";
  if (type === "Wait") result["Seconds"] ??= 1;
  if (type === "Parallel") result["Branches"] = [{ StartAt: `${String(fields["id"])}I`, States: { [`${String(fields["id"])}I`]: { Type: "Wait", Seconds: 2, End: true } } }];
  if (type === "Map") result["ItemProcessor"] = { StartAt: `${String(fields["id"])}I`, States: { [`${String(fields["id"])}I`]: { Type: "Pass", End: true } } };
  return result;
}

/** The definition without the fields that are complained of, so that what is left is accepted more often than not. */
function repaired<T extends { States: object }>(definition: T): T {
  const states = structuredClone(definition.States) as Record<string, Record<string, unknown>>;
  for (let round = 0; round < 4; round += 1) {
    const { diagnostics } = checkDefinition(JSON.stringify({ ...definition, States: states }), { resolve });
    for (const { location = "", code } of diagnostics) {
      const [, , id = "", field = ""] = location.split("/");
      if (code === "MISSING_TRANSITION_TARGET") delete states[id];
      else delete states[id]?.[field.replace(/\[.*$/, "")];
    }
  }
  return { ...definition, States: states };
}

const machine = fc.record({ A: state, B: state, C: state, D: state }).chain((all) => fc.record({
  definition: fc.constant({ StartAt: "A", TimeoutSeconds: 100, States: all }), language: fc.constantFrom("JSONPath", "JSONata"),
}));
const tidied = fc.record({ machine, jsonata: fc.boolean() }).map(({ machine: { definition }, jsonata }) => ({
  ...definition, QueryLanguage: jsonata ? "JSONata" : "JSONPath",
  States: {
    Start: { Type: "Choice", Default: "A", Choices: ["B", "C", "D"].map((next) => (jsonata ? { Condition: `{% $states.input.go = '${next}' %}`, Next: next } : { Variable: "$.go", StringEquals: next, Next: next })) },
    End: { Type: "Succeed" },
    ...Object.fromEntries(Object.entries(definition.States).map(([id, fields]) => [id, tidy({ ...fields, id }, jsonata)])),
  },
  StartAt: "Start",
})).map(repaired);

function isSound({ status, events, output, error }: Ran): void {
  expect(["SUCCEEDED", "FAILED", "TIMED_OUT"]).toContain(status);
  expect(events.find(({ id, previousEventId }, index) => id !== index + 1 || previousEventId >= id)).toBeUndefined();
  const types = events.map(({ type }) => type as string);
  expect(types[0]).toBe("ExecutionStarted");
  expect(types[types.length - 1]).toBe(status === "SUCCEEDED" ? "ExecutionSucceeded" : status === "FAILED" ? "ExecutionFailed" : "ExecutionTimedOut");
  expect(types.filter((type) => type.startsWith("Execution"))).toHaveLength(2);
  if (status === "SUCCEEDED") expect(JSON.parse(JSON.stringify(output)) as unknown).toEqual(output);
  else expect(error === undefined || typeof error === "string").toBe(true);
}

const tasks = { work: ({ arguments: given }: { arguments: unknown }) => {
  if (typeof given === "object" && given !== null && "a" in given) throw new TaskError("E", "cause");
  return { a: [1, { a: 2 }], given } as never;
} };

it("any text is a definition, or is refused with places", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), json.map((one) => JSON.stringify(one)), machine.map(({ definition }) => JSON.stringify(definition))), (text) => {
    for (const { code, message } of checkDefinition(text, { resolve }).diagnostics) expect([typeof code, typeof message]).toEqual(["string", "string"]);
  }), { numRuns: 150 });
});

it("any definition runs to an end or is refused", async () => {
  let accepted = 0;
  await fc.assert(fc.asyncProperty(fc.oneof({ weight: 1, arbitrary: machine.map(({ definition }) => definition) }, { weight: 6, arbitrary: tidied }), fc.record({ a: json, list: fc.array(fc.record({ a: fc.integer() })), go: name }), async (definition, input) => {
    let ran: Ran;
    try {
      ran = await run(definition, { input: input as never, tasks });
    } catch (error) {
      if (error instanceof DefinitionError) return;
      throw error;
    }
    accepted += 1;
    isSound(ran);
  }), { numRuns: 200 });
  expect(accepted).toBeGreaterThan(50);
});

it("the same definition, input and seed give the same history", async () => {
  await fc.assert(fc.asyncProperty(tidied, json, async (definition, input) => {
    if (checkDefinition(JSON.stringify(definition), { resolve }).machine === undefined) return;
    const [first, second] = [await run(definition, { input: input as never, tasks }), await run(definition, { input: input as never, tasks })];
    expect(second.events).toEqual(first.events);
  }), { numRuns: 60 });
});

describe("a machine that goes round and round ends all the same", () => {
  const A = { Type: "Choice", Choices: [{ Variable: "$.out", IsPresent: true, Next: "Out" }], Default: "B" };
  const mapped = { Type: "Map", ItemsPath: "$.list", ItemProcessor: { StartAt: "I", States: { I: { Type: "Pass", End: true } } }, ResultPath: "$.a" };
  const around = (states: { B: object; C: object }, TimeoutSeconds: number): object => ({ StartAt: "A", TimeoutSeconds, States: { A, ...states, Out: { Type: "Succeed" } } });
  async function ended(definition: object): Promise<string> {
    const ran = await run(definition, { input: { list: [1, 2] }, tasks });
    isSound(ran);
    expect(ran.events.length).toBeLessThanOrEqual(25_000);
    return ran.error ?? ran.status;
  }

  it("of time, where it waits", async () => {
    expect(await ended(around({ B: { Type: "Pass", Next: "C" }, C: { Type: "Wait", Seconds: 9, Next: "A" } }, 100))).toBe("TIMED_OUT");
  });

  it("of its history, where it takes no time", async () => {
    expect(await ended(around({ B: { Type: "Pass", Next: "C" }, C: { ...mapped, Next: "B" } }, 5000))).toBe("States.Runtime");
  });

  it("whatever it does", async () => {
    const states = fc.record({
      B: fc.record({ Type: fc.constant("Pass"), Next: fc.constantFrom("A", "C"), Result: maybe(json), ResultPath: maybe(fc.constantFrom("$.a", "$.__proto__.a", "$")) }),
      C: fc.oneof(
        fc.record({ Type: fc.constant("Pass"), Next: fc.constantFrom("A", "B", "C"), Parameters: fc.constant({ "a.$": "$", "b.$": "$" }) }),
        fc.record({ Type: fc.constant("Wait"), Seconds: fc.integer({ min: 1, max: 9 }), Next: fc.constantFrom("A", "B") }),
        fc.constantFrom("A", "B").map((Next) => ({ ...mapped, Next })),
      ),
    });
    await fc.assert(fc.asyncProperty(states, fc.integer({ min: 100, max: 5000 }), async (drawn, timeoutSeconds) => {
      const definition = around(drawn, timeoutSeconds);
      if (checkDefinition(JSON.stringify(definition), { resolve }).machine !== undefined) await ended(definition);
    }), { numRuns: 10 });
  });
});
