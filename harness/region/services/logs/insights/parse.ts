/** `parse`: fields taken out of a text, by a glob (`*`) or a regular expression. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse.html */
import { literalSource } from "../../../core/regular-expression";
import { regularExpression } from "./expression";
import type { Reader } from "./reader";
import type { Record_ } from "./record";
import { textOf } from "./values";

/** @throws AwsError MalformedQueryException */
export function parse(reader: Reader): (record: Record_) => Record_ {
  const isField = !/^["'/]/.test(reader.query.slice(reader.offset));
  const field = isField ? reader.take("name", "field").value : "@message";
  const pattern = reader.take("text", "regex");
  if (pattern.kind === "regex") {
    const regex = regularExpression(reader, pattern.value);
    if (!/\(\?<[A-Za-z]/.test(pattern.value)) throw reader.wrong("a regular expression in parse needs named capturing groups", reader.at - 1);
    return (record) => extended(record, Object.entries(regex.exec(textOf(record.get(field)))?.groups ?? {}));
  }
  const names: string[] = [];
  if (reader.word("as") === undefined) throw reader.unexpected();
  do names.push(reader.take("name", "field").value); while (reader.symbol(",") !== undefined);
  const wildcards = pattern.value.split("*").length - 1;
  if (wildcards !== names.length) throw reader.wrong(`the pattern of parse has ${wildcards} wildcards, but ${names.length} names`, reader.at - 1);
  const parts = pattern.value.split("*").map(literalSource);
  // The last wildcard takes all that is left, where nothing follows it.
  const regex = new RegExp(parts.map((part, index) => (index === 0 ? part : `(${index === parts.length - 1 && part === "" ? ".*" : ".*?"})${part}`)).join(""), "s");
  return (record) => {
    const match = regex.exec(textOf(record.get(field)));
    return match === null ? record : extended(record, names.map((name, index) => [name, match[index + 1]!]));
  };
}

const extended = (record: Record_, found: readonly (readonly [string, string | undefined])[]): Record_ => {
  const copy = new Map(record);
  for (const [name, value] of found) if (value !== undefined) copy.set(name, value);
  return copy;
};
