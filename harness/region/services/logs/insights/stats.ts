/**
 * `stats`: one row for each group of records. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Stats.html
 */
import { expression, type Expression } from "./expression";
import { unsupportedQuery } from "./malformed";
import type { Reader } from "./reader";
import type { Record_ } from "./record";
import { naturalOrder, numberOf, textOf, type Value } from "./values";
import { REFUSED } from "../limits";

type Aggregation = (records: readonly Record_[], argument: Expression) => Value;

const present = (records: readonly Record_[], argument: Expression): Value[] => records.map(argument).filter((value) => value !== undefined);
const numbers = (records: readonly Record_[], argument: Expression): number[] => records.flatMap((record) => numberOf(argument(record)) ?? []);
const ofNumbers = (run: (values: readonly number[]) => number): Aggregation => (records, argument) => {
  const values = numbers(records, argument);
  return values.length === 0 ? undefined : run(values);
};
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
/** The value of the record with the earliest or latest @timestamp that has one. */
const byTime = (sign: number): Aggregation => (records, argument) => {
  const timed = records.filter((record) => argument(record) !== undefined).sort((a, b) => sign * ((numberOf(a.get("@timestamp")) ?? 0) - (numberOf(b.get("@timestamp")) ?? 0)));
  return timed[0] && argument(timed[0]);
};
const bySort = (sign: number): Aggregation => (records, argument) => present(records, argument).sort((a, b) => sign * naturalOrder(a, b))[0];

/** By name in lower case. */
const AGGREGATIONS: Readonly<Record<string, Aggregation>> = {
  count: (records, argument) => present(records, argument).length,
  count_distinct: (records, argument) => new Set(present(records, argument).map(textOf)).size,
  sum: ofNumbers(sum),
  avg: ofNumbers((values) => sum(values) / values.length),
  min: ofNumbers((values) => values.reduce((least, value) => Math.min(least, value))),
  max: ofNumbers((values) => values.reduce((most, value) => Math.max(most, value))),
  earliest: byTime(1),
  latest: byTime(-1),
  sortsfirst: bySort(1),
  sortslast: bySort(-1),
};
/** What AWS has beyond these. */
const UNSUPPORTED_AGGREGATIONS: readonly string[] = ["pct", "stddev"];

interface Column { name: string; run: Expression }

/** @throws AwsError MalformedQueryException */
export function stats(reader: Reader): (records: readonly Record_[]) => Record_[] {
  const aggregates: { name: string; run: (records: readonly Record_[]) => Value }[] = [];
  do {
    const start = reader.at;
    const run = aggregate(reader);
    aggregates.push({ name: columnName(reader, start), run });
  } while (reader.symbol(",") !== undefined);
  const groups = reader.word("by") === undefined ? [] : columns(reader);
  return (records) => {
    const byKey = new Map<string, Record_[]>();
    if (groups.length === 0) byKey.set("", [...records]);
    for (const record of groups.length === 0 ? [] : records) {
      const key = JSON.stringify(groups.map(({ run }) => textOf(run(record))));
      byKey.set(key, [...(byKey.get(key) ?? []), record]);
    }
    return [...byKey.values()].map((members) => new Map<string, Value>([
      ...groups.map(({ name, run }): [string, Value] => [name, run(members[0]!)]),
      ...aggregates.map(({ name, run }): [string, Value] => [name, run(members)]),
    ]));
  };
}

/** Fields and expressions, separated by commas, each with the name that `as` gives it or the text that it is. */
export function columns(reader: Reader): Column[] {
  const found: Column[] = [];
  do {
    const start = reader.at;
    const run = expression(reader);
    found.push({ name: columnName(reader, start), run });
  } while (reader.symbol(",") !== undefined);
  return found;
}

function columnName(reader: Reader, start: number): string {
  const text = reader.textSince(start);
  return reader.word("as") === undefined ? text.replace(/^`(.*)`$/, "$1") : reader.take("name", "field").value;
}

function aggregate(reader: Reader): (records: readonly Record_[]) => Value {
  const token = reader.take("name");
  const run = AGGREGATIONS[token.value.toLowerCase()];
  if (run === undefined) {
    if (UNSUPPORTED_AGGREGATIONS.includes(token.value.toLowerCase())) throw unsupportedQuery(REFUSED.aggregations, token.value);
    throw reader.wrong(`unknown aggregation function ${token.value}`, reader.at - 1);
  }
  reader.expect("(");
  let argument: Expression = () => 1;
  if (reader.symbol("*") === undefined && reader.peek() !== ")") argument = expression(reader);
  else if (run !== AGGREGATIONS["count"]) throw reader.unexpected();
  reader.expect(")");
  return (records) => run(records, argument);
}
