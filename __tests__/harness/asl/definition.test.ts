/** Definitions that AWS refuses, with its codes, wording and places. */
import { checkDefinition, parseDefinition } from "../../../harness/asl/parse";
import { resolve, single } from "./support";

const diagnostics = (definition: unknown): (string | undefined)[][] =>
  checkDefinition(typeof definition === "string" ? definition : JSON.stringify(definition), { resolve }).diagnostics.map(({ code, message, location }) => [code, message, location]);

const SCHEMA = "SCHEMA_VALIDATION_FAILED";
const states = (all: object, more: object = {}): object => ({ ...more, StartAt: Object.keys(all)[0], States: all });
const JSONATA = { QueryLanguage: "JSONata" };

describe("a text that is no definition", () => {
  it.each<[string, (string | undefined)[][]]>([
    ["", [[SCHEMA, "Definition must be a valid JSON object", undefined]]],
    ["[]", [[SCHEMA, "Definition must be a valid JSON object", undefined]]],
    ["not a definition", [["INVALID_JSON_DESCRIPTION",
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"not a definition\"; line: 1, column: 4]",
      "[Source: (String)\"not a definition\"; line: 1, column: 4]"]]],
    ["{}", [[SCHEMA, "These fields are required: [States, StartAt]", "/"]]],
  ])("%s", (text, expected) => {
    expect(diagnostics(text)).toEqual(expected);
  });
});

describe("transitions", () => {
  it.each<[string, object, (string | undefined)[][]]>([
    ["to a state that is not there", states({ A: { Type: "Pass", Next: "Ghost" }, B: { Type: "Succeed" } }), [
      ["MISSING_TRANSITION_TARGET", "Missing 'Next' target: Ghost", "/States/A/Next"], ["MISSING_TRANSITION_TARGET", "State \"B\" is not reachable.", "/States/B"]]],
    ["from the start to a state that is not there", { StartAt: "Nope", States: { A: { Type: "Pass", End: true } } }, [
      ["MISSING_TRANSITION_TARGET", "Missing 'Next' target: Nope", "/StartAt"], ["MISSING_TRANSITION_TARGET", "State \"A\" is not reachable.", "/States/A"]]],
    ["that never end", states({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } }), [["MISSING_END_STATE", "Workflow has no terminal state", undefined]]],
    ["of a rule", states({ C: { Type: "Choice", Choices: [{ Variable: "$.x", IsPresent: true, Next: "Ghost" }], Default: "Z" }, Z: { Type: "Succeed" } }), [
      ["MISSING_TRANSITION_TARGET", "Missing 'Next' target: Ghost", "/States/C/Choices[0]/Next"]]],
    ["of a catcher", states({ T: { Type: "Task", Resource: "arn:aws:states:::test:x", Catch: [{ ErrorEquals: ["States.ALL"], Next: "Ghost" }], End: true } }), [
      ["MISSING_TRANSITION_TARGET", "Missing 'Next' target: Ghost", "/States/T/Catch[0]/Next"]]],
    ["inside a branch", states({ P: { Type: "Parallel", Branches: [{ StartAt: "W", States: { W: { Type: "Pass", End: true }, Ghost: { Type: "Pass", End: true } } }], End: true } }), [
      ["MISSING_TRANSITION_TARGET", "State \"Ghost\" is not reachable.", "/States/P/Branches[0]/States/Ghost"]]],
  ])("%s", (_name, definition, expected) => {
    expect(diagnostics(definition)).toEqual(expected);
  });
});

