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
    ["that name no resource", single({ Type: "Task", Resource: "arn:aws:nonsense" }), [[SCHEMA, "The resource provided arn:aws:nonsense is not recognized.", "/States/S/Resource"]]],
    ["that are no ARN", single({ Type: "Task", Resource: "nonsense" }), [[SCHEMA, "Value is not a valid resource ARN", "/States/S/Resource"]]],
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

describe("fields that exclude one another", () => {
  const processor = states({ P: { Type: "Pass", End: true } });
  const task = { Type: "Task", Resource: "arn:aws:states:::test:x" };
  it.each<[string, object, string]>([
    ["a next state and an end", { Type: "Pass", Next: "S", End: true }, "Next, End"],
    ["two ways to wait", { Type: "Wait", Seconds: 1, SecondsPath: "$.s", End: true }, "SecondsPath, Seconds, TimestampPath, Timestamp"],
    ["an error and a path to one", { Type: "Fail", Error: "E", ErrorPath: "$.e" }, "Error, ErrorPath"],
    ["a cause and a path to one", { Type: "Fail", Cause: "C", CausePath: "$.c" }, "Cause, CausePath"],
    ["a time-out and a path to one", { ...task, TimeoutSeconds: 9, TimeoutSecondsPath: "$.t", End: true }, "TimeoutSeconds, TimeoutSecondsPath"],
    ["a concurrency and a path to one", { Type: "Map", MaxConcurrency: 1, MaxConcurrencyPath: "$.c", ItemProcessor: processor, End: true }, "MaxConcurrency, MaxConcurrencyPath"],
    ["both names of a Map's machine", { Type: "Map", ItemProcessor: processor, Iterator: states({ Q: { Type: "Pass", End: true } }), End: true }, "ItemProcessor, Iterator"],
    ["two comparisons in a rule", { Type: "Choice", Choices: [{ Variable: "$.a", StringEquals: "a", NumericEquals: 1, Next: "S" }] }, "StringEquals, NumericEquals"],
  ])("%s", (_name, state, fields) => {
    expect(diagnostics(states({ S: state, E: { Type: "Succeed" } })).map(([, message]) => message)).toContain(`There should only be one of the following fields: [${fields}]`);
  });

  it.each<[string, object, string]>([
    ["neither a next state nor an end", { Type: "Pass" }, "This object should have only one of the following fields: [Next, End]"],
    ["no way to wait", { Type: "Wait", End: true }, "This object should have only one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp]"],
    ["no machine for a Map", { Type: "Map", End: true }, "This object should have only one of the following fields: [ItemProcessor, Iterator]"],
    ["nothing that a rule asks", { Type: "Choice", Choices: [{ Next: "S" }] }, "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]"],
    ["a rule that asks in two ways", { Type: "Choice", Choices: [{ Variable: "$.a", IsNull: true, Not: { Variable: "$.a", IsNull: true }, Next: "S" }] }, "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]"],
  ])("but one is needed: %s", (_name, state, message) => {
    expect(diagnostics(states({ S: state, E: { Type: "Succeed" } })).map(([, text]) => text)).toContain(message);
  });
});

