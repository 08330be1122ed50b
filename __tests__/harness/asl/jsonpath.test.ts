/** JSONPath states: paths, payload templates, intrinsic functions, and where results go. */
import { run, single } from "./support";

const INPUT = { name: "n", nul: null, items: [1, 2, 3], deep: { a: { b: [{ c: 1 }, { c: 2 }] } }, "odd key": 5, text: "x", "back\\slash \"q\"": 7 };
const pass = (fields: object, input: unknown = INPUT) => run(single({ Type: "Pass", ...fields }), { input: input as never });
const template = async (value: unknown, input: unknown = INPUT): Promise<unknown> => {
  const ran = await pass({ Parameters: { "v.$": value } }, input);
  return ran.status === "SUCCEEDED" ? (ran.output as { v: unknown }).v : [ran.error, ran.cause?.replace(/^.*\(entered at the event id #2\)\. /, "")];
};

describe("a path", () => {
  it.each<[string, unknown]>([
    ["$", INPUT],
    ["$.name", "n"],
    ["$.nul", null],
    ["$['odd key']", 5],
    ["$[\"odd key\"]", 5],
    ["$.items[0]", 1],
    ["$.items[-1]", 3],
    ["$.items[5]", null],
    ["$.items[*]", [1, 2, 3]],
    ["$.items[0,2]", [1, 3]],
    ["$.items[1:]", [2, 3]],
    ["$.items[:2]", [1, 2]],
    ["$.items[-2:]", [2, 3]],
    ["$.items[0:3:2]", [1, 3]],
    ["$.items.length()", 3],
    ["$.deep.a.b[*].c", [1, 2]],
    ["$.deep.a.b[?(@.c > 1)]", [{ c: 2 }]],
    ["$.deep.a.b[?(@.c == 1 || @.c == 2)].c", [1, 2]],
    ["$.deep.a.b[?(@.x)]", []],
    ["$..c", [1, 2]],
    ["$['name','text','nope']", { name: "n", text: "x" }],
    ["$.deep.a.b[*]['c','x']", [{ c: 1 }, { c: 2 }]],
    ["$.deep['a','x'].b[0].c", [1]],
    ["$['back\\\\slash \"q\"']", 7],
    ["$$.Execution.Name", "run"],
    ["$$.State.Name", "S"],
  ])("%s finds %j", async (path, expected) => {
    expect(await template(path)).toEqual(expected);
  });

  it.each(["$.nope[*]", "$.nope[1:].a", "$.nope.more[*].a", "$.nope[?(@.a == 1)]", "$.items[9][*]", "$..nope"])("that may lead to many places leads to none: %s", async (path) => {
    expect(await template(path)).toEqual([]);
    expect(await template(`States.ArrayLength(${path})`)).toBe(0);
  });

  it("asks for no part of what is no list", async () => {
    expect(await template("$.name[1:]")).toEqual(["States.Runtime", `The JSONPath '$.name[1:]' specified for the field 'v.$' could not be found in the input '${JSON.stringify(INPUT)}'`]);
    expect(await pass({ InputPath: "$.name[0].a" })).toMatchObject({ error: "States.Runtime", cause: expect.stringContaining("Invalid path '$.name[0].a' : Filter: [0]['a'] can only be applied to arrays. Current context is: n") as string });
  });

  it.each<[string, string]>([
    ["$.nope", "No results for path: $['nope']"],
    ["$.nope.more", "Missing property in path $['nope']"],
    ["$.deep.a.nope", "No results for path: $['deep']['a']['nope']"],
    ["$.items[7]", "No results for path: $['items'][7]"],
  ])("%s selects nothing, for the library's reason", async (path, reason) => {
    for (const field of ["InputPath", "OutputPath"]) {
      expect(await pass({ [field]: path })).toMatchObject({ error: "States.Runtime", cause: `An error occurred while executing the state 'S' (entered at the event id #2). Invalid path '${path}' : ${reason}` });
    }
  });

  it.each<[object, unknown, string]>([
    [{ SecondsPath: "$.s" }, {}, "The SecondsPath parameter does not reference an input value: $.s"],
    [{ SecondsPath: "$.s" }, { s: "soon" }, "The SecondsPath parameter cannot be parsed as a long value: $.s == soon"],
    [{ SecondsPath: "$.s" }, { s: -1 }, "The SecondsPath parameter references a negative value: $.s == -1"],
    [{ TimestampPath: "$.t" }, {}, "The TimestampPath parameter does not reference an input value: $.t"],
    [{ TimestampPath: "$.t" }, { t: "2026-01-01" }, "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 2026-01-01"],
  ])("a Wait by %j of %j says what is wrong with it", async (fields, input, message) => {
    const ran = await run(single({ Type: "Wait", ...fields }), { input: input as never });
    expect(ran).toMatchObject({ error: "States.Runtime", cause: `An error occurred while executing the state 'S' (entered at the event id #2). ${message}` });
  });

  it.each<[unknown, string]>([
    ["many", "The MaxConcurrencyPath field refers to value \"many\" which is not a valid integer: $.m"],
    [-1, "Expected non-negative integer for MaxConcurrency, got '-1' instead."],
  ])("a Map's concurrency of %j is none", async (m, message) => {
    const ran = await run({
      StartAt: "S", States: { S: { Type: "Map", ItemsPath: "$.i", MaxConcurrencyPath: "$.m", ItemProcessor: { StartAt: "I", States: { I: { Type: "Pass", End: true } } }, End: true } },
    }, { input: { i: [1], m: m as never } });
    expect(ran).toMatchObject({ error: "States.Runtime", cause: `An error occurred while executing the state 'S' (entered at the event id #2). ${message}` });
  });

  it("that finds nothing ends the execution, in AWS's words, and no States.ALL sees it", async () => {
    expect(await template("$.nope", { x: "a" })).toEqual(["States.Runtime", "The JSONPath '$.nope' specified for the field 'v.$' could not be found in the input '{\"x\":\"a\"}'"]);
    const ran = await run({ StartAt: "M", States: {
      M: { Type: "Map", ItemsPath: "$.items", ItemSelector: { "v.$": "$.nope" }, ItemProcessor: { StartAt: "P", States: { P: { Type: "Pass", End: true } } }, Catch: [{ ErrorEquals: ["States.ALL"], Next: "C" }], End: true },
      C: { Type: "Succeed" },
    } }, { input: { items: [1] } });
    expect(ran).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });
});

describe("an intrinsic function", () => {
  it.each<[string, unknown]>([
    ["States.Format('Hello {}, {}', $.name, $.items)", "Hello n, [1, 2, 3]"],
    ["States.Format('{}', States.StringToJson('{\"a\":{\"b\":[null,\"x\"]},\"c\":1.5}'))", "{a={b=[null, x]}, c=1.5}"],
    ["States.StringToJson('  ')", null],
    ["States.Format('\\{\\} {}', $.nul)", "{} null"],
    ["States.Format('it\\'s {}', 1)", "it's 1"],
    ["States.StringToJson('{\"a\":[1]}')", { a: [1] }],
    ["States.JsonToString($.items)", "[1,2,3]"],
    ["States.Array($.name, 1, true, null, 'x')", ["n", 1, true, null, "x"]],
    ["States.Array()", []],
    ["States.ArrayPartition($.items, 2)", [[1, 2], [3]]],
    ["States.ArrayContains($.items, 2)", true],
    ["States.ArrayContains($.items, 5)", false],
    ["States.ArrayRange(1, 9, 2)", [1, 3, 5, 7, 9]],
    ["States.ArrayGetItem($.items, 1)", 2],
    ["States.ArrayLength($.items)", 3],
    ["States.ArrayUnique(States.Array(1, 1, 2, 'a', 'a'))", [1, 2, "a"]],
    ["States.Base64Encode('Data to encode')", "RGF0YSB0byBlbmNvZGU="],
    ["States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", "Data to encode"],
    ["States.Hash('input data', 'SHA-1')", "aaff4a450a104cd177d28d18d74485e8cae074b7"],
    ["States.JsonMerge(States.StringToJson('{\"a\":1,\"b\":{\"x\":1}}'), States.StringToJson('{\"b\":{\"y\":2}}'), false)", { a: 1, b: { y: 2 } }],
    ["States.MathAdd(111, -1)", 110],
    ["States.StringSplit('1,2,,3.4', ',.')", ["1", "2", "3", "4"]],
    ["States.Format('{}', States.Format('{}', $.name))", "n"],
  ])("%s gives %j", async (text, expected) => {
    expect(await template(text)).toEqual(expected);
  });

  it("draws within its bounds, and the same for a seed", async () => {
    const drawn = await template("States.MathRandom(1, 999)") as number;
    expect(drawn >= 1 && drawn < 999).toBe(true);
    expect(await template("States.MathRandom(1, 999, 5)")).toBe(await template("States.MathRandom(1, 999, 5)"));
    expect(await template("States.UUID()")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ["States.Format('{}', $.nope)", "States.Runtime", "The JsonPath argument for the field '$.nope' could not be found in the input '{\"other\":1}'"],
    ["States.Format('{}', States.Format('{}', $.nope))", "States.Runtime", "The JsonPath argument for the field '$.nope' could not be found in the input '{\"other\":1}'"],
    ["States.Format('{}', $.items[5])", "States.Runtime", "The JsonPath argument for the field '$.items[5]' could not be found in the input '{\"other\":1}'"],
    ["States.Format('{}', $.other[0].a)", "States.Runtime", "Filter: [0]['a'] can only be applied to arrays. Current context is: 1"],
    ["States.Format('{}', $$.Nope.Deep)", "States.Runtime", "The JsonPath argument for the field '$.Nope.Deep' could not be found in the input '{\"other\":1}'"],
  ])("%s fails, naming the whole of it", async (text, error, cause) => {
    expect(await template(text, { other: 1 })).toEqual([error, `The function '${text}' had the following error: ${cause}`]);
  });
});

describe("a state's data", () => {
  it("puts the members that come from paths after the others, in the order in which the service hashes their names", async () => {
    const text = async (template: object): Promise<string> => JSON.stringify((await pass({ Parameters: template })).output);
    expect(await text({ "FunctionName.$": "$.name", Payload: { "x.$": "$.text", k: 1 } })).toBe('{"Payload":{"k":1,"x":"x"},"FunctionName":"n"}');
    expect(await text({ "StateMachineArn.$": "$.name", "Input.$": "$.text", "Name.$": "$.name" })).toBe('{"Input":"x","StateMachineArn":"n","Name":"n"}');
    expect(await text({ b: 1, a: { z: 1, c: 2 } })).toBe('{"b":1,"a":{"z":1,"c":2}}');
    const many = Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`k${index}.$`, "$.name"]));
    expect(Object.keys((await pass({ Parameters: many })).output as object)).toEqual(["k0", "k1", "k2", "k3", "k4", "k5", "k11", "k6", "k10", "k7", "k8", "k12", "k9"]);
  });

  it.each<[string, object, unknown]>([
    ["InputPath chooses", { InputPath: "$.deep.a" }, INPUT.deep.a],
    ["InputPath null empties", { InputPath: null }, {}],
    ["OutputPath chooses", { OutputPath: "$.items" }, [1, 2, 3]],
    ["OutputPath null empties", { OutputPath: null }, {}],
    ["Result replaces", { Result: { a: 1 } }, { a: 1 }],
    ["ResultPath adds", { Result: 1, ResultPath: "$.deep.new" }, { ...INPUT, deep: { ...INPUT.deep, new: 1 } }],
    ["ResultPath makes what is missing", { Result: 1, ResultPath: "$.p.q.r" }, { ...INPUT, p: { q: { r: 1 } } }],
    ["ResultPath replaces an item", { Result: 9, ResultPath: "$.items[1]" }, { ...INPUT, items: [1, 9, 3] }],
    ["ResultPath null drops", { Result: 1, ResultPath: null }, INPUT],
    ["Parameters takes what InputPath left", { InputPath: "$.deep", Parameters: { "x.$": "$.a.b[0].c", y: { z: [1, { "w.$": "$.a.b[1].c" }] } } }, { x: 1, y: { z: [1, { w: 2 }] } }],
    ["Parameters keeps a text that looks like a path", { Parameters: { x: "$.name" } }, { x: "$.name" }],
  ])("%s", async (_name, fields, expected) => {
    const before = JSON.stringify(INPUT);
    const ran = await pass(fields);
    expect([ran.cause, ran.output]).toEqual([undefined, expected]);
    expect(JSON.stringify(INPUT)).toBe(before);
  });

  it("cannot put a result into what is no object", async () => {
    expect(await pass({ Result: 1, ResultPath: "$.a" }, "text")).toMatchObject({ status: "FAILED", error: "States.ResultPathMatchFailure" });
  });

  it("passes through ResultSelector before ResultPath, and Assign sees what ResultSelector made", async () => {
    const ran = await run({ StartAt: "T", States: {
      T: { Type: "Task", Resource: "arn:aws:states:::test:work", Parameters: { "in.$": "$.x" }, ResultSelector: { "picked.$": "$.a" }, ResultPath: "$.r", Assign: { "v.$": "$.picked" }, Next: "P" },
      P: { Type: "Pass", Parameters: { "input.$": "$", "v.$": "$v" }, End: true },
    } }, { input: { x: 7 }, tasks: { work: ({ arguments: given }) => ({ a: given, b: 2 }) } });
    expect(ran.output).toEqual({ input: { x: 7, r: { picked: { in: 7 } } }, v: { in: 7 } });
  });
});

describe("variables", () => {
  it("are assigned together, from what they were before", async () => {
    const ran = await run({ StartAt: "A", States: {
      A: { Type: "Pass", Assign: { x: 3, a: 6 }, Next: "B" },
      B: { Type: "Pass", Assign: { "x.$": "$a", "next.$": "$x" }, Next: "C" },
      C: { Type: "Pass", Parameters: { "x.$": "$x", "next.$": "$next", "f.$": "States.Format('{}', $a)" }, End: true },
    } });
    expect(ran.output).toEqual({ x: 6, next: 3, f: "6" });
    expect(ran.events[2]?.["stateExitedEventDetails"]).toMatchObject({ assignedVariables: { x: "3", a: "6" }, assignedVariablesDetails: { truncated: false } });
    const nothing = await run({ StartAt: "A", States: { A: { Type: "Pass", Assign: {}, End: true } } });
    expect(nothing.events[2]?.["stateExitedEventDetails"]).not.toHaveProperty("assignedVariables");
  });

  it("of an iteration stay inside it", async () => {
    const ran = await run({ QueryLanguage: "JSONata", StartAt: "A", States: {
      A: { Type: "Pass", Assign: { outer: 42 }, Next: "M" },
      M: { Type: "Map", Items: [1, 2], ItemProcessor: { StartAt: "I", States: { I: { Type: "Pass", Assign: { inner: "{% $states.input %}" }, Next: "J" }, J: { Type: "Pass", Output: "{% [$outer, $inner] %}", End: true } } }, Next: "C" },
      C: { Type: "Pass", Output: { list: "{% $states.input %}", leaked: "{% $exists($inner) %}" }, End: true },
    } });
    expect(ran.output).toEqual({ list: [[42, 1], [42, 2]], leaked: false });
  });
});
