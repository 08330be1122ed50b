/**
 * Values with JSONata in them: Arguments, Output, Assign, Items and the like. A string is an expression when it begins
 * with `{%` and ends with `%}`, as a whole; any other string is itself.
 */
import { isObject, put, then, typeName, type Json, type JsonObject, type Maybe } from "../json";
import type { Scope, StatesValue } from "../scope";
import { EvaluationProblem, Expression } from "./expression";
import { UnsupportedResult } from "./values";
import { SyntaxProblem } from "../errors";

/** A value to be worked out when a state runs. */
export type Template = { readonly constant: true; readonly value: Json } | { readonly constant: false; evaluate(scope: Scope, states: StatesValue): Promise<Json> };

export const isExpression = (text: unknown): text is string => typeof text === "string" && text.startsWith("{%") && text.endsWith("%}") && text.length >= 4;
const inner = (text: string): string => text.slice(2, -2).trim();

/** Told of each expression that was compiled, and of each text that could not be. */
export interface TemplateListener {
  expression(expression: Expression, location: string): void;
  problem(source: string, location: string, message: string): void;
  /** Of each text that begins like an expression and does not end like one: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
  open(location: string): void;
}

/** Compiles a value; `location` is its place in the state (`Arguments/Key`), as errors spell it. Subtrees without expressions stay as they are. */
export function compileTemplate(value: Json, location: string, listener: TemplateListener): Template {
  if (typeof value === "string") {
    if (value.startsWith("{%") && !isExpression(value)) listener.open(location);
    return isExpression(value) ? compileExpression(value, location, listener) : { constant: true, value };
  }
  if (Array.isArray(value)) return compileArray(value.map((item, index) => compileTemplate(item, `${location}[${index}]`, listener)), value);
  if (isObject(value)) {
    return compileObject(Object.entries(value).map(([key, item]) => [key, compileTemplate(item, `${location}/${key}`, listener)]), value);
  }
  return { constant: true, value };
}

function compileExpression(text: string, location: string, listener: TemplateListener): Template {
  const source = inner(text);
  let expression: Expression;
  try {
    expression = new Expression(source);
    listener.expression(expression, location);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    listener.problem(source, location, error.message);
    return { constant: true, value: null };
  }
  return { constant: false, evaluate: (scope, states) => evaluate(expression, location, scope, states) };
}

async function evaluate(expression: Expression, location: string, scope: Scope, states: StatesValue): Promise<Json> {
  let value: Json | undefined;
  try {
    value = await expression.evaluate(scope, states);
  } catch (error) {
    if (error instanceof UnsupportedResult) throw failure(scope, expression.source, location, "returned an unsupported result type.");
    if (error instanceof EvaluationProblem) throw failure(scope, expression.source, location, `threw an error during evaluation${error.code === undefined ? ": " : `. ${error.code}: `}${error.message}`);
    throw error;
  }
  if (value === undefined) throw failure(scope, expression.source, location, "returned nothing (undefined).");
  return value;
}

const failure = (scope: Scope, source: string, location: string, what: string) =>
  scope.fault("States.QueryEvaluationError", `The JSONata expression '${source}' specified for the field '${location}' ${what}`, { location });

/** An error for a value of the wrong type. */
function unexpectedType(scope: Scope, source: string, location: string, expected: string, value: Json) {
  return failure(scope, source, location, `returned an unexpected result type. Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`);
}

function compileArray(items: Template[], value: Json[]): Template {
  if (items.every((item) => item.constant)) return { constant: true, value };
  return {
    constant: false,
    async evaluate(scope, states) {
      const result: Json[] = [];
      for (const item of items) result.push(item.constant ? item.value : await item.evaluate(scope, states));
      return result;
    },
  };
}

function compileObject(members: [string, Template][], value: JsonObject): Template {
  if (members.every(([, item]) => item.constant)) return { constant: true, value };
  return {
    constant: false,
    async evaluate(scope, states) {
      const result: JsonObject = {};
      for (const [key, item] of members) put(result, key, item.constant ? item.value : await item.evaluate(scope, states));
      return result;
    },
  };
}

export const evaluateTemplate = (template: Template, scope: Scope, states: StatesValue): Maybe<Json> =>
  template.constant ? template.value : template.evaluate(scope, states);

/** A field that must give a value of one type, such as TimeoutSeconds. */
export interface TypedField<T extends Json> {
  /** Throws StatesError (States.QueryEvaluationError) where the expression gives anything else. */
  evaluate(scope: Scope, states: StatesValue): Maybe<T>;
}

export function typedField<T extends Json>(value: Json, location: string, expected: string, matches: (value: Json) => value is T, listener: TemplateListener): TypedField<T> {
  const template = compileTemplate(value, location, listener);
  const source = isExpression(value) ? inner(value) : JSON.stringify(value);
  return {
    evaluate: (scope, states) => then(evaluateTemplate(template, scope, states), (result) => {
      if (matches(result)) return result;
      throw unexpectedType(scope, source, location, expected, result);
    }),
  };
}
