/**
 * Expressions: `or`, `and`, `not`, comparisons, `like`, `in`, arithmetic, functions, fields, literals; parsed once, run for
 * each record. A comparison with nothing is not true.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
 */
import { FUNCTIONS, UNSUPPORTED_FUNCTIONS } from "./functions";
import { unsupportedQuery } from "./malformed";
import type { Reader } from "./reader";
import type { Record_ } from "./record";
import { compare, isTrue, numberOf, textOf, Time, truth, type Value } from "./values";
import { REFUSED } from "../limits";

export type Expression = (record: Record_) => Value;

const COMPARISONS: Readonly<Record<string, (difference: number) => boolean>> = {
  "=": (difference) => difference === 0, "!=": (difference) => difference !== 0,
  "<": (difference) => difference < 0, "<=": (difference) => difference <= 0, ">": (difference) => difference > 0, ">=": (difference) => difference >= 0,
};
const SUMS: Readonly<Record<string, (a: number, b: number) => number>> = { "+": (a, b) => a + b, "-": (a, b) => a - b };
const PRODUCTS: Readonly<Record<string, (a: number, b: number) => number>> = { "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b };
const POWERS: Readonly<Record<string, (a: number, b: number) => number>> = { "^": (a, b) => a ** b };

/** @throws AwsError MalformedQueryException, as all below */
export function expression(reader: Reader): Expression {
  const left = conjunction(reader);
  if (!reader.word("or")) return left;
  const right = expression(reader);
  return (record) => truth(isTrue(left(record)) || isTrue(right(record)));
}

function conjunction(reader: Reader): Expression {
  const left = negation(reader);
  if (!reader.word("and")) return left;
  const right = conjunction(reader);
  return (record) => truth(isTrue(left(record)) && isTrue(right(record)));
}

function negation(reader: Reader): Expression {
  if (!reader.word("not")) return comparison(reader);
  const inner = negation(reader);
  return (record) => truth(!isTrue(inner(record)));
}

function comparison(reader: Reader): Expression {
  const left = arithmetic(reader, SUMS, (inner) => arithmetic(inner, PRODUCTS, (innermost) => arithmetic(innermost, POWERS, operand)));
  const symbol = reader.symbol(...Object.keys(COMPARISONS));
  if (symbol !== undefined) {
    const right = comparison(reader);
    const holds = COMPARISONS[symbol]!;
    return (record) => {
      const difference = compare(left(record), right(record));
      return truth(difference !== undefined && holds(difference));
    };
  }
  if (reader.symbol("=~") !== undefined) return matching(left, reader, false);
  const negated = reader.words("not", "like") || reader.words("not", "in") ? reader.lastWord() : undefined;
  if (negated === "like" || reader.word("like")) return matching(left, reader, negated !== undefined);
  if (negated === "in" || reader.word("in")) return member(left, reader, negated !== undefined);
  return left;
}

function matching(left: Expression, reader: Reader, negated: boolean): Expression {
  const pattern = reader.take("regex", "text");
  if (pattern.kind === "regex") {
    const regex = regularExpression(reader, pattern.value);
    return (record) => truth(regex.test(textOf(left(record))) !== negated);
  }
  return (record) => truth(textOf(left(record)).includes(pattern.value) !== negated);
}

/** Flags stand at the beginning, as in `(?i)`. */
export function regularExpression(reader: Reader, source: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(source);
  try {
    return new RegExp(flags === null ? source : source.slice(flags[0].length), flags?.[1] ?? "");
  } catch {
    throw reader.wrong("invalid regular expression");
  }
}

function member(left: Expression, reader: Reader, negated: boolean): Expression {
  reader.expect("[");
  const values: Expression[] = [];
  do values.push(expression(reader)); while (reader.symbol(",") !== undefined);
  reader.expect("]");
  return (record) => {
    const value = left(record);
    return truth(value !== undefined && values.some((each) => compare(value, each(record)) === 0) !== negated);
  };
}

function arithmetic(reader: Reader, operators: Readonly<Record<string, (a: number, b: number) => number>>, inner: (reader: Reader) => Expression): Expression {
  let left = inner(reader);
  for (let symbol = reader.symbol(...Object.keys(operators)); symbol !== undefined; symbol = reader.symbol(...Object.keys(operators))) {
    const [before, right, run] = [left, inner(reader), operators[symbol]!];
    left = (record) => {
      const [a, b] = [numberOf(before(record)), numberOf(right(record))];
      const result = a === undefined || b === undefined ? NaN : run(a, b);
      return Number.isFinite(result) ? result : undefined;
    };
  }
  return left;
}

function operand(reader: Reader): Expression {
  if (reader.symbol("(") !== undefined) {
    const inner = expression(reader);
    reader.expect(")");
    return inner;
  }
  if (reader.symbol("-") !== undefined) {
    const inner = operand(reader);
    return (record) => { const number = numberOf(inner(record)); return number === undefined ? undefined : -number; };
  }
  const token = reader.take("text", "number", "field", "name");
  if (token.kind === "text") return () => token.value;
  if (token.kind === "number") return () => Number(token.value);
  if (token.kind === "field" || reader.peek() !== "(") return (record) => record.get(token.value);
  return call(token.value, reader);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A period in milliseconds; months and longer have no fixed length. */
function period(reader: Reader): number {
  const [, count, unit] = /^(\d+)([a-z]+)$/.exec(reader.take("period").value)!;
  const milliseconds = UNITS[unit!];
  if (milliseconds === undefined) throw unsupportedQuery(REFUSED.periods, `${count}${unit}`);
  return Number(count) * milliseconds;
}

function call(name: string, reader: Reader): Expression {
  const start = reader.at;
  reader.expect("(");
  const lower = name.toLowerCase();
  if (lower === "bin") {
    const step = period(reader);
    reader.expect(")");
    return (record) => { const at = numberOf(record.get("@timestamp")); return at === undefined ? undefined : new Time(Math.floor(at / step) * step); };
  }
  const found = FUNCTIONS[lower];
  if (found === undefined) {
    if (UNSUPPORTED_FUNCTIONS.includes(lower)) throw unsupportedQuery(REFUSED.functions, name);
    throw reader.wrong(`unknown function ${name}`, start - 1);
  }
  const given: Expression[] = [];
  if (reader.peek() !== ")") {
    do {
      if (found.period === given.length) { const length = period(reader); given.push(() => length); } else given.push(expression(reader));
    } while (reader.symbol(",") !== undefined);
  }
  reader.expect(")");
  if (given.length < found.least || given.length > found.most) throw reader.wrong(`function ${name} takes ${found.least === found.most ? found.least : `${found.least} to ${found.most}`} arguments`, start - 1);
  return (record) => found.run(...given.map((each) => each(record)));
}
