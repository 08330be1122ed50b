/**
 * Reads members of a request, and refuses what does not have the API model's shape in the words that AWS's services share for it.
 * A place is written as they write it: `targets.armed.member.selectionMode`.
 */
import { validation } from "../errors";
import type { AwsError } from "../../../core/types";

export type Input = Readonly<Record<string, unknown>>;

export interface TextLimits {
  most?: number;
  least?: number;
  /** No white space in it. */
  solid?: boolean;
  /** The values that it may have. */
  of?: readonly string[];
}

const violated = (where: string, constraint: string, value = "Value"): AwsError => validation(`1 validation error detected: ${value} at '${where}' failed to satisfy constraint: ${constraint}`);
const missing = (where: string): AwsError => violated(where, "Member must not be null", "Value null");
const wrongType = (where: string, kind: string): AwsError => violated(where, `Member must be ${kind}`);

const isNothing = (value: unknown): value is undefined | null => value === undefined || value === null;

/** @throws AwsError ValidationException, as all here do */
export function text(value: unknown, where: string, limits: TextLimits = {}): string {
  if (isNothing(value)) throw missing(where);
  if (typeof value !== "string") throw wrongType(where, "a string");
  const { most = 2048, least = 0, solid = false, of } = limits;
  if (value.length > most) throw violated(where, `Member must have length less than or equal to ${most}`);
  if (value.length < least) throw violated(where, `Member must have length greater than or equal to ${least}`);
  if (solid && !/^\S+$/.test(value)) throw violated(where, "Member must satisfy regular expression pattern: [\\S]+", `Value '${value}'`);
  if (of && !of.includes(value)) throw violated(where, `Member must satisfy enum value set: [${of.join(", ")}]`, `Value '${value}'`);
  return value;
}

export const optionalText = (value: unknown, where: string, limits?: TextLimits): string | undefined => (isNothing(value) ? undefined : text(value, where, limits));

export function structure(value: unknown, where: string): Input {
  if (isNothing(value)) throw missing(where);
  if (typeof value !== "object" || Array.isArray(value)) throw wrongType(where, "a structure");
  return value as Input;
}

export const optionalStructure = (value: unknown, where: string): Input | undefined => (isNothing(value) ? undefined : structure(value, where));

export function list<T>(value: unknown, where: string, read: (member: unknown, where: string) => T, most = Infinity): T[] {
  if (isNothing(value)) throw missing(where);
  if (!Array.isArray(value)) throw wrongType(where, "a list");
  if (value.length > most) throw violated(where, `Member must have length less than or equal to ${most}`);
  return value.map((member, index) => read(member, `${where}.${index + 1}.member`));
}

/** A map by name; names have at most 64 characters and no white space. */
export function map<T>(value: unknown, where: string, read: (member: unknown, where: string) => T, names: TextLimits = { most: 64, least: 1, solid: true }): Record<string, T> {
  if (isNothing(value)) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw wrongType(where, "a map");
  return Object.fromEntries(Object.entries(value as Input).map(([name, member]) => [text(name, where, names), read(member, `${where}.${name}.member`)]));
}

/** A map of texts, as parameters and action targets are. */
export const textMap = (value: unknown, where: string, values: TextLimits, names?: TextLimits): Record<string, string> | undefined =>
  (isNothing(value) ? undefined : map(value, where, (member, at) => text(member, at, values), names));
