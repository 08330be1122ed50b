/**
 * Filter patterns: terms (all of them, `?` any of them, `-` none of them, `%` regular expressions), JSON selectors in
 * braces, and space-delimited ones in brackets.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { literalSource } from "../../core/regular-expression";
import { invalidParameter } from "./errors";

/** What a pattern found in a message: for metric filters, the value of a `$.selector` or `$field`. */
export interface FilterMatch { extract(selector: string): unknown }
export type FilterPattern = (message: string) => FilterMatch | undefined;

const nothing: FilterMatch = { extract: () => undefined };

/** @throws AwsError InvalidParameterException, when the pattern is not a valid one or uses what is not supported */
export function compileFilterPattern(text: string): FilterPattern {
  const trimmed = text.trim();
  if (trimmed.length > 1024) throw invalidParameter("Invalid filter pattern: longer than 1024 characters");
  if (trimmed === "" || trimmed === '""' || trimmed === '" "') return () => nothing;
  if (trimmed.startsWith("{")) return jsonPattern(trimmed);
  if (trimmed.startsWith("[")) return delimitedPattern(trimmed);
  return termsPattern(trimmed);
}

function termsPattern(text: string): FilterPattern {
  const all: ((message: string) => boolean)[] = [];
  const any: ((message: string) => boolean)[] = [];
  const pattern = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|([^\s"%]+))/gy;
  let position = 0;
  while (position < text.length) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (!match) throw invalidParameter(`Invalid character(s) in term '${text.slice(position)}'`);
    position = pattern.lastIndex;
    const [, sign, quoted, expression, plain] = match;
    const test = expression !== undefined ? regularExpression(expression) : contains(quoted !== undefined ? quoted.replace(/\\(.)/g, "$1") : plain!);
    if (sign === "?") any.push(test);
    else all.push(sign === "-" ? (message) => !test(message) : test);
  }
  // "?" terms mixed with others are ignored, as the documentation warns.
  const matches = all.length > 0
    ? (message: string) => all.every((test) => test(message))
    : (message: string) => any.some((test) => test(message));
  return (message) => (matches(message) ? nothing : undefined);
}

const contains = (term: string) => (message: string): boolean => message.includes(term);

function regularExpression(source: string): (message: string) => boolean {
  let expression: RegExp;
  try {
    expression = new RegExp(source);
  } catch (error) {
    throw invalidParameter(`Invalid regular expression in the filter pattern: ${(error as Error).message}`);
  }
  return (message) => expression.test(message);
}

type Condition = (value: unknown) => boolean;
interface Tokens { list: string[]; at: number; text: string }

function tokenize(text: string): Tokens {
  const list: string[] = [];
  const pattern = /\s*(&&|\|\||!=|<=|>=|[=<>(){}!,[\]]|"(?:[^"\\]|\\.)*"|%(?:[^%\\]|\\.)*%|\$(?:\.[A-Za-z0-9_\-#@$]+|\["[^"]*"\]|\['[^']*'\]|\[\d+\])*|[^\s&|=<>(){}!,[\]"]+)/gy;
  let position = 0;
  const end = text.trimEnd().length;
  while (position < end) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (!match) throw invalidParameter(`Invalid filter pattern at '${text.slice(position)}'`);
    list.push(match[1]!);
    position = pattern.lastIndex;
  }
  return { list, at: 0, text };
}

const next = (tokens: Tokens): string => {
  const token = tokens.list[tokens.at++];
  if (token === undefined) throw invalidParameter(`Invalid filter pattern: '${tokens.text}' ends too early`);
  return token;
};
const peek = (tokens: Tokens): string | undefined => tokens.list[tokens.at];

function expect(tokens: Tokens, token: string): void {
  const found = next(tokens);
  if (found !== token) throw invalidParameter(`Invalid filter pattern: expected '${token}' but found '${found}' in '${tokens.text}'`);
}

function jsonPattern(text: string): FilterPattern {
  const tokens = tokenize(text);
  expect(tokens, "{");
  const condition = either(tokens, jsonTerm);
  expect(tokens, "}");
  if (peek(tokens) !== undefined) throw invalidParameter(`Invalid filter pattern: '${peek(tokens)}' follows the closing brace`);
  return (message) => {
    let value: unknown;
    try {
      value = JSON.parse(message);
    } catch {
      return undefined;
    }
    return condition(value) ? { extract: (selector) => (selector.startsWith("$") ? select(selector, value) : undefined) } : undefined;
  };
}

function either(tokens: Tokens, term: (tokens: Tokens) => Condition): Condition {
  const terms = [both(tokens, term)];
  while (peek(tokens) === "||") {
    next(tokens);
    terms.push(both(tokens, term));
  }
  return (value) => terms.some((one) => one(value));
}

function both(tokens: Tokens, term: (tokens: Tokens) => Condition): Condition {
  const parse = (): Condition => {
    if (peek(tokens) !== "(") return term(tokens);
    next(tokens);
    const inner = either(tokens, term);
    expect(tokens, ")");
    return inner;
  };
  const terms = [parse()];
  while (peek(tokens) === "&&") {
    next(tokens);
    terms.push(parse());
  }
  return (value) => terms.every((one) => one(value));
}

