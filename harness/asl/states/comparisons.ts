/** The comparison operators of Choice rules, as data. https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html */
import type { Json } from "../json";
import { parseTimestamp } from "../timestamp";

export interface Comparison {
  type: "String" | "Number" | "Boolean" | "Timestamp";
  accepts(value: Json): boolean;
  /** Whether the operator has a form with `Path` at the end. */
  byPath: boolean;
  compare(left: never, right: never): boolean;
}

const isString = (value: Json): value is string => typeof value === "string";
const isNumber = (value: Json): value is number => typeof value === "number";
const isTimestamp = (value: Json): value is string => typeof value === "string" && parseTimestamp(value) !== undefined;

const strings = (compare: (left: string, right: string) => boolean): Comparison => ({ type: "String", accepts: isString, byPath: true, compare });
const numbers = (compare: (left: number, right: number) => boolean): Comparison => ({ type: "Number", accepts: isNumber, byPath: true, compare });
const timestamps = (compare: (left: number, right: number) => boolean): Comparison => ({
  type: "Timestamp", accepts: isTimestamp, byPath: true,
  compare: (left: string, right: string) => compare(parseTimestamp(left) as number, parseTimestamp(right) as number),
});

export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: strings((left, right) => left === right),
  StringLessThan: strings((left, right) => left < right),
  StringGreaterThan: strings((left, right) => left > right),
  StringLessThanEquals: strings((left, right) => left <= right),
  StringGreaterThanEquals: strings((left, right) => left >= right),
  StringMatches: { type: "String", accepts: isString, byPath: false, compare: (left: string, right: string) => matchesWildcards(left, right) },
  NumericEquals: numbers((left, right) => left === right),
  NumericLessThan: numbers((left, right) => left < right),
  NumericGreaterThan: numbers((left, right) => left > right),
  NumericLessThanEquals: numbers((left, right) => left <= right),
  NumericGreaterThanEquals: numbers((left, right) => left >= right),
  BooleanEquals: { type: "Boolean", accepts: (value) => typeof value === "boolean", byPath: true, compare: (left: boolean, right: boolean) => left === right },
  TimestampEquals: timestamps((left, right) => left === right),
  TimestampLessThan: timestamps((left, right) => left < right),
  TimestampGreaterThan: timestamps((left, right) => left > right),
  TimestampLessThanEquals: timestamps((left, right) => left <= right),
  TimestampGreaterThanEquals: timestamps((left, right) => left >= right),
};

/** Operators that look at what a value is; IsPresent asks whether there is one at all. */
export const TYPE_TESTS: Readonly<Record<string, (value: Json) => boolean>> = {
  IsNull: (value) => value === null,
  IsPresent: () => true,
  IsNumeric: isNumber,
  IsString: isString,
  IsBoolean: (value) => typeof value === "boolean",
  IsTimestamp: isTimestamp,
};

/** `*` stands for any characters; `\*` and `\\` for themselves. Takes no longer than the lengths' product. */
function matchesWildcards(text: string, pattern: string): boolean {
  const parts = [...pattern.matchAll(/\\([*\\])|\*|[^]/g)].map(([written, escaped]) => (written === "*" ? undefined : escaped ?? written));
  let [position, part] = [0, 0];
  // Where to go on from when what follows the last `*` does not match: the star takes one character more.
  let [starPart, starPosition] = [-1, 0];
  while (position < text.length || part < parts.length) {
    if (part < parts.length && parts[part] === undefined) {
      [starPart, starPosition] = [part, position];
      part += 1;
    } else if (position < text.length && part < parts.length && parts[part] === text.charAt(position)) {
      position += 1;
      part += 1;
    } else if (starPart >= 0 && starPosition < text.length) {
      starPosition += 1;
      position = starPosition;
      part = starPart + 1;
    } else {
      return false;
    }
  }
  return true;
}
