/**
 * Payload templates of JSONPath states: Parameters, ItemSelector, ResultSelector, Assign. A member whose name ends in `.$`
 * takes its value from a path or an intrinsic function, and loses the suffix.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
 */
import { SyntaxProblem } from "../errors";
import { isObject, put, type Json, type JsonObject } from "../json";
import type { Scope } from "../scope";
import { hashMapOrder } from "./member-order";
import type { Path } from "./path";
import { parseReference } from "./value";

export type PayloadTemplate = { readonly constant: true; readonly value: Json } | { readonly constant: false; evaluate(scope: Scope, data: Json): Json };

export interface PayloadListener {
  path(path: Path, field: string): void;
  /** A member that should hold a path and does not; `pointer` leads to it from the template. */
  problem(field: string, pointer: string): void;
}

const SUFFIX = ".$";

/** Compiles a template. Subtrees without paths stay as they are. */
export function compilePayload(value: Json, pointer: string, listener: PayloadListener): PayloadTemplate {
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compilePayload(item, `${pointer}[${index}]`, listener));
    if (items.every((item) => item.constant)) return { constant: true, value };
    return { constant: false, evaluate: (scope, data) => items.map((item) => (item.constant ? item.value : item.evaluate(scope, data))) };
  }
  if (!isObject(value)) return { constant: true, value };
  const written = Object.keys(value).filter((key) => !key.endsWith(SUFFIX));
  const referring = Object.keys(value).filter((key) => key.endsWith(SUFFIX)).map((key) => key.slice(0, -SUFFIX.length));
  const members = [
    ...written.map((key): [string, PayloadTemplate] => [key, compilePayload(value[key] as Json, `${pointer}/${key}`, listener)]),
    ...hashMapOrder(referring).map((key): [string, PayloadTemplate] => [key, compileReference(`${key}${SUFFIX}`, value[`${key}${SUFFIX}`] as Json, pointer, listener)]),
  ];
  if (members.every(([, item]) => item.constant)) return { constant: true, value };
  return {
    constant: false,
    evaluate(scope, data) {
      const result: JsonObject = {};
      for (const [key, item] of members) put(result, key, item.constant ? item.value : item.evaluate(scope, data));
      return result;
    },
  };
}

function compileReference(key: string, item: Json, pointer: string, listener: PayloadListener): PayloadTemplate {
  try {
    if (typeof item !== "string") throw new SyntaxProblem("not a string");
    const reference = parseReference(item);
    for (const path of reference.paths) listener.path(path, key);
    return { constant: false, evaluate: (scope, data) => reference.evaluate(scope, data, key) };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    listener.problem(key, pointer);
    return { constant: true, value: null };
  }
}

export const evaluatePayload = (template: PayloadTemplate, scope: Scope, data: Json): Json => (template.constant ? template.value : template.evaluate(scope, data));
