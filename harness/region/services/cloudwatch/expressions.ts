/**
 * Metric math: expressions over time series.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
import { unsupported, validation } from "./errors";
import { REFUSED } from "./limits";

/** Values by epoch second, ascending. */
export interface Series { label: string; period: number; points: Map<number, number> }
export type Value = number | string | Series | Series[];

/** What an expression may refer to. */
export interface Scope {
  /** The result of another query; undefined when there is none of that id. */
  lookUp(id: string): Value | undefined;
  /** Every metric of the request, `METRICS("text")` those whose id contains the text. */
  metrics(contains?: string): Series[];
  search(query: string, stat: string, period: number | undefined): Series[];
  /** Every time of the request's range, for functions that make a series out of a number. */
  times(period: number): number[];
  period: number;
}

type Node =
  | { kind: "number"; value: number }
  | { kind: "text"; value: string }
  | { kind: "name"; name: string }
  | { kind: "list"; members: Node[] }
  | { kind: "unary"; operator: string; of: Node }
  | { kind: "binary"; operator: string; left: Node; right: Node }
  | { kind: "call"; name: string; args: Node[] };

const invalid = (text: string, why: string): Error => validation(`Error in expression '${text}': ${why}`);

/** Operators by precedence, the loosest first. */
const LEVELS: readonly (readonly string[])[] = [["||", "OR"], ["&&", "AND"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-"], ["*", "/"], ["^"]];

/** @throws AwsError ValidationError */
export function parseExpression(text: string): Node {
  const tokens = [...text.matchAll(/\s*(?:(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\|\||&&|==|!=|<=|>=|[-+*/^()<>,[\]])|(\S))/g)]
    .filter((match) => match[0].trim() !== "");
  let at = 0;
  const operator = (): string | undefined => tokens[at]?.[5] ?? (/^(AND|OR)$/i.test(tokens[at]?.[2] ?? "") ? tokens[at]![2]!.toUpperCase() : undefined);
  const expect = (symbol: string): void => {
    if (operator() !== symbol) throw invalid(text, `'${symbol}' expected`);
    at++;
  };
  const list = (end: string): Node[] => {
    const members: Node[] = [];
    while (operator() !== end) {
      members.push(level(0));
      if (operator() === ",") at++;
      else break;
    }
    expect(end);
    return members;
  };
  const level = (index: number): Node => {
    const operators = LEVELS[index];
    if (!operators) return unary();
    let left = level(index + 1);
    for (let symbol = operator(); symbol !== undefined && operators.includes(symbol); symbol = operator()) {
      at++;
      left = { kind: "binary", operator: symbol, left, right: level(index + 1) };
    }
    return left;
  };
  const unary = (): Node => {
    if (operator() === "-") {
      at++;
      return { kind: "unary", operator: "-", of: unary() };
    }
    return primary();
  };
  const primary = (): Node => {
    const token = tokens[at];
    if (!token) throw invalid(text, "it ends too early");
    if (token[6] !== undefined) throw invalid(text, `'${token[6]}' is not expected here`);
    at++;
    if (token[1] !== undefined) return { kind: "number", value: Number(token[1]) };
    if (token[3] !== undefined || token[4] !== undefined) return { kind: "text", value: (token[3] ?? token[4]!).replace(/\\(.)/g, "$1") };
    if (token[2] !== undefined) {
      if (operator() !== "(") return { kind: "name", name: token[2] };
      at++;
      return { kind: "call", name: token[2].toUpperCase(), args: list(")") };
    }
    if (token[5] === "(") {
      const inner = level(0);
      expect(")");
      return inner;
    }
    if (token[5] === "[") return { kind: "list", members: list("]") };
    throw invalid(text, `'${token[0].trim()}' is not expected here`);
  };
  const node = level(0);
  if (at < tokens.length) throw invalid(text, `'${tokens[at]![0].trim()}' is not expected here`);
  return node;
}

/** The ids that an expression refers to. */
export function namesIn(node: Node): string[] {
  switch (node.kind) {
    case "name": return [node.name];
    case "list": return node.members.flatMap(namesIn);
    case "unary": return namesIn(node.of);
    case "binary": return [...namesIn(node.left), ...namesIn(node.right)];
    case "call": return node.args.flatMap(namesIn);
    default: return [];
  }
}

/** @throws AwsError ValidationError */
export function evaluate(text: string, scope: Scope): Value {
  return evaluateNode(parseExpression(text), scope, text);
}

function evaluateNode(node: Node, scope: Scope, text: string): Value {
  switch (node.kind) {
    case "number": case "text": return node.value;
    case "name": {
      const value = scope.lookUp(node.name);
      if (value === undefined) throw invalid(text, `there is no metric or expression with the id '${node.name}'`);
      return value;
    }
    case "list": return node.members.flatMap((member) => {
      const value = evaluateNode(member, scope, text);
      if (typeof value === "number" || typeof value === "string") throw invalid(text, "an array holds time series only");
      return value;
    });
    case "unary": return broadcast1(evaluateNode(node.of, scope, text), (value) => -value, text);
    case "binary": return broadcast2(evaluateNode(node.left, scope, text), evaluateNode(node.right, scope, text), BINARY[node.operator]!, text);
    case "call": {
      const run = Object.hasOwn(FUNCTIONS, node.name) ? FUNCTIONS[node.name] : undefined;
      if (!run) throw unsupported(REFUSED.mathFunctions, node.name);
      return run(node.args.map((arg) => evaluateNode(arg, scope, text)), scope, text);
    }
  }
}

const truth = (value: boolean): number => (value ? 1 : 0);
const BINARY: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "^": (a, b) => a ** b,
  "==": (a, b) => truth(a === b), "!=": (a, b) => truth(a !== b), "<": (a, b) => truth(a < b), "<=": (a, b) => truth(a <= b), ">": (a, b) => truth(a > b), ">=": (a, b) => truth(a >= b),
  "&&": (a, b) => truth(a !== 0 && b !== 0), AND: (a, b) => truth(a !== 0 && b !== 0), "||": (a, b) => truth(a !== 0 || b !== 0), OR: (a, b) => truth(a !== 0 || b !== 0),
};

/** A series with the same times; results that are no number (a division by zero) are left out. */
function mapSeries(series: Series, of: (value: number, time: number, index: number) => number | undefined): Series {
  const points = new Map<number, number>();
  let index = 0;
  for (const [time, value] of series.points) {
    const result = of(value, time, index++);
    if (result !== undefined && Number.isFinite(result)) points.set(time, result);
  }
  return { ...series, points };
}

function broadcast1(value: Value, of: (value: number) => number, text: string): Value {
  if (typeof value === "string") throw invalid(text, "a text is no operand");
  if (typeof value === "number") return of(value);
  return Array.isArray(value) ? value.map((series) => mapSeries(series, of)) : mapSeries(value, of);
}

function broadcast2(left: Value, right: Value, of: (a: number, b: number) => number, text: string): Value {
  if (typeof left === "string" || typeof right === "string") throw invalid(text, "a text is no operand");
  if (typeof left === "number" && typeof right === "number") return of(left, right);
  if (Array.isArray(left)) {
    if (Array.isArray(right)) {
      if (left.length !== right.length) throw invalid(text, "the arrays are of different lengths");
      return left.map((series, index) => pointwise(series, right[index]!, of));
    }
    return left.map((series) => pointwise(series, right, of));
  }
  if (Array.isArray(right)) return right.map((series) => pointwise(left, series, of));
  return pointwise(left, right, of);
}

function pointwise(left: Series | number, right: Series | number, of: (a: number, b: number) => number): Series {
  if (typeof left === "number") return mapSeries(right as Series, (value) => of(left, value));
  if (typeof right === "number") return mapSeries(left, (value) => of(value, right));
  return mapSeries(left, (value, time) => {
    const other = right.points.get(time);
    return other === undefined ? undefined : of(value, other);
  });
}

type MathFunction = (args: Value[], scope: Scope, text: string) => Value;

const isSeries = (value: Value | undefined): value is Series => typeof value === "object" && !Array.isArray(value);

/** A function of each value alone. */
const each = (of: (value: number) => number): MathFunction => ([value], _scope, text) => broadcast1(needed(value, text), of, text);
/** A function of a whole series that gives a series. */
const ofSeries = (of: (series: Series) => Series): MathFunction => ([value], _scope, text) => {
  if (Array.isArray(value)) return value.map(of);
  if (!isSeries(value)) throw invalid(text, "a time series is expected");
  return of(value);
};
/** A summary: of one series its values, of several the values at each time. */
const summary = (of: (values: number[]) => number | undefined): MathFunction => (args, scope, text) => {
  const value = args.length > 1 ? args.flatMap((arg) => (typeof arg === "object" ? arg : [constantSeries(arg, scope, text)])) : needed(args[0], text);
  if (typeof value === "number") return value;
  if (typeof value === "string") throw invalid(text, "a time series is expected");
  if (!Array.isArray(value)) return of([...value.points.values()]) ?? NaN;
  const times = [...new Set(value.flatMap((series) => [...series.points.keys()]))].sort((a, b) => a - b);
  const points = new Map<number, number>();
  for (const time of times) {
    const result = of(value.flatMap((series) => series.points.get(time) ?? []));
    if (result !== undefined && Number.isFinite(result)) points.set(time, result);
  }
  return { label: text, period: value[0]?.period ?? scope.period, points };
};

function needed(value: Value | undefined, text: string): Value {
  if (value === undefined) throw invalid(text, "an argument is missing");
  return value;
}

function constantSeries(value: Value, scope: Scope, text: string): Series {
  if (typeof value !== "number") throw invalid(text, "a number is expected");
  return { label: text, period: scope.period, points: new Map(scope.times(scope.period).map((time) => [time, value])) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const whole = (value: Value | undefined, text: string): number => {
  if (typeof value !== "number") throw invalid(text, "a number is expected");
  return value;
};
const calendar = (of: (date: Date) => number): MathFunction => ofSeries((series) => mapSeries(series, (_value, time) => of(new Date(time * 1000))));
const previous = (of: (value: number, before: number, seconds: number) => number): MathFunction => ofSeries((series) => {
  let last: [number, number] | undefined;
  return mapSeries(series, (value, time) => {
    const before = last;
    last = [time, value];
    return before && of(value, before[1], time - before[0]);
  });
});

export const FUNCTIONS: Record<string, MathFunction> = {
  ABS: each(Math.abs), CEIL: each(Math.ceil), FLOOR: each(Math.floor), LOG: each(Math.log), LOG10: each(Math.log10),
  SUM: summary((values) => sum(values)),
  AVG: summary((values) => (values.length > 0 ? sum(values) / values.length : undefined)),
  MIN: summary((values) => (values.length > 0 ? Math.min(...values) : undefined)),
  MAX: summary((values) => (values.length > 0 ? Math.max(...values) : undefined)),
  STDDEV: summary((values) => {
    if (values.length === 0) return undefined;
    const mean = sum(values) / values.length;
    return Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / values.length);
  }),
  DATAPOINT_COUNT: summary((values) => values.length),
  DIFF: previous((value, before) => value - before),
  DIFF_TIME: previous((_value, _before, elapsed) => elapsed),
  RATE: previous((value, before, elapsed) => (value - before) / elapsed),
  RUNNING_SUM: ofSeries((series) => {
    let total = 0;
    return mapSeries(series, (value) => (total += value));
  }),
  EPOCH: calendar((date) => date.getTime() / 1000),
  MINUTE: calendar((date) => date.getUTCMinutes()),
  HOUR: calendar((date) => date.getUTCHours()),
  DAY: calendar((date) => date.getUTCDay() || 7),
  DATE: calendar((date) => date.getUTCDate()),
  MONTH: calendar((date) => date.getUTCMonth() + 1),
  YEAR: calendar((date) => date.getUTCFullYear()),
  PERIOD: ([value], scope) => (isSeries(value) ? value.period : scope.period),
  TIME_SERIES: ([value], scope, text) => constantSeries(needed(value, text), scope, text),
  METRICS: ([text], scope) => scope.metrics(typeof text === "string" ? text : undefined),
  SEARCH: ([query, stat, period], scope, text) => {
    if (typeof query !== "string" || typeof stat !== "string") throw invalid(text, "SEARCH takes a search and a statistic, both texts");
    return scope.search(query, stat, period === undefined ? undefined : whole(period, text));
  },
  FIRST: ([value], _scope, text) => edge(value, 0, text),
  LAST: ([value], _scope, text) => edge(value, -1, text),
  REMOVE_EMPTY: ([value], _scope, text) => (Array.isArray(value) ? value.filter((series) => series.points.size > 0) : needed(value, text)),
  SLICE: ([value, start, end], _scope, text) => {
    if (!Array.isArray(value)) throw invalid(text, "SLICE takes an array of time series");
    const part = value.slice(whole(start, text), end === undefined ? undefined : whole(end, text));
    return end === undefined && part.length === 1 ? part[0]! : part;
  },
  SORT: ([value, by, order, limit], _scope, text) => {
    if (!Array.isArray(value)) throw invalid(text, "SORT takes an array of time series");
    const figure = FUNCTIONS[String(by).toUpperCase()];
    if (!figure || !["AVG", "MIN", "MAX", "SUM"].includes(String(by).toUpperCase())) throw invalid(text, "SORT sorts by AVG, MIN, MAX or SUM");
    const sorted = value.map((series) => ({ series, rank: figure([series], _scope, text) as number })).sort((a, b) => a.rank - b.rank).map(({ series }) => series);
    if (order !== "ASC") sorted.reverse();
    return limit === undefined ? sorted : sorted.slice(0, whole(limit, text));
  },
  FILL: ([value, filler], scope, text) => {
    const fill = (series: Series): Series => fillSeries(series, filler, scope, text);
    return Array.isArray(value) ? value.map(fill) : isSeries(value) ? fill(value) : needed(value, text);
  },
  IF: ([condition, yes, no], scope, text) => choose(needed(condition, text), yes ?? 1, no, scope, text),
};

function edge(value: Value | undefined, index: number, text: string): Value {
  if (Array.isArray(value)) return value.at(index) ?? [];
  if (!isSeries(value)) throw invalid(text, "a time series is expected");
  return [...value.points.values()].at(index) ?? NaN;
}

function fillSeries(series: Series, filler: Value | undefined, scope: Scope, text: string): Series {
  const times = scope.times(series.period);
  const known = [...series.points.keys()];
  const points = new Map<number, number>();
  for (const time of [...new Set([...times, ...known])].sort((a, b) => a - b)) {
    const present = series.points.get(time);
    const value = present ?? filledAt(series, known, time, filler, text);
    if (value !== undefined) points.set(time, value);
  }
  return { ...series, points };
}

function filledAt(series: Series, known: readonly number[], time: number, filler: Value | undefined, text: string): number | undefined {
  if (typeof filler === "number") return filler;
  if (isSeries(filler)) return filler.points.get(time);
  const next = known.findIndex((other) => other > time);
  const before = next < 0 ? known[known.length - 1] : known[next - 1];
  if (filler === "REPEAT") return before === undefined ? undefined : series.points.get(before);
  if (filler !== "LINEAR") throw invalid(text, "FILL fills with a number, a time series, REPEAT or LINEAR");
  const after = next < 0 ? undefined : known[next];
  if (before === undefined || after === undefined) return undefined;
  const [low, high] = [series.points.get(before)!, series.points.get(after)!];
  return low + ((high - low) * (time - before)) / (after - before);
}

function choose(condition: Value, yes: Value, no: Value | undefined, scope: Scope, text: string): Value {
  if (typeof condition === "number") return condition !== 0 ? yes : no ?? { label: text, period: scope.period, points: new Map() };
  if (!isSeries(condition)) throw invalid(text, "the condition of IF is a number or a time series");
  const at = (value: Value | undefined, time: number): number | undefined => (typeof value === "number" ? value : isSeries(value) ? value.points.get(time) : undefined);
  return mapSeries(condition, (value, time) => at(value !== 0 ? yes : no, time));
}
