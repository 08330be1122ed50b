/** Reading Elastic Load Balancing's inputs: names, ARNs, numbers within their ranges, tags, pages. Over the wire every scalar is text. */
import { AwsError } from "../../core/types";
import { pageOf } from "../../core/paging";
import { booleanOf, numberOf } from "../../wire/scalars";
import { validation } from "./errors";

export type Input = Readonly<Record<string, unknown>>;

export const textIn = (input: Input, member: string): string | undefined => (input[member] === undefined || input[member] === "" ? undefined : String(input[member]));
export const textsIn = (input: Input, member: string): string[] => (Array.isArray(input[member]) ? (input[member] as unknown[]).map(String) : []);
export const listIn = (input: Input, member: string): Input[] => (Array.isArray(input[member]) ? (input[member] as Input[]) : []);

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** A whole number within a range. @throws AwsError ValidationError */
export function wholeIn(input: Input, member: string, least: number, most: number): number | undefined {
  const given = input[member];
  const value = typeof given === "string" && !/^-?\d+$/.test(given) && given !== "" ? NaN : numberOf(given, member);
  if (value === undefined) return undefined;
  if (!Number.isInteger(value)) throw validation(`'${String(given)}' at '${lowerFirst(member)}' is not an integer`);
  const broken = value < least ? `greater than or equal to ${least}` : value > most ? `less than or equal to ${most}` : undefined;
  if (broken !== undefined) throw validation(`1 validation error detected: Value '${value}' at '${lowerFirst(member)}' failed to satisfy constraint: Member must have value ${broken}`);
  return value;
}

/** A boolean. @throws AwsError ValidationException */
export const flagIn = (input: Input, member: string): boolean | undefined => booleanOf(input[member], lowerFirst(member));

/** One of a set of words. @throws AwsError ValidationError */
export function wordIn<T extends string>(input: Input, member: string, words: readonly T[]): T | undefined {
  const value = textIn(input, member);
  if (value === undefined || (words as readonly string[]).includes(value)) return value as T | undefined;
  throw validation(`1 validation error detected: Value '${value}' at '${lowerFirst(member)}' failed to satisfy constraint: Member must satisfy enum value set: [${words.join(", ")}]`);
}

/**
 * A name: at most 32 letters, digits and hyphens, none of which at an end.
 * @param kind `Target group`, `Load balancer`
 * @throws AwsError ValidationError
 */
export function nameIn(input: Input, kind: string): string {
  const name = textIn(input, "Name") ?? "";
  const lower = kind.toLowerCase();
  if (name.length === 0) throw validation(`${kind} name '' must have length greater than or equal to 1`);
  if (name.length > 32) throw validation(`${kind} name '${name}' cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) throw validation(`${kind} name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`);
  if (/^-|-$/.test(name)) throw validation(`${kind} name '${name}' cannot begin or end with '-'`);
  if (lower === "load balancer" && name.startsWith("internal-")) throw validation(`${kind} name '${name}' cannot begin with 'internal-'`);
  return name;
}

/** Tags, each key once, at most 50. @throws AwsError DuplicateTagKeys, TooManyTags */
export function tagsIn(input: Input): Map<string, string> {
  const tags = listIn(input, "Tags");
  const result = new Map(tags.map((tag) => [String(tag["Key"]), String(tag["Value"] ?? "")]));
  if (result.size < tags.length) throw new AwsError("DuplicateTagKeys", "A tag key was specified more than once.");
  refuseTooMany(result);
  return result;
}

export function refuseTooMany(tags: ReadonlyMap<string, string>): void {
  if (tags.size > 50) throw new AwsError("TooManyTags", "You've reached the limit on the number of tags for this resource.");
}

/** A page, by PageSize and Marker. @throws AwsError ValidationError */
export function paged<T>(input: Input, all: readonly T[]): { items: T[]; NextMarker?: string } {
  const { items, nextToken } = pageOf(all, wholeIn(input, "PageSize", 1, 400) ?? 400, textIn(input, "Marker"), "ValidationError");
  return nextToken === undefined ? { items } : { items, NextMarker: nextToken };
}
