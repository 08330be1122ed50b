/**
 * Filters of the Describe operations: all of them must match, each by any of its values; `*` and `?` are wildcards, a
 * backslash takes their meaning away, and case counts.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
import { literalSource } from "../../core/regular-expression";
import { ec2Error } from "./errors";
import { requiredText, structures, texts, type Wire } from "./input";
import type { Tags } from "./tags";

/** What an item answers to a filter: its values under that name. */
export type FilterFields<T> = Readonly<Record<string, (item: T) => string | number | boolean | readonly string[] | undefined>>;

interface Filter { name: string; patterns: RegExp[] }

function readFilters(input: Wire): Filter[] {
  return structures(input, "Filter").map((filter) => {
    const name = requiredText(filter, "Name");
    const values = texts(filter, "Value");
    if (values.length === 0) throw ec2Error("InvalidParameterValue", `The filter '${name}' has no values`);
    return { name, patterns: values.map(wildcard) };
  });
}

/** A text with wildcards as a pattern for the whole value. */
export function wildcard(value: string): RegExp {
  let pattern = "";
  for (let index = 0; index < value.length; index++) {
    const character = value[index]!;
    if (character === "\\" && index + 1 < value.length) pattern += literalSource(value[++index]!);
    else if (character === "*") pattern += "[^]*";
    else if (character === "?") pattern += "[^]";
    else pattern += literalSource(character);
  }
  return new RegExp(`^${pattern}$`);
}

/**
 * The items that every filter of the request matches.
 * @param tagsOf for resources with tags: `tag:KEY` and `tag-key` then work
 * @throws AwsError InvalidParameterValue, for a filter that does not exist
 */
export function filtered<T>(items: readonly T[], input: Wire, fields: FilterFields<T>, tagsOf?: (item: T) => Tags): T[] {
  const filters = readFilters(input);
  for (const { name } of filters) {
    const known = Object.hasOwn(fields, name) || (tagsOf !== undefined && (name.startsWith("tag:") || name === "tag-key" || name === "tag-value"));
    if (!known) throw ec2Error("InvalidParameterValue", `The filter '${name}' is invalid`);
  }
  return items.filter((item) => filters.every((filter) => matches(valuesOf(item, filter.name, fields, tagsOf), filter.patterns)));
}

function valuesOf<T>(item: T, name: string, fields: FilterFields<T>, tagsOf?: (item: T) => Tags): readonly string[] {
  if (tagsOf && !Object.hasOwn(fields, name)) {
    const tags = tagsOf(item);
    if (name === "tag-key") return [...tags.keys()];
    if (name === "tag-value") return [...tags.values()];
    const value = tags.get(name.slice("tag:".length));
    return value === undefined ? [] : [value];
  }
  const value = fields[name]!(item);
  if (value === undefined) return [];
  return typeof value === "object" ? value : [String(value)];
}

const matches = (values: readonly string[], patterns: readonly RegExp[]): boolean => values.some((value) => patterns.some((pattern) => pattern.test(value)));