describe("fields", () => {
  it.each<[string, object, (string | undefined)[][]]>([
    ["that the type does not have", single({ Type: "Pass", TimeoutSeconds: 5 }), [[SCHEMA, "Field 'TimeoutSeconds' is not supported", "/States/S"]]],
    ["that are missing", single({ Type: "Task" }), [[SCHEMA, "These fields are required: [Resource]", "/States/S"]]],
    ["of the other language", single({ Type: "Pass", InputPath: "$.a" }, "JSONata"), [
      [SCHEMA, "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage", "/States/S"]]],
    ["of the other language, the other way", single({ Type: "Pass", Output: 1 }), [
      [SCHEMA, "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage", "/States/S"]]],
    ["of a language that does not exist", single({ Type: "Pass", QueryLanguage: "jsonata" }), [[SCHEMA, "Value should be one of the following: [JSONPath, JSONata]", "/States/S/QueryLanguage"]]],
    ["of an unknown type of state", single({ Type: "Nope" }), [[SCHEMA, "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]", "/States/S/Type"]]],
    ["out of their range", states({ M: { Type: "Map", MaxConcurrency: -1, ItemProcessor: states({ P: { Type: "Pass", End: true } }), End: true } }), [[SCHEMA, "Minimum value is 0", "/States/M/MaxConcurrency"]]],
    ["that are no path", single({ Type: "Pass", Parameters: { "a.$": "nope" } }), [
      [SCHEMA, "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call", "/States/S/Parameters"]]],
    ["that name no resource", single({ Type: "Task", Resource: "nonsense" }), [[SCHEMA, "The resource provided nonsense is not recognized.", "/States/S/Resource"]]],
    ["in a state of JSONPath within a machine of JSONata", single({ Type: "Pass", QueryLanguage: "JSONPath", Output: 1 }, "JSONata"), [
      [SCHEMA, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", "/States/S"]]],
    ["that set a language for a branch", states({ P: { Type: "Parallel", Branches: [{ QueryLanguage: "JSONata", ...states({ B: { Type: "Pass", End: true } }) }], End: true } }), [
      [SCHEMA, "Field 'QueryLanguage' is not supported", "/States/P/Branches[0]"]]],
    ["of a distributed map", states({ M: { Type: "Map", ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" }, ...states({ P: { Type: "Pass", End: true } }) }, End: true } }), [
      [SCHEMA, "Map states of Mode DISTRIBUTED are not supported by this region", "/States/M/ItemProcessor/ProcessorConfig/Mode"]]],
  ])("%s", (_name, definition, expected) => {
    expect(diagnostics(definition)).toEqual(expected);
  });

  it("names the same state twice at its place", () => {
    const inner = states({ A: { Type: "Pass", End: true } });
    expect(diagnostics(states({ A: { Type: "Parallel", Branches: [inner], End: true } }))).toContainEqual(["DUPLICATE_STATE_NAME", "Duplicate State name: A", "/States/A/Branches[0]/States/A"]);
  });

  it("leaves the states of a branch in the machine's language, whatever their Parallel says", () => {
    const definition = states({ P: { Type: "Parallel", ...JSONATA, Branches: [states({ B: { Type: "Pass", Output: 1, End: true } })], End: true } });
    expect(diagnostics(definition)).toEqual([[SCHEMA, "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage", "/States/P/Branches[0]/States/B"]]);
  });
});

describe("JSONata expressions", () => {
  const output = (value: unknown): object => single({ Type: "Pass", Output: value }, "JSONata");
  const top = (name: string): string => `Reference to '${name}' at the top level is not supported.`;
  it.each<[string, object, string[][]]>([
    ["that do not parse", output({ v: "{% a[1,2) %}" }), [["INVALID_JSONATA_EXPRESSION", "Expected \"]\", got \",\"", "/States/S/Output/v"]]],
    ["that are empty", output("{% %}"), [["INVALID_JSONATA_EXPRESSION", "Unexpected end of expression", "/States/S/Output"]]],
    ["that read a document", output({ a: { b: ["{% phone %}"] } }), [["UNSUPPORTED_JSONATA_EXPRESSION", top("phone"), "/States/S/Output/a/b[0]"]]],
    ["that read two names", output("{% aaa + bbb %}"), [["UNSUPPORTED_JSONATA_EXPRESSION", top("aaa"), "/States/S/Output"], ["UNSUPPORTED_JSONATA_EXPRESSION", top("bbb"), "/States/S/Output"]]],
    ["that read the context item", output("{% $.phone %}"), [["UNSUPPORTED_JSONATA_EXPRESSION", top("$"), "/States/S/Output"]]],
    ["that read the root", output("{% $$ %}"), [["UNSUPPORTED_JSONATA_EXPRESSION", "Reference to '$$' is not supported.", "/States/S/Output"]]],
    ["that read an error where there is none", output("{% $states.errorOutput %}"), [["UNSUPPORTED_JSONATA_EXPRESSION", "Field '$states.errorOutput' does not exist.", "/States/S/Output"]]],
  ])("%s", (_name, definition, expected) => {
    expect(diagnostics(definition)).toEqual(expected);
  });

  it.each([
    "{% $states.input.items[phone > 3] %}", "{% $map($states.input.a, function($x){ $x.phone }) %}", "{% $states.input.a.{'b': c} %}", "{% $states.input.a ~> $map(function($v){ $v.b }) %}",
  ])("may name what is inside data: %s", (expression) => {
    expect(diagnostics(output(expression))).toEqual([]);
  });

  it("may read the error in a catcher", () => {
    const state = { Type: "Task", Resource: "arn:aws:states:::test:x", Catch: [{ ErrorEquals: ["States.ALL"], Output: "{% $states.errorOutput %}", Assign: { e: "{% $states.errorOutput.Error %}" }, Next: "D" }], End: true };
    expect(diagnostics(states({ T: state, D: { Type: "Succeed" } }, JSONATA))).toEqual([]);
  });

  it("are only text in a comment, and in a state of JSONPath", () => {
    expect(diagnostics(single({ Type: "Pass", Comment: "{% phone %}" }, "JSONata"))).toEqual([]);
    expect(diagnostics(single({ Type: "Pass", Parameters: { v: "{% phone %}" } }))).toEqual([]);
  });
});

it("says all of it in one message, as CreateStateMachine does", () => {
  expect(() => parseDefinition(JSON.stringify(states({ A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "Nope" } })), { resolve })).toThrow(
    "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: Nope at /States/B/Next, MISSING_END_STATE: Workflow has no terminal state at null'");
});
