/** The functions of metric math. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list */
import { broadcast1, mapSeries, type Scope, type Series, type Value } from "./series";
import { invalid } from "./syntax";

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

/** By their names. The text is that of the whole expression, for messages. */
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
