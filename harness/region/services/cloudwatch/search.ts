/**
 * Search expressions: `{Namespace,JobId} MetricName="checkpointed" OR unsaved`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
import { validation } from "./errors";
import type { Metric } from "./metrics";

/** The most series that one search gives. */
export const MOST_FOUND = 500;

type Test = (metric: Metric) => boolean;

/** @throws AwsError ValidationError */
export function compileSearch(query: string): Test {
  const schema = /^\s*\{([^}]*)\}/.exec(query);
  const tests: Test[] = [];
  if (schema) {
    const [namespace, ...names] = schema[1]!.split(",").map((part) => part.trim().replace(/^"(.*)"$/, "$1"));
    const wanted = names.sort().join("\u0000");
    tests.push((metric) => metric.namespace === namespace && metric.dimensions.map(({ Name }) => Name).sort().join("\u0000") === wanted);
  }
  const rest = query.slice(schema?.[0].length ?? 0);
  if (rest.trim() !== "") tests.push(parse(rest));
  if (tests.length === 0) throw validation(`Error in expression 'SEARCH': the search '${query}' is empty`);
  return (metric) => tests.every((test) => test(metric));
}

function parse(text: string): Test {
  const tokens = [...text.matchAll(/\s*([()]|[^\s()="]*="[^"]*"|[^\s()="]+=\([^)]*\)|"[^"]*"|[^\s()"]+)/g)].map((match) => match[1]!);
  let at = 0;
  const any = (): Test => {
    const tests = [all()];
    while (tokens[at]?.toUpperCase() === "OR") {
      at++;
      tests.push(all());
    }
    return (metric) => tests.some((test) => test(metric));
  };
  const all = (): Test => {
    const tests = [one()];
    while (at < tokens.length && tokens[at] !== ")" && tokens[at]!.toUpperCase() !== "OR") {
      if (tokens[at]!.toUpperCase() === "AND") at++;
      tests.push(one());
    }
    return (metric) => tests.every((test) => test(metric));
  };
  const one = (): Test => {
    const token = tokens[at++];
    if (token === undefined) throw validation(`Error in expression 'SEARCH': '${text}' ends too early`);
    if (token.toUpperCase() === "NOT") {
      const test = one();
      return (metric) => !test(metric);
    }
    if (token === "(") {
      const test = any();
      if (tokens[at++] !== ")") throw validation(`Error in expression 'SEARCH': ')' expected in '${text}'`);
      return test;
    }
    return term(token);
  };
  const test = any();
  if (at < tokens.length) throw validation(`Error in expression 'SEARCH': '${tokens[at]}' is not expected in '${text}'`);
  return test;
}

function term(token: string): Test {
  const named = /^([^="]+)=(.*)$/s.exec(token);
  if (!named) {
    const matches = matcher(token);
    return (metric) => [metric.namespace, metric.name, ...metric.dimensions.flatMap(({ Name, Value }) => [Name, Value])].some(matches);
  }
  const [, property, wanted] = named as unknown as [string, string, string];
  const matches = wanted.startsWith("(")
    ? ((choices) => (text: string) => choices.some((choice) => choice(text)))(wanted.slice(1, -1).split(/\s+OR\s+/i).map((choice) => matcher(choice.trim())))
    : matcher(wanted);
  return (metric) => {
    if (property === "Namespace") return matches(metric.namespace);
    if (property === "MetricName") return matches(metric.name);
    return metric.dimensions.some(({ Name, Value }) => Name === property && matches(Value));
  };
}

/** In quotes the whole text, otherwise words in it, whatever their case. */
function matcher(text: string): (found: string) => boolean {
  if (text.startsWith('"')) return (found) => found === text.slice(1, -1);
  const words = wordsOf(text);
  return (found) => {
    const present = wordsOf(found);
    return words.every((word) => present.includes(word));
  };
}

/** Words end at characters that are no letters or digits, and where small letters are followed by a capital or a digit. */
const wordsOf = (text: string): string[] => {
  const parts = text.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return [...new Set([text, ...parts, ...parts.flatMap((part) => part.split(/(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Za-z])/))].map((word) => word.toLowerCase()))];
};
