/**
 * Patterns of policies: wildcards, and variables that stand for values of the request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import { literalSource } from "../core/regular-expression";

/** Values of a condition key, given in lower case; undefined when the request has none. */
export type Keys = (key: string) => readonly string[] | undefined;

const NO_KEYS: Keys = () => undefined;

type Part = string | { kind: "any" } | { kind: "one" } | { kind: "variable"; key: string; fallback?: string };

export interface Pattern {
  /** As the policy has it. */
  readonly text: string;
  readonly parts: readonly Part[];
  /** Where there is no variable in it. */
  readonly fixed?: RegExp;
}

const VARIABLE = /\$\{([^}]*)\}/y;
/** `${*}`, `${?}` and `${$}` stand for the characters themselves. */
const ESCAPED = new Set(["*", "?", "$"]);

/** Parses a pattern. Variables exist since version 2012-10-17 of the policy language; before, they are text. */
export function parsePattern(text: string, { variables = true, ignoreCase = false } = {}): Pattern {
  const parts: Part[] = [];
  let literal = "";
  const flush = (): void => {
    if (literal !== "") parts.push(literal);
    literal = "";
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    VARIABLE.lastIndex = at;
    const variable = variables && character === "$" ? VARIABLE.exec(text)?.[1] : undefined;
    if (variable !== undefined) {
      if (ESCAPED.has(variable)) literal += variable;
      else {
        flush();
        const [, key = variable, fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(variable) ?? [];
        parts.push({ kind: "variable", key: key.toLowerCase(), ...(fallback === undefined ? {} : { fallback }) });
      }
      at = VARIABLE.lastIndex - 1;
    } else if (character === "*" || character === "?") {
      flush();
      parts.push(character === "*" ? { kind: "any" } : { kind: "one" });
    } else literal += character;
  }
  flush();
  const flags = ignoreCase ? "is" : "s";
  return parts.some((part) => typeof part === "object" && part.kind === "variable")
    ? { text, parts }
    : { text, parts, fixed: new RegExp(sourceOf(parts, NO_KEYS) as string, flags) };
}

/** The regular expression's source; undefined when a variable has no single value and no default: then nothing matches. */
function sourceOf(parts: readonly Part[], keys: Keys): string | undefined {
  let source = "^";
  for (const part of parts) {
    if (typeof part === "string") source += literalSource(part);
    else if (part.kind === "any") source += ".*";
    else if (part.kind === "one") source += ".";
    else {
      const values = keys(part.key);
      const value = values?.length === 1 ? values[0] : part.fallback;
      if (value === undefined) return undefined;
      source += literalSource(value);
    }
  }
  return `${source}$`;
}

export function matches(pattern: Pattern, text: string, keys: Keys = NO_KEYS): boolean {
  if (pattern.fixed) return pattern.fixed.test(text);
  const source = sourceOf(pattern.parts, keys);
  return source !== undefined && new RegExp(source, "s").test(text);
}

/** The pattern as text with its variables filled in and wildcards left as they are not meant: for operators that compare literally. */
export function literalText(pattern: Pattern, keys: Keys): string | undefined {
  let text = "";
  for (const part of pattern.parts) {
    if (typeof part === "string") text += part;
    else if (part.kind === "any") text += "*";
    else if (part.kind === "one") text += "?";
    else {
      const values = keys(part.key);
      const value = values?.length === 1 ? values[0] : part.fallback;
      if (value === undefined) return undefined;
      text += value;
    }
  }
  return text;
}