describe("values that their fields do not take", () => {
  const processor = states({ P: { Type: "Pass", End: true } });
  const map = (fields: object): object => single({ Type: "Map", ItemProcessor: processor, ...fields });
  const rule = (fields: object, language = {}): object => states({ S: { Type: "Choice", Choices: [{ Next: "E", ...fields }], Default: "E" }, E: { Type: "Succeed" } }, language);
  const recovering = (fields: object): object => states({ S: { Type: "Parallel", Branches: [processor], ...fields, Next: "E" }, E: { Type: "Succeed" } });
  const long = "n".repeat(81);
  it.each<[string, object, (string | undefined)[]]>([
    ["a path without $", single({ Type: "Pass", InputPath: "a" }), [SCHEMA, "Value must be a valid JSONPath.", "/States/S/InputPath"]],
    ["a path that is no text", states({ S: { Type: "Fail", ErrorPath: 5 } }), [SCHEMA, "Expected value of type [STRING]", "/States/S/ErrorPath"]],
    ["a function where a rule needs a path", rule({ Variable: "States.ArrayLength($.a)", NumericEquals: 0 }), [SCHEMA, "Value is not a Reference Path: Reference path didn't start with '$'", "/States/S/Choices[0]/Variable"]],
    ["many places for one result", single({ Type: "Pass", ResultPath: "$.a[*]" }), [SCHEMA, "Value is not a Reference Path", "/States/S/ResultPath"]],
    ["many places for one list", map({ ItemsPath: "$.a[*]" }), [SCHEMA, "Value is not a Reference Path", "/States/S/ItemsPath"]],
    ["a concurrency from the context object", map({ MaxConcurrencyPath: "$$.Execution.Input.n" }), [SCHEMA, "Value is not a Reference Path", "/States/S/MaxConcurrencyPath"]],
    ["a negative count of failures", map({ ToleratedFailureCount: -1 }), [SCHEMA, "Minimum value is 0", "/States/S/ToleratedFailureCount"]],
    ["more failures than there are", map({ ToleratedFailurePercentage: 101 }), [SCHEMA, "Maximum value is 100.0", "/States/S/ToleratedFailurePercentage"]],
    ["a kind of execution for an inline map", map({ ItemProcessor: { ProcessorConfig: { Mode: "INLINE", ExecutionType: "EXPRESS" }, ...processor } }), [SCHEMA, "Field 'ExecutionType' is not supported", "/States/S/ItemProcessor/ProcessorConfig"]],
    ["a rule's timestamp without a zone", rule({ Variable: "$.t", TimestampEquals: "2030-01-01T00:00:00" }), [SCHEMA, "String does not match RFC3339 timestamp", "/States/S/Choices[0]/TimestampEquals"]],
    ["a comparison where JSONata is spoken", rule({ Variable: "$.a", Condition: true }, JSONATA), [SCHEMA, "The QueryLanguage is set to 'JSONata', but field 'Variable' is only supported for the 'JSONPath' QueryLanguage", "/States/S/Choices[0]"]],
    ["a condition where JSONPath is spoken", rule({ Condition: "{% true %}" }), [SCHEMA, "The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' QueryLanguage", "/States/S/Choices[0]"]],
    ["an expression that is not closed", single({ Type: "Pass", Output: { a: "{% 1 %} " } }, "JSONata"), [SCHEMA, "JSONata string must start with {% and end with %}", "/States/S/Output/a"]],
    ["no errors for a retrier", recovering({ Retry: [{ ErrorEquals: [] }] }), [SCHEMA, "Value cannot be empty", "/States/S/Retry[0]/ErrorEquals"]],
    ["all errors before others", recovering({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "E" }, { ErrorEquals: ["X"], Next: "E" }] }), [SCHEMA, "States.ALL must appear alone and at end of list", "/States/S/Catch[0]/ErrorEquals"]],
    ["credentials without a role", single({ Type: "Task", Resource: "arn:aws:states:::test:x", Credentials: {} }), [SCHEMA, "The field 'RoleArn' is required but was missing", "/States/S/Credentials"]],
    ["a variable of the service's own name", single({ Type: "Pass", Assign: { states: 1 } }), ["RESERVED_VARIABLE_NAME", "Cannot assign to reserved variable '$states'.", "/States/S/Assign/states"]],
    ["a variable with a hyphen", single({ Type: "Pass", Assign: { "a-b": 1 } }), ["INVALID_VARIABLE_NAME", "Invalid variable name 'a-b': the variable name contains invalid characters.", "/States/S/Assign/a-b"]],
    ["a state's name that is too long", states({ [long]: { Type: "Succeed" } }), ["INVALID_STATE_NAME", `Invalid State name: State '${long}' exceeds the 80-character limit allowed by the service`, `/States/${long}`]],
  ])("%s", (_name, definition, expected) => {
    expect(diagnostics(definition)).toContainEqual(expected);
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
