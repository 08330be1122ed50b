/**
 * Statistics of a metric over periods: the five simple ones, percentiles and trimmed figures.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
import { invalidValue } from "./errors";
import { firstDatum, shortestPeriod, type Datum, type Metric } from "./metrics";

/** A statistic as a function of the data of a period; undefined when that data cannot give it. */
export type Statistic = (data: readonly Datum[]) => number | undefined;

const total = (data: readonly Datum[], of: (datum: Datum) => number): number => data.reduce((sum, datum) => sum + of(datum), 0);

const SIMPLE: Record<string, Statistic> = {
  SampleCount: (data) => total(data, (datum) => datum.count),
  Sum: (data) => total(data, (datum) => datum.sum),
  Average: (data) => total(data, (datum) => datum.sum) / total(data, (datum) => datum.count),
  Minimum: (data) => Math.min(...data.map((datum) => datum.min)),
  Maximum: (data) => Math.max(...data.map((datum) => datum.max)),
  IQM: (data) => trimmed(data, { low: 25, high: 75, unit: "%" }, mean),
};

export const isSimple = (name: string): boolean => Object.hasOwn(SIMPLE, name) && name !== "IQM";

/** @throws AwsError InvalidParameterValue */
export function parseStatistic(name: string): Statistic {
  if (Object.hasOwn(SIMPLE, name)) return SIMPLE[name]!;
  const percentile = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name);
  if (percentile) return (data) => percentileOf(data, Number(percentile[1]));
  const one = /^(tm|wm|tc|ts)(\d{1,2}(?:\.\d{1,10})?)$/.exec(name);
  if (one) return (data) => trimmed(data, { low: 0, high: Number(one[2]), unit: "%" }, FIGURES[one[1]!]!);
  const range = /^(TM|WM|TC|TS|PR)\((\d*(?:\.\d{1,10})?)(%?):(\d*(?:\.\d{1,10})?)(%?)\)$/.exec(name);
  if (range) {
    const bounds = boundsOf(range[2]!, range[3]!, range[4]!, range[5]!);
    if (bounds && (range[1] !== "PR" || bounds.unit === "")) return (data) => trimmed(data, bounds, FIGURES[range[1]!.toLowerCase()]!);
  }
  throw invalidValue(`The value ${name} for parameter Stat is not supported.`);
}

/** Values with their weights, ascending; undefined when only a summary of several values is known. */
function weighted(data: readonly Datum[]): [number, number][] | undefined {
  const values: [number, number][] = [];
  for (const datum of data) {
    if (datum.values) for (const value of datum.values) values.push(value);
    else if (datum.min === datum.max) values.push([datum.min, datum.count]);
    else return undefined;
  }
  return values.sort((a, b) => a[0] - b[0]);
}

/** The value at a rank, between neighbours in proportion. */
function percentileOf(data: readonly Datum[], percent: number): number | undefined {
  const values = weighted(data);
  if (!values || values.length === 0) return undefined;
  const count = values.reduce((sum, [, weight]) => sum + weight, 0);
  const rank = (percent / 100) * (count - 1);
  const at = (position: number): number => {
    let passed = 0;
    for (const [value, weight] of values) if ((passed += weight) > position) return value;
    return values[values.length - 1]![0];
  };
  const below = at(Math.floor(rank));
  return below + (at(Math.ceil(rank)) - below) * (rank - Math.floor(rank));
}

/** What lies between them counts: in percent of the values, or values themselves. */
interface Bounds { low: number; high: number; unit: "%" | "" }

/** `10%:90%`, `150:1000`, `:300`; undefined for what is none of these. */
function boundsOf(low: string, lowUnit: string, high: string, highUnit: string): Bounds | undefined {
  const unit = low === "" ? highUnit : lowUnit;
  if ((low === "" && high === "") || (low !== "" && high !== "" && lowUnit !== highUnit) || (low === "" && lowUnit !== "") || (high === "" && highUnit !== "")) return undefined;
  const bounds: Bounds = unit === "%" ? { low: Number(low || 0), high: Number(high || 100), unit } : { low: low === "" ? -Infinity : Number(low), high: high === "" ? Infinity : Number(high), unit: "" };
  return bounds.low < bounds.high && (unit === "" || bounds.high <= 100) ? bounds : undefined;
}

type Weighted = readonly (readonly [value: number, weight: number])[];
interface Part { kept: Weighted; low: number; high: number; /** How many values lie below `low` and above `high`. */ below: number; above: number }
const sumOf = (kept: Weighted): number => kept.reduce((sum, [value, weight]) => sum + value * weight, 0);
const countOf = (kept: Weighted): number => kept.reduce((sum, [, weight]) => sum + weight, 0);
const mean = ({ kept }: Part): number | undefined => (kept.length === 0 ? undefined : sumOf(kept) / countOf(kept));

const FIGURES: Record<string, (part: Part) => number | undefined> = {
  tm: mean,
  tc: ({ kept }) => countOf(kept),
  ts: ({ kept }) => sumOf(kept),
  // Winsorized: what lies outside counts as the bound.
  wm: ({ kept, low, high, below, above }) => (sumOf(kept) + (below && below * low) + (above && above * high)) / (countOf(kept) + below + above),
  // Percentile rank: how many of a hundred.
  pr: ({ kept, below, above }) => (100 * countOf(kept)) / (countOf(kept) + below + above),
};

/** Bounds in percent are inclusive; of values, the lower one is exclusive. */
function trimmed(data: readonly Datum[], bounds: Bounds, figure: (part: Part) => number | undefined): number | undefined {
  const values = weighted(data);
  if (!values || values.length === 0) return undefined;
  const isPercent = bounds.unit === "%";
  const low = isPercent ? percentileOf(data, bounds.low)! : bounds.low;
  const high = isPercent ? percentileOf(data, bounds.high)! : bounds.high;
  const isBelow = (value: number): boolean => (isPercent ? value < low : value <= low);
  return figure({
    kept: values.filter(([value]) => !isBelow(value) && value <= high), low, high,
    below: countOf(values.filter(([value]) => isBelow(value))), above: countOf(values.filter(([value]) => value > high)),
  });
}

export interface PeriodData { /** Start of the period, epoch seconds. */ time: number; data: Datum[] }

/**
 * The data of a metric between two times (epoch seconds, end exclusive), by periods counted from `start`.
 * @param nowSeconds data that was by then kept only in coarser periods than this one is left out
 */
export function byPeriod(metric: Metric | undefined, start: number, end: number, periodSeconds: number, nowSeconds: number, unit?: string): PeriodData[] {
  const periods: PeriodData[] = [];
  if (!metric) return periods;
  let current: PeriodData | undefined;
  for (let index = firstDatum(metric.data, start); index < metric.data.length; index++) {
    const datum = metric.data[index]!;
    if (datum.time >= end) break;
    if (unit !== undefined && datum.unit !== unit) continue;
    if (shortestPeriod(nowSeconds - datum.time) > periodSeconds) continue;
    const time = start + Math.floor((datum.time - start) / periodSeconds) * periodSeconds;
    if (current?.time !== time) periods.push((current = { time, data: [] }));
    current.data.push(datum);
  }
  return periods;
}

/** @throws AwsError InvalidParameterValue, when it is none that AWS takes: 1, 5, 10, 20, 30 or a multiple of 60 */
export function checkPeriod(period: number | undefined): number {
  if (period === undefined || !Number.isInteger(period) || !([1, 5, 10, 20, 30].includes(period) || (period > 0 && period % 60 === 0))) {
    throw invalidValue(`The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60; it was ${period}.`);
  }
  return period;
}
