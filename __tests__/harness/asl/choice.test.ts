/** Choice: every operator, with and without Path, and how rules combine. */
import { run } from "./support";

const VALUES = {
  text: "b", same: "b", number: 2, two: 2, float: 2.5, yes: true, alsoYes: true, nul: null, list: [1], object: {},
  time: "2030-01-01T00:00:00Z", sameTime: "2030-01-01T01:00:00+01:00", wild: "log-2030.txt", star: "a*b", a: "a", three: 3, later: "2031-01-01T00:00:00Z",
};

async function holds(rule: object, input: unknown = VALUES): Promise<unknown> {
  const ran = await run({ StartAt: "C", States: { C: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" }, Yes: { Type: "Succeed" }, No: { Type: "Succeed" } } }, { input: input as never });
  return ran.status === "SUCCEEDED" ? ran.entered[1] === "Yes" : [ran.error, ran.cause?.replace(/^.*\)\. /, "")];
}

describe("operators", () => {
  const table: [string, string, unknown, boolean][] = [
    ["$.text", "StringEquals", "b", true], ["$.text", "StringEquals", "c", false], ["$.number", "StringEquals", "2", false], ["$.text", "StringEqualsPath", "$.same", true],
    ["$.text", "StringLessThan", "c", true], ["$.text", "StringLessThan", "b", false], ["$.text", "StringLessThanPath", "$.a", false],
    ["$.text", "StringGreaterThan", "a", true], ["$.text", "StringGreaterThanPath", "$.a", true],
    ["$.text", "StringLessThanEquals", "b", true], ["$.text", "StringLessThanEqualsPath", "$.same", true],
    ["$.text", "StringGreaterThanEquals", "c", false], ["$.text", "StringGreaterThanEqualsPath", "$.same", true],
    ["$.wild", "StringMatches", "log-*.txt", true], ["$.wild", "StringMatches", "*", true], ["$.wild", "StringMatches", "log-*", true], ["$.wild", "StringMatches", "og-*", false],
    ["$.star", "StringMatches", "a\\*b", true], ["$.text", "StringMatches", "\\*", false],
    ["$.number", "NumericEquals", 2, true], ["$.number", "NumericEquals", 2.0, true], ["$.text", "NumericEquals", 2, false], ["$.number", "NumericEqualsPath", "$.two", true],
    ["$.float", "NumericLessThan", 2.6, true], ["$.number", "NumericLessThanPath", "$.three", true], ["$.number", "NumericGreaterThan", 1, true], ["$.number", "NumericGreaterThanPath", "$.three", false],
    ["$.number", "NumericLessThanEquals", 2, true], ["$.number", "NumericLessThanEqualsPath", "$.two", true], ["$.number", "NumericGreaterThanEquals", 3, false], ["$.number", "NumericGreaterThanEqualsPath", "$.two", true],
    ["$.yes", "BooleanEquals", true, true], ["$.yes", "BooleanEquals", false, false], ["$.yes", "BooleanEqualsPath", "$.alsoYes", true], ["$.text", "BooleanEquals", true, false],
    ["$.time", "TimestampEquals", "2030-01-01T00:00:00.000Z", true], ["$.time", "TimestampEqualsPath", "$.sameTime", true],
    ["$.time", "TimestampLessThan", "2030-01-01T00:00:01Z", true], ["$.time", "TimestampLessThanPath", "$.later", true], ["$.time", "TimestampGreaterThan", "2029-12-31T23:59:59Z", true],
    ["$.time", "TimestampGreaterThanPath", "$.later", false], ["$.time", "TimestampLessThanEquals", "2030-01-01T00:00:00Z", true], ["$.time", "TimestampLessThanEqualsPath", "$.sameTime", true],
    ["$.time", "TimestampGreaterThanEquals", "2030-01-01T00:00:00Z", true], ["$.time", "TimestampGreaterThanEqualsPath", "$.sameTime", true], ["$.text", "TimestampEquals", "2030-01-01T00:00:00Z", false],
    ["$.nul", "IsNull", true, true], ["$.text", "IsNull", true, false], ["$.text", "IsNull", false, true],
    ["$.text", "IsPresent", true, true], ["$.nope", "IsPresent", true, false], ["$.nope", "IsPresent", false, true], ["$.nul", "IsPresent", true, true],
    ["$.number", "IsNumeric", true, true], ["$.text", "IsNumeric", true, false], ["$.text", "IsString", true, true], ["$.list", "IsString", true, false],
    ["$.yes", "IsBoolean", true, true], ["$.nul", "IsBoolean", true, false], ["$.time", "IsTimestamp", true, true], ["$.text", "IsTimestamp", true, false], ["$.number", "IsTimestamp", true, false],
  ];
  it.each(table)("%s %s %j: %s", async (variable, operator, operand, expected) => {
    expect(await holds({ Variable: variable, [operator]: operand })).toBe(expected);
  });

  it("are all in the table", () => {
    const forms = (family: string): string[] => ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"].flatMap((name) => [`${family}${name}`, `${family}${name}Path`]);
    const all = [...forms("String"), ...forms("Numeric"), ...forms("Timestamp"), "BooleanEquals", "BooleanEqualsPath", "StringMatches", "IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"];
    expect(new Set(table.map(([, operator]) => operator))).toEqual(new Set(all));
  });
});

const TRUE = { Variable: "$.yes", BooleanEquals: true };
const FALSE = { Variable: "$.yes", BooleanEquals: false };

it.each<[object, boolean]>([
  [{ And: [TRUE, TRUE] }, true], [{ And: [TRUE, FALSE] }, false], [{ Or: [FALSE, TRUE] }, true], [{ Or: [FALSE, FALSE] }, false], [{ Not: FALSE }, true],
  [{ And: [{ Or: [FALSE, TRUE] }, { Not: { And: [TRUE, FALSE] } }] }, true],
  [{ And: [{ Variable: "$.nope", IsPresent: true }, { Variable: "$.nope", StringEquals: "x" }] }, false],
])("%j holds: %s", async (rule, expected) => {
  expect(await holds(rule)).toBe(expected);
});

it("fails where a condition's path finds nothing", async () => {
  expect(await holds({ Variable: "$.nope", StringEquals: "x" })).toEqual(["States.Runtime", "Invalid path '$.nope': The choice state's condition path references an invalid value."]);
});

it("takes the first rule that holds, with its own Assign and Output, and else the default with the state's", async () => {
  const machine = { QueryLanguage: "JSONata", StartAt: "C", States: {
    C: { Type: "Choice", Choices: [
      { Condition: "{% $states.input.n = 1 %}", Assign: { v: "one" }, Output: { from: 1 }, Next: "P" },
      { Condition: "{% $states.input.n = 2 %}", Next: "P" },
      { Condition: "{% $states.input.missing %}", Next: "P" },
    ], Assign: { v: "default" }, Output: { from: "state" }, Default: "P" },
    P: { Type: "Pass", Output: "{% [$v, $states.input.from] %}", End: true },
  } };
  expect((await run(machine, { input: { n: 1 } })).output).toEqual(["one", 1]);
  expect((await run(machine, { input: { n: 3, missing: false } })).output).toEqual(["default", "state"]);
  const failed = await run(machine, { input: { n: 3 } });
  expect(failed.cause).toContain("The JSONata expression '$states.input.missing' specified for the field 'Choices[2]/Condition' returned nothing (undefined).");
});

it("leaves the state's own Assign and Output to the default: a rule that is taken brings its own, or none", async () => {
  const jsonata = { QueryLanguage: "JSONata", StartAt: "V", States: {
    V: { Type: "Pass", Assign: { v: "before" }, Next: "C" },
    C: { Type: "Choice", Choices: [{ Condition: true, Next: "P" }], Assign: { v: "default" }, Output: "state", Default: "P" },
    P: { Type: "Pass", Output: "{% [$v, $states.input] %}", End: true },
  } };
  expect((await run(jsonata, { input: "in" })).output).toEqual(["before", "in"]);
  const jsonPath = (rule: object): object => ({ StartAt: "V", States: {
    V: { Type: "Pass", Assign: { v: "before" }, Next: "C" },
    C: { Type: "Choice", Choices: [{ ...TRUE, ...rule, Next: "P" }], Assign: { v: "default" }, OutputPath: "$.text", Default: "P" },
    P: { Type: "Pass", Parameters: { "v.$": "$v", "in.$": "$" }, End: true },
  } });
  expect((await run(jsonPath({}), { input: VALUES })).output).toEqual({ v: "before", in: "b" });
  expect((await run(jsonPath({ Assign: { v: "rule" } }), { input: VALUES })).output).toEqual({ v: "rule", in: "b" });
  expect((await run(jsonPath({ BooleanEquals: false }), { input: VALUES })).output).toEqual({ v: "default", in: "b" });
});

it("fails where nothing holds and there is no default", async () => {
  const ran = await run({ StartAt: "C", States: { C: { Type: "Choice", Choices: [{ ...FALSE, Next: "E" }] }, E: { Type: "Succeed" } } }, { input: VALUES });
  expect(ran).toMatchObject({ status: "FAILED", types: ["ExecutionStarted", "ChoiceStateEntered", "ExecutionFailed"] });
  expect(ran.cause).toBe("An error occurred while executing the state 'C' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.");
});
