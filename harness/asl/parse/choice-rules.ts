/** Reads the rules of Choice states: JSONata conditions, or JSONPath comparisons with And, Or and Not. */
import { isObject, type Json, type Maybe } from "../json";
import type { Branch } from "../branch";
import { JsonataFlow, JsonPathFlow, type Flow } from "../states/flow";
import { isExpression, typedField } from "../jsonata/template";
import type { Path } from "../jsonpath/path";
import { MISSING } from "../jsonpath/steps";
import type { Reference } from "../jsonpath/value";
import type { State } from "../state";
import type { ChoiceRule } from "../states/choice";
import { COMPARISONS, TYPE_TESTS, type Comparison } from "../states/comparisons";
import { checkAssign, readJsonata } from "./flow";
import { NO_TIMESTAMP, type Reader } from "./reader";

type Test = (branch: Branch, data: Json) => Maybe<boolean>;

/** A rule of a Choice state; `outputPath` is the state's. */
export function readRule(reader: Reader, outputPath: Reference | null | undefined): ChoiceRule {
  if (!reader.has("Next")) reader.problem(undefined, "These fields are required: [Next]");
  checkAssign(reader);
  const rule: ChoiceRule = { holds: reader.language === "JSONata" ? readCondition(reader) : readComparison(reader, true), next: undefined as unknown as State, flow: ruleFlow(reader, outputPath) };
  reader.link("Next", (state) => { rule.next = state; });
  return rule;
}

function ruleFlow(reader: Reader, outputPath: Reference | null | undefined): Flow {
  if (reader.language === "JSONata") return new JsonataFlow(readJsonata(reader), true);
  const assign = reader.payload("Assign");
  return new JsonPathFlow({ ...(outputPath === undefined ? {} : { outputPath }), ...(assign === undefined ? {} : { assign }) });
}

const CONDITION_FIELDS = new Set(["Condition", "Next", "Assign", "Output", "Comment"]);

function readCondition(reader: Reader): Test {
  for (const field of Object.keys(reader.fields)) if (!CONDITION_FIELDS.has(field)) reader.unknownField(field, isComparisonField(field));
  const condition = reader.fields["Condition"];
  if (condition === undefined) {
    reader.problem(undefined, "These fields are required: [Condition]");
    return () => false;
  }
  if (typeof condition === "boolean") return () => condition;
  if (!isExpression(condition)) {
    reader.problem("Condition", "The value for the field 'Condition' must be a JSONata expression or a boolean");
    return () => false;
  }
  const typed = typedField(condition, `${reader.prefix}Condition`, "boolean", (value): value is boolean => typeof value === "boolean", reader.templates);
  return (branch, data) => typed.evaluate(branch, { input: data });
}

const OPERATORS = [...Object.entries(COMPARISONS).flatMap(([name, { byPath }]) => (byPath ? [name, `${name}Path`] : [name])), ...Object.keys(TYPE_TESTS)];
const isComparisonField = (field: string): boolean => ["Variable", "And", "Or", "Not", ...OPERATORS].includes(field);

const COMMON_FIELDS = new Set(["Next", "Assign", "Comment", "Variable", "And", "Or", "Not"]);

function readComparison(reader: Reader, isRule: boolean): Test {
  const operators = Object.keys(reader.fields).filter((field) => !COMMON_FIELDS.has(field));
  const combinators = ["And", "Or", "Not"].filter((field) => reader.has(field));
  if (!isRule && reader.has("Next")) reader.problem(undefined, "Field 'Next' is not supported");
  if (reader.has("Condition")) {
    reader.unknownField("Condition", true);
    return () => false;
  }
  const kinds = [...combinators, ...(reader.has("Variable") ? ["Variable"] : [])];
  if (kinds.length !== 1) {
    reader.problem(undefined, "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]");
    return () => false;
  }
  if (operators.length > 1) reader.onlyOne(...operators);
  if (combinators.length === 0 && operators.length === 0) reader.problem(undefined, `This object should have only one of the following fields: [${OPERATORS.join(", ")}]`);
  if (combinators.length === 0 && operators.length !== 1) return () => false;
  const combinator = combinators[0];
  return combinator === undefined ? readOperator(reader, operators[0] as string) : readCombinator(reader, combinator);
}

function readCombinator(reader: Reader, field: string): Test {
  if (field === "Not") {
    const inner = reader.object(field);
    const test = inner === undefined ? (): boolean => false : (readComparison(reader.inside(inner, field), false) as (branch: Branch, data: Json) => boolean);
    return (branch, data) => !test(branch, data);
  }
  const list = reader.array(field) ?? [];
  if (list.length === 0 && reader.has(field)) reader.problem(field, "Value cannot be empty");
  const tests = list.map((entry, index): ((branch: Branch, data: Json) => boolean) => {
    if (isObject(entry)) return readComparison(reader.inside(entry, `${field}[${index}]`), false) as (branch: Branch, data: Json) => boolean;
    reader.problem(`${field}[${index}]`, "Expected value of type [OBJECT]");
    return () => false;
  });
  return field === "And" ? (branch, data) => tests.every((test) => test(branch, data)) : (branch, data) => tests.some((test) => test(branch, data));
}

function readOperator(reader: Reader, operator: string): Test {
  const variable = reader.comparedPath("Variable");
  const operand = reader.fields[operator] as Json;
  const typeTest = TYPE_TESTS[operator];
  if (typeTest !== undefined) {
    const wanted = reader.boolean(operator);
    if (variable === undefined || wanted === undefined) return () => false;
    if (operator === "IsPresent") return (branch, data) => (variable.find(branch, data) !== MISSING) === wanted;
    return (branch, data) => typeTest(value(variable, branch, data)) === wanted;
  }
  const byPath = operator.endsWith("Path") ? COMPARISONS[operator.slice(0, -"Path".length)] : undefined;
  if (byPath?.byPath === true) {
    const path = reader.comparedPath(operator);
    return path === undefined || variable === undefined ? () => false : (branch, data) => holds(byPath, value(variable, branch, data), value(path, branch, data));
  }
  const comparison = COMPARISONS[operator];
  if (comparison === undefined) {
    reader.problem(undefined, `Field '${operator}' is not supported`);
    return () => false;
  }
  if (!comparison.accepts(operand)) {
    reader.problem(operator, comparison.type !== "Timestamp" ? `Expected value of type [${comparison.type.toUpperCase()}]` : typeof operand === "string" ? NO_TIMESTAMP : "Expected value of type [STRING]");
    return () => false;
  }
  return variable === undefined ? () => false : (branch, data) => holds(comparison, value(variable, branch, data), operand);
}

const holds = (comparison: Comparison, left: Json, right: Json): boolean => comparison.accepts(left) && comparison.accepts(right) && comparison.compare(left as never, right as never);

/** What a condition's path finds. Throws States.Runtime, which nothing catches. */
function value(path: Path, branch: Branch, data: Json): Json {
  const found = path.find(branch, data);
  if (found === MISSING) throw branch.fault("States.Runtime", `Invalid path '${path.source}': The choice state's condition path references an invalid value.`, { fatal: true });
  return found;
}
