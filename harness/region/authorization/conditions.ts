/**
 * Condition operators of policies, with their qualifiers.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
import { BlockList, isIP } from "node:net";
import { literalText, matches, parsePattern, type Keys, type Pattern } from "./pattern";

type Test = (value: string, wanted: Pattern, keys: Keys) => boolean;

const literally = (compare: (value: string, wanted: string) => boolean): Test => (value, wanted, keys) => {
  const text = literalText(wanted, keys);
  return text !== undefined && compare(value, text);
};
const numerically = (compare: (value: number, wanted: number) => boolean): Test => literally((value, wanted) => {
  const [left, right] = [toNumber(value), toNumber(wanted)];
  return left !== undefined && right !== undefined && compare(left, right);
});
const byDate = (compare: (value: number, wanted: number) => boolean): Test => literally((value, wanted) => {
  const [left, right] = [toTime(value), toTime(wanted)];
  return left !== undefined && right !== undefined && compare(left, right);
});

const toNumber = (text: string): number | undefined => (text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text));
/** ISO 8601, or seconds since 1970. */
const toTime = (text: string): number | undefined => {
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
};

/** Each of the six parts of an ARN for itself. */
const arnLike: Test = (value, wanted, keys) => {
  const text = literalText(wanted, keys);
  if (text === undefined) return false;
  const [given, pattern] = [sixParts(value), sixParts(text)];
  return given !== undefined && pattern !== undefined && pattern.every((part, index) => matches(parsePattern(part, { variables: false }), given[index]!));
};
const sixParts = (arn: string): string[] | undefined => {
  const parts = arn.split(":");
  return parts.length < 6 || parts[0] !== "arn" ? undefined : [...parts.slice(0, 5), parts.slice(5).join(":")];
};

const inNetwork = literally((value, wanted) => {
  const [address = "", bits] = wanted.split("/");
  const family = isIP(address);
  if (family === 0 || isIP(value) === 0) return false;
  const list = new BlockList();
  const type = family === 6 ? "ipv6" : "ipv4";
  list.addSubnet(address, bits === undefined ? (family === 6 ? 128 : 32) : Number(bits), type);
  return list.check(value, isIP(value) === 6 ? "ipv6" : "ipv4");
});

interface Operator { test: Test; isNegated?: true }
const not = (test: Test): Operator => ({ test, isNegated: true });

const stringEquals = literally((value, wanted) => value === wanted);
const stringEqualsIgnoreCase = literally((value, wanted) => value.toLowerCase() === wanted.toLowerCase());
const stringLike: Test = (value, wanted, keys) => matches(wanted, value, keys);
const numericEquals = numerically((value, wanted) => value === wanted);
const dateEquals = byDate((value, wanted) => value === wanted);

/** Every operator but Null, which asks for the key itself. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { test: stringEquals },
  StringNotEquals: not(stringEquals),
  StringEqualsIgnoreCase: { test: stringEqualsIgnoreCase },
  StringNotEqualsIgnoreCase: not(stringEqualsIgnoreCase),
  StringLike: { test: stringLike },
  StringNotLike: not(stringLike),
  NumericEquals: { test: numericEquals },
  NumericNotEquals: not(numericEquals),
  NumericLessThan: { test: numerically((value, wanted) => value < wanted) },
  NumericLessThanEquals: { test: numerically((value, wanted) => value <= wanted) },
  NumericGreaterThan: { test: numerically((value, wanted) => value > wanted) },
  NumericGreaterThanEquals: { test: numerically((value, wanted) => value >= wanted) },
  DateEquals: { test: dateEquals },
  DateNotEquals: not(dateEquals),
  DateLessThan: { test: byDate((value, wanted) => value < wanted) },
  DateLessThanEquals: { test: byDate((value, wanted) => value <= wanted) },
  DateGreaterThan: { test: byDate((value, wanted) => value > wanted) },
  DateGreaterThanEquals: { test: byDate((value, wanted) => value >= wanted) },
  Bool: { test: literally((value, wanted) => value.toLowerCase() === wanted.toLowerCase()) },
  BinaryEquals: { test: stringEquals },
  IpAddress: { test: inNetwork },
  NotIpAddress: not(inNetwork),
  ArnEquals: { test: arnLike },
  ArnLike: { test: arnLike },
  ArnNotEquals: not(arnLike),
  ArnNotLike: not(arnLike),
};

export interface Condition {
  /** The key as the policy has it. */
  name: string;
  /** In lower case: keys do not depend on case. */
  key: string;
  holds(keys: Keys): boolean;
}

export class UnknownOperator extends Error {}

/** One test of one key. @throws UnknownOperator */
export function parseCondition(operator: string, key: string, wanted: readonly string[], variables: boolean): Condition {
  const [, quantifier, bare = operator, ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.+?)(IfExists)?$/.exec(operator) ?? [];
  const lower = key.toLowerCase();
  if (bare === "Null") {
    if (ifExists || wanted.some((value) => !/^(true|false)$/i.test(value))) throw new UnknownOperator(operator);
    return { name: key, key: lower, holds: (keys) => wanted.some((value) => (value.toLowerCase() === "true") === (keys(lower) === undefined)) };
  }
  const known = Object.hasOwn(OPERATORS, bare) ? OPERATORS[bare] : undefined;
  if (!known) throw new UnknownOperator(operator);
  const { test, isNegated = false } = known;
  const patterns = wanted.map((value) => parsePattern(value, { variables }));
  const fits = (value: string, keys: Keys): boolean => patterns.some((pattern) => test(value, pattern, keys)) !== isNegated;
  return {
    name: key,
    key: lower,
    holds(keys) {
      const values = keys(lower);
      if (quantifier === "ForAllValues") return (values ?? []).every((value) => fits(value, keys));
      if (values === undefined || values.length === 0) return ifExists !== undefined || (isNegated && quantifier === undefined);
      // Several values without a quantifier: any may match, none may match what is excluded.
      return quantifier === undefined && isNegated ? values.every((value) => fits(value, keys)) : values.some((value) => fits(value, keys));
    },
  };
}