function jsonTerm(tokens: Tokens): Condition {
  const selector = next(tokens);
  if (!selector.startsWith("$")) throw invalidParameter(`Invalid filter pattern: '${selector}' is not a property selector; it has to start with '$'`);
  const test = comparison(tokens);
  return (value) => test(select(selector, value));
}

function comparison(tokens: Tokens): Condition {
  const operator = next(tokens);
  if (/^is$/i.test(operator)) {
    const what = next(tokens).toUpperCase();
    if (what === "NULL") return (value) => value === null;
    if (what === "TRUE") return (value) => value === true;
    if (what === "FALSE") return (value) => value === false;
    throw invalidParameter(`Invalid filter pattern: 'IS ${what}' is none of IS NULL, IS TRUE and IS FALSE`);
  }
  if (/^not$/i.test(operator)) {
    const what = next(tokens);
    if (!/^exists$/i.test(what)) throw invalidParameter(`Invalid filter pattern: 'NOT ${what}' is not NOT EXISTS`);
    return (value) => value === undefined;
  }
  const operand = next(tokens);
  switch (operator) {
    case "=": return equals(operand);
    case "!=": {
      const same = equals(operand);
      return (value) => value !== undefined && !same(value);
    }
    case "<": case "<=": case ">": case ">=": {
      const bound = Number(operand);
      if (Number.isNaN(bound)) throw invalidParameter(`Invalid filter pattern: '${operand}' is not a number`);
      const compare: Record<string, (number: number) => boolean> = { "<": (n) => n < bound, "<=": (n) => n <= bound, ">": (n) => n > bound, ">=": (n) => n >= bound };
      return (value) => isNumeric(value) && compare[operator]!(Number(value));
    }
    default: throw invalidParameter(`Invalid filter pattern: '${operator}' is not an operator`);
  }
}

const isNumeric = (value: unknown): boolean => (typeof value === "number" || (typeof value === "string" && value.trim() !== "")) && !Number.isNaN(Number(value));

function equals(operand: string): Condition {
  if (operand.startsWith("%")) {
    const test = regularExpression(operand.slice(1, -1));
    return (value) => value !== undefined && value !== null && typeof value !== "object" && test(String(value));
  }
  const quoted = operand.startsWith('"');
  const text = quoted ? operand.slice(1, -1).replace(/\\(.)/g, "$1") : operand;
  const wildcard = text.includes("*") ? new RegExp(`^${text.split("*").map(literalSource).join(".*")}$`, "s") : undefined;
  const number = !quoted && isNumeric(text) ? Number(text) : undefined;
  return (value) => {
    if (value === undefined || value === null || typeof value === "object") return false;
    if (number !== undefined && isNumeric(value)) return Number(value) === number;
    return wildcard ? wildcard.test(String(value)) : String(value) === text;
  };
}

/** The value that `$.a.b[0]["c"]` has in a JSON value; undefined when there is none. */
function select(selector: string, value: unknown): unknown {
  let found = value;
  for (const [, name, double, single, index] of selector.matchAll(/\.([A-Za-z0-9_\-#@$]+)|\["([^"]*)"\]|\['([^']*)'\]|\[(\d+)\]/g)) {
    if (typeof found !== "object" || found === null) return undefined;
    const key = name ?? double ?? single ?? index!;
    found = Object.hasOwn(found, key) ? (found as Record<string, unknown>)[key] : undefined;
  }
  return found;
}

/** `[ip, user, ..., status = 4*, bytes > 1000]`: fields by position, `...` for any number of them. */
function delimitedPattern(text: string): FilterPattern {
  if (!text.endsWith("]")) throw invalidParameter("Invalid filter pattern: the closing bracket is missing");
  const fields = text.slice(1, -1).split(",").map((part) => {
    const source = part.trim();
    if (source === "...") return { name: "...", condition: undefined };
    const name = /^[A-Za-z0-9_]*/.exec(source)![0];
    const rest = source.slice(name.length).trim();
    if (rest === "") return { name, condition: undefined };
    const fieldTerm = (tokens: Tokens): Condition => {
      if (peek(tokens) === name) next(tokens);
      return comparison(tokens);
    };
    return { name, condition: either(tokenize(source), fieldTerm) };
  });
  const gap = fields.findIndex((field) => field.name === "...");
  return (message) => {
    const words = splitWords(message);
    if (gap < 0 ? words.length !== fields.length : words.length < fields.length - 1) return undefined;
    const values = new Map<string, string>();
    for (const [index, field] of fields.entries()) {
      if (index === gap) continue;
      const word = words[gap < 0 || index < gap ? index : words.length - (fields.length - index)];
      if (field.condition && !field.condition(word)) return undefined;
      if (field.name) values.set(`$${field.name}`, word!);
    }
    return { extract: (selector) => values.get(selector) };
  };
}

/** Fields are separated by white space; quotes and brackets hold several words together. */
function splitWords(message: string): string[] {
  return [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(([, quoted, bracketed, plain]) => quoted ?? bracketed ?? plain!);
}
