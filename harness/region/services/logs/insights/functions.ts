/**
 * Functions of expressions. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
 * One that AWS has and that is not here is refused by name.
 */
import { naturalOrder, numberOf, textOf, Time, truth, type Value } from "./values";

export interface Function_ {
  /** How many arguments it takes, at least and at most. */
  least: number;
  most: number;
  /** Which argument must be a period (`5m`); it comes as milliseconds. */
  period?: number;
  run(...values: Value[]): Value;
}

const numeric = (run: (...numbers: number[]) => number, least = 1, most = least): Function_ => ({
  least, most,
  run: (...values) => {
    const numbers = values.map(numberOf);
    if (numbers.some((number) => number === undefined)) return undefined;
    const result = run(...(numbers as number[]));
    return Number.isFinite(result) ? result : undefined;
  },
});
const textual = (run: (text: string, ...more: string[]) => Value, least = 1, most = least): Function_ => ({
  least, most, run: (...values) => (values[0] === undefined ? undefined : run(...(values.map(textOf) as [string, ...string[]]))),
});
const rounded = (round: (number: number) => number): Function_ => ({
  least: 2, most: 2, period: 1,
  run: (time, period) => {
    const [at, step] = [numberOf(time), numberOf(period)];
    return at === undefined || step === undefined ? undefined : new Time(round(at / step) * step);
  },
});
const trimmed = (start: boolean, end: boolean): Function_ => textual((text, characters = " \t\n\r") => {
  let [from, to] = [0, text.length];
  while (start && from < to && characters.includes(text[from]!)) from++;
  while (end && to > from && characters.includes(text[to - 1]!)) to--;
  return text.slice(from, to);
}, 1, 2);
/** The greatest or least of the values, by the order of `sort`. */
const extreme = (sign: number): Function_ => ({
  least: 1, most: 20, run: (...values) => values.filter((value) => value !== undefined).sort((a, b) => sign * naturalOrder(a, b))[0],
});

const cut = (text: string, from: number, length = Infinity): string => text.slice(from, from + length);

/** By name in lower case: names may be written in any. */
export const FUNCTIONS: Readonly<Record<string, Function_>> = {
  abs: numeric(Math.abs),
  ceil: numeric(Math.ceil),
  floor: numeric(Math.floor),
  sqrt: numeric(Math.sqrt),
  log: numeric(Math.log),
  greatest: extreme(-1),
  least: extreme(1),
  datefloor: rounded(Math.floor),
  dateceil: rounded(Math.ceil),
  frommillis: { least: 1, most: 1, run: (value) => { const at = numberOf(value); return at === undefined ? undefined : new Time(at); } },
  tomillis: { least: 1, most: 1, run: numberOf },
  ispresent: { least: 1, most: 1, run: (value) => truth(value !== undefined) },
  coalesce: { least: 1, most: 20, run: (...values) => values.find((value) => value !== undefined) },
  isempty: { least: 1, most: 1, run: (value) => truth(value === undefined || value === "") },
  isblank: { least: 1, most: 1, run: (value) => truth(value === undefined || textOf(value).trim() === "") },
  concat: { least: 1, most: 20, run: (...values) => values.map(textOf).join("") },
  strlen: textual((text) => [...text].length),
  trim: trimmed(true, true),
  ltrim: trimmed(true, false),
  rtrim: trimmed(false, true),
  toupper: textual((text) => text.toUpperCase()),
  tolower: textual((text) => text.toLowerCase()),
  substr: { least: 2, most: 3, run: (text, from, length) => (text === undefined ? undefined : cut(textOf(text), numberOf(from) ?? 0, numberOf(length))) },
  replace: textual((text, what = "", by = "") => text.replaceAll(what, by), 3),
  strcontains: textual((text, what = "") => truth(text.includes(what)), 2),
};

/** What AWS has beyond these. */
export const UNSUPPORTED_FUNCTIONS: readonly string[] = [
  "now", "jsonparse", "jsonstringify", "isvalidip", "isvalidipv4", "isvalidipv6", "isipinsubnet", "isipv4insubnet", "isipv6insubnet", "unixtimetoiso", "formatdate",
];
