/**
 * Values of fields: texts, numbers, times, or nothing. What looks like a number is one wherever a number is asked for.
 * JSON's booleans are 1 and 0, as in the queries of AWS's own tools.
 */

/** A time, kept apart from numbers because results show it as one. */
export class Time {
  constructor(readonly milliseconds: number) {}
}

export type Value = string | number | Time | undefined;

export const truth = (value: boolean): Value => (value ? 1 : 0);
export const isTrue = (value: Value): boolean => value !== undefined && value !== "" && numberOf(value) !== 0;

/** The value as a number; undefined when it is none. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (value instanceof Time) return value.milliseconds;
  if (value === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) return undefined;
  return Number(value);
}

/** As results show it: "2026-01-05 00:00:45.000" for times, numbers to four decimals. */
export function textOf(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Time) return new Date(value.milliseconds).toISOString().replace("T", " ").replace("Z", "");
  return typeof value === "number" ? String(Number(value.toFixed(4))) : value;
}

/** Less than, equal or greater, as numbers where both are; undefined where one is nothing. */
export function compare(a: Value, b: Value): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return x - y;
  const [s, t] = [textOf(a), textOf(b)];
  return s < t ? -1 : s > t ? 1 : 0;
}

/**
 * The order of `sort`: what is no number before numbers; in texts, runs of digits by their length and value, the rest by Unicode.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html
 */
export function naturalOrder(a: Value, b: Value): number {
  if (a === undefined || b === undefined) return Number(b === undefined) - Number(a === undefined) === 0 ? 0 : a === undefined ? -1 : 1;
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return x - y;
  if (x !== undefined || y !== undefined) return x === undefined ? -1 : 1;
  const [left, right] = [chunks(textOf(a)), chunks(textOf(b))];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = byChunk(left[index]!, right[index]!);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

const chunks = (text: string): string[] => text.match(/\d+|\D+/g) ?? [];

function byChunk(a: string, b: string): number {
  const digits = /^\d/;
  if (digits.test(a) && digits.test(b) && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
