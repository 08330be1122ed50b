/** What never ends, and what nests too deep: bounded, and told as an error. */
import { checkDefinition } from "../../../harness/asl/parse";
import { JsonTextProblem, parseJsonText, parseStrictJsonText } from "../../../harness/asl/json-text";
import { BoundedPattern } from "../../../harness/asl/pattern";
import { resolve, run } from "./support";

const LEVELS = [1_001, 20_000, 200_000];
const nested = (levels: number): string => "[".repeat(levels) + "1" + "]".repeat(levels);
const jsonPath = (state: object): object => ({ StartAt: "P", States: { P: { ...state, End: true } } });
const jsonata = (expression: string): object => ({ QueryLanguage: "JSONata", StartAt: "P", States: { P: { Type: "Pass", Output: `{% ${expression} %}`, End: true } } });
const refusals = (definition: object | string): string[] =>
  checkDefinition(typeof definition === "string" ? definition : JSON.stringify(definition), { resolve }).diagnostics.map(({ code, message }) => `${code}: ${message}`);

describe("a JSON text", () => {
  it("may nest a thousand levels", () => expect(parseJsonText(nested(1_000))).toHaveLength(1));

  it.each(LEVELS)("of %d levels is refused", (levels) => {
    for (const parse of [parseJsonText, parseStrictJsonText]) {
      for (const text of [nested(levels), "[".repeat(levels), '{"a":'.repeat(levels) + "1" + "}".repeat(levels)]) {
        expect(() => parse(text)).toThrow(JsonTextProblem);
        expect(() => parse(text)).toThrow(/^Document nesting depth \(1001\) exceeds the maximum allowed \(1000, /);
      }
    }
  });
});

describe("a definition", () => {
  it.each(LEVELS)("of %d levels is refused", (levels) => {
    const text = `{"StartAt":"P","States":{"P":{"Type":"Pass","End":true,"Result":${nested(levels)}}}}`;
    expect(refusals(text)).toEqual([expect.stringMatching(/^INVALID_JSON_DESCRIPTION: Document nesting depth/)]);
  });

  it("may nest rules as deep as JSON nests", async () => {
    let rule: object = { Variable: "$.a", IsPresent: true };
    for (let level = 0; level < 900; level += 1) rule = { Not: rule };
    const ran = await run({ StartAt: "C", States: { C: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" }, Yes: { Type: "Succeed" }, No: { Type: "Succeed" } } }, { input: { a: 1 } });
    expect(ran.entered).toEqual(["C", "Yes"]);
  });

  it.each([
    ["intrinsic functions", `${"States.Array(".repeat(12)}1${")".repeat(12)}`], ["intrinsic functions", `${"States.Array(".repeat(9_000)}1${")".repeat(9_000)}`],
    ["filters", `$[?(${"(".repeat(9_000)}@.a==1${")".repeat(9_000)})]`], ["negations", `$[?(${"!".repeat(9_000)}@.a)]`], ["filters in filters", `$${"[?(@".repeat(9_000)}${")]".repeat(9_000)}`],
    ["literals", `$[?(@.a in ${"[".repeat(9_000)}${"]".repeat(9_000)})]`],
  ])("is refused for %s that nest without end", (_what, path) => {
    expect(refusals(jsonPath({ Type: "Pass", Parameters: { "a.$": path } }))).toEqual(["SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call"]);
  });

  it.each(["1" + "+1".repeat(9_000), "1" + " ~> $string()".repeat(9_000), "[".repeat(9_000) + "]".repeat(9_000), "-".repeat(9_000) + "1"])("is refused for an expression that nests without end", (expression) => {
    expect(refusals(jsonata(expression))).toEqual(["INVALID_JSONATA_EXPRESSION: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive"]);
  });
});

describe("an execution", () => {
  it("fails with States.DataLimitExceeded for an output that nests too deep, caught or not", async () => {
    const input = parseJsonText(nested(1_000));
    expect((await run(jsonPath({ Type: "Pass" }), { input })).status).toBe("SUCCEEDED");
    expect((await run(jsonPath({ Type: "Pass", Parameters: { "a.$": "$" } }), { input })).error).toBe("States.DataLimitExceeded");
  });

  it("may assign 256 KiB at once, and hold 10 MiB in all its variables", async () => {
    const input = "x".repeat(200_000);
    const assigning = (names: string[]) => run(jsonPath({ Type: "Pass", Assign: Object.fromEntries(names.map((name) => [`${name}.$`, "$"])) }), { input });
    expect((await assigning(["a"])).status).toBe("SUCCEEDED");
    expect(await assigning(["a", "b"])).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
    const chain = (length: number): object => ({
      StartAt: "S0",
      States: Object.fromEntries(Array.from({ length }, (_, index) => [`S${index}`, { Type: "Pass", Assign: { [`v${index}.$`]: "$" }, ...(index === length - 1 ? { End: true } : { Next: `S${index + 1}` }) }])),
    });
    expect((await run(chain(52), { input })).status).toBe("SUCCEEDED");
    expect(await run(chain(53), { input })).toMatchObject({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  it("fails where a text that is parsed nests too deep", async () => {
    const input = nested(20_000);
    expect((await run(jsonPath({ Type: "Pass", Parameters: { "a.$": "States.StringToJson($)" } }), { input })).error).toBe("States.IntrinsicFailure");
    expect((await run(jsonata("$parse($states.input)"), { input })).cause).toMatch(/D3137: Invalid JSON: Document nesting depth/);
  });

  it("fails where an expression makes a value that nests too deep", async () => {
    const wrapped = `${"{'a':".repeat(20)}$inner${"}".repeat(20)}`; // few steps, each deep: an evaluation's real time is bounded, too
    const ran = await run(jsonata(`$reduce([1..400], function($inner, $n) { ${wrapped} }, 1)`));
    expect([ran.error, ran.cause?.replace(/^.* during evaluation: /, "")]).toEqual(["States.QueryEvaluationError", expect.stringMatching(/^Stack overflow error/)]);
  });
});

describe("a regular expression", () => {
  const endless = "a".repeat(40) + "!";

  it("is given up after a while", async () => {
    expect((await run(jsonata(`$match('${endless}', /(a+)+$/)`))).cause).toMatch(/threw an error during evaluation: Expression evaluation timeout: Check for infinite loop$/);
  });

  it("is given up in a path's filter, too", async () => {
    const ran = await run(jsonPath({ Type: "Pass", Parameters: { "a.$": "$[?(@ =~ /(a+)+b/)]" } }), { input: [endless] });
    expect([ran.error, ran.cause]).toEqual(["States.Runtime", "The regular expression '^(?:(a+)+b)$' gave no answer within 1000 milliseconds"]);
  });

  it("finds under a limit what it finds without one", () => {
    const text = "ab12 ".repeat(1_000);
    const [bounded, plain] = [new BoundedPattern("([a-z]+)([0-9]*)", "g"), /([a-z]+)([0-9]*)/g];
    for (let count = 0; count < 5; count += 1) expect([...(bounded.exec(text) ?? []), bounded.lastIndex]).toEqual([...(plain.exec(text) ?? []), plain.lastIndex]);
  });
});

it("wildcards that could match in very many ways are decided at once", async () => {
  const definition = { StartAt: "C", States: {
    C: { Type: "Choice", Choices: [{ Variable: "$", StringMatches: `${"*a".repeat(20)}*b`, Next: "Yes" }], Default: "No" }, Yes: { Type: "Succeed" }, No: { Type: "Succeed" },
  } };
  expect((await run(definition, { input: "a".repeat(100_000) })).entered).toEqual(["C", "No"]);
  expect((await run(definition, { input: `${"a".repeat(100_000)}b` })).entered).toEqual(["C", "Yes"]);
});
