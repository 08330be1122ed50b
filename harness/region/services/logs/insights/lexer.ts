/**
 * The tokens of a Logs Insights query: names (`@timestamp`, `details.name`, `` `a field` ``), numbers, periods (`5m`), texts,
 * regular expressions, symbols. Comments go from `#` to the line's end.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Guidelines.html
 */
import { malformed } from "./malformed";

export interface Token {
  kind: "name" | "field" | "number" | "period" | "text" | "regex" | "symbol" | "end";
  /** What it says: a text without its quotes, a regular expression without its slashes. */
  value: string;
  start: number;
  end: number;
}

const SPACE = /(?:\s|#[^\n]*)+/y;
const PERIOD = /\d+(?:ms|s|m|h|d|w|mo|q|y)\b/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NAME = /[@A-Za-z_][\w@]*(?:\.[\w@]+)*/y;
const QUOTED_NAME = /`([^`]+)`/y;
const TEXT = /"((?:[^"\\]|\\[^])*)"|'((?:[^'\\]|\\[^])*)'/y;
const REGEX = /\/((?:[^/\\\n]|\\.)+)\//y;
const SYMBOL = /!=|<=|>=|=~|[|,()[\]=<>+\-*/^%]/y;

/** @throws AwsError MalformedQueryException */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(query);
  };
  const add = (kind: Token["kind"], found: RegExpExecArray | null, value = found?.[0]): boolean => {
    if (found === null || value === undefined) return false;
    tokens.push({ kind, value, start: at, end: at + found[0].length });
    at += found[0].length;
    return true;
  };
  for (;;) {
    at += match(SPACE)?.[0].length ?? 0;
    if (at >= query.length) break;
    const text = match(TEXT);
    const quoted = match(QUOTED_NAME);
    const taken = add("text", text, text === null ? undefined : unescaped(text[1] ?? text[2]!)) || add("field", quoted, quoted?.[1])
      || (mayBeginRegex(tokens) && add("regex", match(REGEX), match(REGEX)?.[1]))
      || add("period", match(PERIOD)) || add("number", match(NUMBER)) || add("name", match(NAME)) || add("symbol", match(SYMBOL));
    if (!taken) throw malformed(query, at, at + 1, `unexpected symbol found ${query[at]}`);
  }
  tokens.push({ kind: "end", value: "", start: query.length, end: query.length });
  return tokens;
}

/** Where a slash does not divide: after `like`, `=~`, `parse` and the field of `parse`. */
const mayBeginRegex = (before: readonly Token[]): boolean => {
  const [last, earlier] = [before.at(-1)?.value.toLowerCase(), before.at(-2)?.value.toLowerCase()];
  return last === "like" || last === "=~" || last === "parse" || earlier === "parse";
};

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
const unescaped = (text: string): string => text.replace(/\\([^])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
