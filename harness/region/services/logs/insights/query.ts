/**
 * A query: commands with pipes between them, each making records of records.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
import { expression } from "./expression";
import { unsupportedQuery } from "./malformed";
import { parse } from "./parse";
import { Reader } from "./reader";
import { recordOf, type Record_, type Source } from "./record";
import { columns, stats } from "./stats";
import { isTrue, naturalOrder, textOf, type Value } from "./values";
import { REFUSED } from "../limits";

/** As GetQueryResults gives it. */
export type Row = { field: string; value: string }[];

export interface Answer {
  rows: Row[];
  /** How many events were filtered in. */
  matched: number;
}

export interface Query {
  /** @param sources events in any order; @param limit of rows, where the query has none */
  run(sources: readonly Source[], limit: number): Answer;
}

/** What the commands share while they are read. */
interface Plan {
  stages: ((records: Record_[]) => Record_[])[];
  /** What `fields` and `display` show; undefined: what a query shows that says nothing. */
  shown: string[] | undefined;
  /** Set by `display`, after which `fields` adds nothing to what is shown. */
  displayed: boolean;
  /** Records are rows of `stats`: all of their columns are shown, and no @ptr. */
  aggregated: boolean;
  limit: number | undefined;
}

type Command = (reader: Reader, plan: Plan) => void;

export const COMMANDS: Readonly<Record<string, Command>> = {
  fields(reader, plan) {
    const found = columns(reader);
    plan.stages.push((records) => records.map((record) => new Map([...record, ...found.map(({ name, run }): [string, Value] => [name, run(record)])])));
    if (!plan.displayed) plan.shown = [...new Set([...(plan.shown ?? []), ...found.map(({ name }) => name)])];
  },
  display(reader, plan) {
    COMMANDS["fields"]!(reader, Object.assign(plan, { shown: [], displayed: false }));
    plan.displayed = true;
  },
  filter(reader, plan) {
    const condition = expression(reader);
    plan.stages.push((records) => records.filter((record) => isTrue(condition(record))));
  },
  parse(reader, plan) {
    const extend = parse(reader);
    plan.stages.push((records) => records.map(extend));
  },
  sort(reader, plan) {
    const keys = [...list(reader, () => {
      const run = expression(reader);
      return { run, sign: reader.word("asc", "desc") === "desc" ? -1 : 1 };
    })];
    plan.stages.push((records) => records.toSorted((a, b) => keys.reduce((found, { run, sign }) => found || sign * naturalOrder(run(a), run(b)), 0)));
  },
  limit(reader, plan) {
    const count = Number(reader.take("number").value);
    if (!Number.isInteger(count) || count < 1 || count > MOST_ROWS) throw reader.wrong(`limit must be a whole number from 1 to ${MOST_ROWS}`, reader.at - 1);
    plan.limit = count;
    plan.stages.push((records) => records.slice(0, count));
  },
  stats(reader, plan) {
    plan.stages.push(stats(reader));
    Object.assign(plan, { aggregated: true, shown: undefined, displayed: false });
  },
  dedup(reader, plan) {
    const names = [...list(reader, () => reader.take("name", "field").value)];
    plan.stages.push((records) => {
      const seen = new Set<string>();
      return records.filter((record) => {
        const values = names.map((name) => record.get(name));
        const key = JSON.stringify(values.map(textOf));
        // An event that lacks a field is no one's double.
        if (values.some((value) => value === undefined)) return true;
        return !seen.has(key) && seen.add(key);
      });
    });
  },
};

/** What AWS has beyond these: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html */
const UNSUPPORTED_COMMANDS: readonly string[] = ["pattern", "diff", "unmask", "unnest", "filterindex", "source", "anomaly", "lookup", "join", "adddiff"];

export const MOST_ROWS = 10_000;

function* list<T>(reader: Reader, item: () => T): Generator<T> {
  do yield item(); while (reader.symbol(",") !== undefined);
}

/** @throws AwsError MalformedQueryException */
export function compileQuery(text: string): Query {
  const reader = new Reader(text);
  const plan: Plan = { stages: [], shown: undefined, displayed: false, aggregated: false, limit: undefined };
  let counted = 0;
  reader.symbol("|");
  do {
    const command = reader.take("name");
    const read = COMMANDS[command.value.toLowerCase()];
    if (read === undefined) {
      if (UNSUPPORTED_COMMANDS.includes(command.value.toLowerCase())) throw unsupportedQuery(REFUSED.commands, command.value);
      throw reader.wrong(`unexpected symbol found ${command.value}`, reader.at - 1);
    }
    read(reader, plan);
    // What is matched is what the stages before any aggregation or limit let through.
    if (!plan.aggregated && plan.limit === undefined) counted = plan.stages.length;
  } while (reader.symbol("|") !== undefined);
  if (!reader.ended) throw reader.unexpected();
  return {
    run(sources, limit) {
      // Newest first, unless the query sorts; of the same time in the order of their arrival.
      let records = sources.toSorted((a, b) => b.timestamp - a.timestamp || (a.id < b.id ? -1 : 1)).map(recordOf);
      let matched = records.length;
      for (const [index, stage] of plan.stages.entries()) {
        records = stage(records);
        if (index + 1 <= counted) matched = records.length;
      }
      return { rows: records.slice(0, plan.limit ?? limit).map((record) => rowOf(record, plan)), matched };
    },
  };
}

function rowOf(record: Record_, { shown, aggregated }: Plan): Row {
  const names = shown ?? (aggregated ? [...record.keys()] : ["@timestamp", "@message"]);
  const row = names.flatMap((field): Row => {
    const value: Value = record.get(field);
    return value === undefined ? [] : [{ field, value: textOf(value) }];
  });
  const pointer = record.get("@ptr");
  return pointer === undefined || names.includes("@ptr") ? row : [...row, { field: "@ptr", value: textOf(pointer) }];
}
