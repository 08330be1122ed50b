/**
 * MetricDataQueries: what GetMetricData and alarms ask, metrics and expressions over them, evaluated over a range.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
 */
import { booleanOf, numberOf } from "../../wire/scalars";
import { missingParameter, validation } from "./errors";
import { evaluate } from "./math/evaluate";
import type { Scope, Series, Value } from "./math/series";
import { sortDimensions, type Dimension, type Metric, type MetricName, type Metrics } from "./metrics";
import { compileSearch, MOST_FOUND } from "./search";
import { byPeriod, checkPeriod, parseStatistic, type Statistic } from "./statistics";

export interface InputMetric { Namespace?: string; MetricName?: string; Dimensions?: Dimension[] }

/** As it comes in; scalars may be text. */
export interface InputQuery {
  Id?: string;
  MetricStat?: { Metric?: InputMetric; Period?: number | string; Stat?: string; Unit?: string };
  Expression?: string;
  Label?: string;
  ReturnData?: boolean | string;
  Period?: number | string;
  AccountId?: string;
}

export interface Query {
  id: string;
  label?: string;
  returnData: boolean;
  period?: number;
  expression?: string;
  metric?: { name: MetricName; period: number; stat: string; statistic: Statistic; unit?: string };
}

/** @throws AwsError ValidationError, InvalidParameterValue, MissingParameter */
export function parseQueries(input: readonly InputQuery[] | undefined): Query[] {
  if (!Array.isArray(input) || input.length === 0) throw missingParameter("MetricDataQueries");
  if (input.length > 500) throw validation("The collection MetricDataQueries must not have a size greater than 500.");
  const ids = new Set<string>();
  return input.map((query: InputQuery) => {
    const { Id: id } = query;
    if (typeof id !== "string" || !/^[a-z][a-zA-Z0-9_]{0,254}$/.test(id)) throw validation(`The value for field MetricDataQueries must start with a lowercase letter and contain only letters, digits and underscores in its Id; it was '${String(id)}'.`);
    if (ids.has(id)) throw validation(`The values for field id in MetricDataQueries must be unique: '${id}' appears twice.`);
    ids.add(id);
    if ((query.MetricStat === undefined) === (query.Expression === undefined)) throw validation(`Either MetricStat or Expression must be specified for '${id}', and not both.`);
    const common = { id, label: query.Label, returnData: booleanOf(query.ReturnData, "ReturnData") ?? true, period: numberOf(query.Period, "Period") };
    if (query.Expression !== undefined) return { ...common, expression: query.Expression };
    const { Metric: metric, Period, Stat: stat, Unit: unit } = query.MetricStat!;
    if (!stat) throw missingParameter(`MetricDataQueries.${id}.MetricStat.Stat`);
    return { ...common, metric: { name: metricName(metric), period: checkPeriod(numberOf(Period, "Period")), stat, statistic: parseStatistic(stat), ...(unit ? { unit } : {}) } };
  });
}

/** @throws AwsError MissingParameter */
export function metricName(metric: InputMetric | undefined): MetricName {
  if (!metric?.Namespace) throw missingParameter("Namespace");
  if (!metric.MetricName) throw missingParameter("MetricName");
  return { namespace: metric.Namespace, name: metric.MetricName, dimensions: sortDimensions(metric.Dimensions) };
}

export interface Range {
  /** Epoch seconds; end exclusive. */
  start: number;
  end: number;
  now: number;
  /** Whether periods begin at multiples of their length (default), or at `start`. */
  aligned?: boolean;
}
export interface Result { id: string; label: string; period: number; points: [time: number, value: number][] }

