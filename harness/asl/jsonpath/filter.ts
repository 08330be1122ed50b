/** Filter expressions of JSONPath: `[?(@.price < 10 && @.isbn)]`. https://github.com/json-path/JsonPath#filter-operators */
import { equal, type Json } from "../json";
import { BoundedPattern } from "../pattern";
import type { Cursor } from "./cursor";
import { MISSING, walk, type Filter, type Found, type Step } from "./steps";

type Operand = (item: Json) => Found;

const MAXIMUM_DEPTH = 100;
const COMPARISONS = ["==", "!=", "<=", ">=", "=~", "<", ">"] as const;
const WORD_COMPARISONS = ["in", "nin", "subsetof", "anyof", "noneof", "contains", "size", "empty"] as const;

/** Reads `(…)` at the cursor; steps after `@` are read by what is handed in. Throws SyntaxProblem. */
export function parseFilter(cursor: Cursor, readSteps: (cursor: Cursor) => Step[]): Filter {
  const either = (): Filter => {
    const terms = [both()];
    while (operator("||")) terms.push(both());
    return terms.length === 1 ? terms[0] as Filter : (item) => terms.some((term) => term(item));
  };
  const both = (): Filter => {
    const terms = [term()];
    while (operator("&&")) terms.push(term());
    return terms.length === 1 ? terms[0] as Filter : (item) => terms.every((one) => one(item));
  };
  const operator = (text: string): boolean => {
    cursor.skipSpace();
    return cursor.take(text);
  };
  const term = (): Filter => {
    cursor.skipSpace();
    if (cursor.peek() === "!" && !cursor.startsWith("!=")) {
      cursor.expect("!");
      const negated = cursor.nested(MAXIMUM_DEPTH, term);
      return (item) => !negated(item);
    }
    if (cursor.take("(")) {
      const inner = cursor.nested(MAXIMUM_DEPTH, either);
      cursor.skipSpace();
      cursor.expect(")");
      return inner;
    }
    return comparison();
  };
  const comparison = (): Filter => {
    const left = operand();
    cursor.skipSpace();
    const symbol = COMPARISONS.find((candidate) => cursor.take(candidate));
    if (symbol === "=~") {
      const pattern = regularExpression(cursor);
      return (item) => { const value = left(item); return typeof value === "string" && pattern.test(value); };
    }
    const word = symbol ?? WORD_COMPARISONS.find((candidate) => cursor.startsWith(`${candidate} `) && cursor.take(candidate));
    if (word === undefined) return (item) => left(item) !== MISSING;
    cursor.skipSpace();
    const right = operand();
    return (item) => compare(word, left(item), right(item));
  };
  const operand = (): Operand => {
    cursor.skipSpace();
    if (cursor.take("@")) {
      const steps = readSteps(cursor);
      return (item) => walk(steps, 0, item);
    }
    const literal = readLiteral(cursor);
    return () => literal;
  };

  cursor.expect("(");
  const filter = cursor.nested(MAXIMUM_DEPTH, either);
  cursor.skipSpace();
  cursor.expect(")");
  return filter;
}

function readLiteral(cursor: Cursor): Json {
  const next = cursor.peek();
  if (next === "'" || next === "\"") return cursor.quoted();
  if (cursor.take("[")) {
    cursor.skipSpace();
    if (cursor.take("]")) return [];
    const items = cursor.nested(MAXIMUM_DEPTH, () => cursor.list(() => readLiteral(cursor)));
    cursor.expect("]");
    return items;
  }
  for (const [text, value] of [["true", true], ["false", false], ["null", null]] as const) if (cursor.take(text)) return value;
  return Number(cursor.match(/-?\d+(\.\d+)?([eE][-+]?\d+)?/y, "a literal or @"));
}

function regularExpression(cursor: Cursor): RegExp {
  cursor.skipSpace();
  const [, body = "", flags = ""] = /^\/((?:[^/\\]|\\.)*)\/([a-z]*)$/.exec(cursor.match(/\/(?:[^/\\]|\\.)*\/[a-z]*/y, "a regular expression")) ?? [];
  try {
    return new BoundedPattern(`^(?:${body})$`, flags.includes("i") ? "iu" : "u");
  } catch {
    throw cursor.problem("a valid regular expression");
  }
}

function compare(operator: (typeof COMPARISONS)[number] | (typeof WORD_COMPARISONS)[number], left: Found, right: Found): boolean {
  if (operator === "!=") return left === MISSING || right === MISSING ? left !== right : !equal(left, right);
  if (left === MISSING || right === MISSING) return false;
  switch (operator) {
    case "==": return equal(left, right);
    case "<": return order(left, right, (sign) => sign < 0);
    case "<=": return order(left, right, (sign) => sign <= 0);
    case ">": return order(left, right, (sign) => sign > 0);
    case ">=": return order(left, right, (sign) => sign >= 0);
    case "in": return Array.isArray(right) && right.some((item) => equal(item, left));
    case "nin": return Array.isArray(right) && !right.some((item) => equal(item, left));
    case "contains": return typeof left === "string" ? typeof right === "string" && left.includes(right) : Array.isArray(left) && left.some((item) => equal(item, right));
    case "subsetof": return Array.isArray(left) && Array.isArray(right) && left.every((item) => right.some((other) => equal(item, other)));
    case "anyof": return Array.isArray(left) && Array.isArray(right) && left.some((item) => right.some((other) => equal(item, other)));
    case "noneof": return Array.isArray(left) && Array.isArray(right) && !left.some((item) => right.some((other) => equal(item, other)));
    case "size": return (typeof left === "string" || Array.isArray(left)) && left.length === right;
    case "empty": return (typeof left === "string" || Array.isArray(left)) && (left.length === 0) === right;
    case "=~": return false;
  }
}

/** Compares two numbers or two strings; nothing else has an order. */
function order(left: Json, right: Json, holds: (sign: number) => boolean): boolean {
  if (typeof left === "number" && typeof right === "number") return holds(left - right);
  if (typeof left === "string" && typeof right === "string") return holds(left < right ? -1 : left > right ? 1 : 0);
  return false;
}
