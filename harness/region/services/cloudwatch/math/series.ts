/** What expressions are about: time series, and how operators go over them. */
import { invalid } from "./syntax";

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

/** A series with the same times; results that are no number (a division by zero) are left out. */
export function mapSeries(series: Series, of: (value: number, time: number, index: number) => number | undefined): Series {
  const points = new Map<number, number>();
  let index = 0;
  for (const [time, value] of series.points) {
    const result = of(value, time, index++);
    if (result !== undefined && Number.isFinite(result)) points.set(time, result);
  }
  return { ...series, points };
}

/** An operator on one value, over each of its points. */
export function broadcast1(value: Value, of: (value: number) => number, text: string): Value {
  if (typeof value === "string") throw invalid(text, "a text is no operand");
  if (typeof value === "number") return of(value);
  return Array.isArray(value) ? value.map((series) => mapSeries(series, of)) : mapSeries(value, of);
}

/** An operator on two: numbers, series time by time, arrays member by member. */
export function broadcast2(left: Value, right: Value, of: (a: number, b: number) => number, text: string): Value {
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