/** Evaluates queries over a range; those with ReturnData give results, in the order of the queries. @throws AwsError ValidationError */
export function runQueries(metrics: Metrics, queries: readonly Query[], range: Range): Result[] {
  const values = new Map<string, Value>();
  const pending = new Set<string>();
  const byId = new Map(queries.map((query) => [query.id, query]));
  const periods = queries.flatMap((query) => query.metric?.period ?? []);
  const defaultPeriod = periods.length > 0 ? Math.max(...periods) : 300;

  const valueOf = (id: string): Value | undefined => {
    const query = byId.get(id);
    if (!query) return undefined;
    const known = values.get(id);
    if (known !== undefined) return known;
    if (pending.has(id)) throw validation(`Error in expression '${id}': it refers to itself`);
    pending.add(id);
    const value = query.metric
      ? seriesOf(metrics.find(query.metric.name), query.metric, range, query.label ?? query.metric.name.name)
      : evaluate(query.expression!, scope(query));
    values.set(id, value);
    return value;
  };
  const scope = (query: Query): Scope => ({
    period: query.period ?? defaultPeriod,
    lookUp: valueOf,
    metrics: (contains) => queries.filter((other) => other.metric && (contains === undefined || other.id.includes(contains))).map((other) => valueOf(other.id) as Series),
    search: (text, stat, period) => search(metrics, text, stat, period ?? query.period ?? defaultPeriod, range),
    times: (period) => timesOf(range, period),
  });

  return queries.filter((query) => query.returnData).flatMap((query) => {
    const value = valueOf(query.id)!;
    if (typeof value === "string") throw validation(`Error in expression '${query.id}': it gives a text, not a time series`);
    if (typeof value === "number") {
      const period = query.period ?? defaultPeriod;
      return [{ id: query.id, label: query.label ?? query.id, period, points: Number.isFinite(value) ? timesOf(range, period).map((time): [number, number] => [time, value]) : [] }];
    }
    return (Array.isArray(value) ? value : [value]).map((series) => ({
      id: query.id,
      label: labelOf(query, series),
      period: series.period,
      points: [...series.points],
    }));
  });
}

/** Series of an expression have their own labels; a query's Label stands for `${LABEL}`s and all. */
function labelOf(query: Query, series: Series): string {
  if (query.label === undefined) return query.metric || series.label !== query.expression ? series.label : query.id;
  return query.label.replace(/\$\{LABEL\}/g, series.label).replace(/\$\{PROP\('(?:Dim\.)?([^']*)'\)\}/g, (whole, name: string) => propertyOf(series, name) ?? whole);
}

interface LabelledSeries extends Series { metric?: Metric }
function propertyOf(series: LabelledSeries, name: string): string | undefined {
  const { metric } = series;
  if (name === "MetricName") return metric?.name;
  if (name === "Namespace") return metric?.namespace;
  if (name === "Period") return String(series.period);
  return metric?.dimensions.find((dimension) => dimension.Name === name)?.Value;
}

const firstPeriod = ({ start, aligned }: Range, period: number): number => (aligned === false ? start : Math.floor(start / period) * period);

function timesOf(range: Range, period: number): number[] {
  const times: number[] = [];
  for (let time = firstPeriod(range, period); time < range.end; time += period) times.push(time);
  return times;
}

function seriesOf(metric: Metric | undefined, { period, statistic, unit }: { period: number; statistic: Statistic; unit?: string }, range: Range, label: string): LabelledSeries {
  const points = new Map<number, number>();
  for (const { time, data } of byPeriod(metric, firstPeriod(range, period), range.end, period, range.now, unit)) {
    const value = statistic(data);
    if (value !== undefined && Number.isFinite(value)) points.set(time, value);
  }
  return { label, period, points, metric };
}

/** Series that were found are labelled by what tells them apart: the values of the dimensions, after the name if names differ. */
function search(metrics: Metrics, text: string, stat: string, period: number, range: Range): Series[] {
  const matches = compileSearch(text);
  const statistic = parseStatistic(stat);
  const found = [...metrics.byKey.values()].filter(matches).sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, MOST_FOUND);
  const sameName = found.every((metric) => metric.name === found[0]!.name);
  const sameDimensions = found.every((metric) => JSON.stringify(metric.dimensions) === JSON.stringify(found[0]!.dimensions));
  return found
    .map((metric) => {
      const dimensions = metric.dimensions.map(({ Value }) => Value).join(" ");
      const label = found.length === 1 || (sameDimensions && !sameName) ? metric.name : sameName ? dimensions || metric.name : `${dimensions} ${metric.name}`.trim();
      return seriesOf(metric, { period: checkPeriod(period), statistic }, range, label);
    })
    .filter((series) => series.points.size > 0);
}
