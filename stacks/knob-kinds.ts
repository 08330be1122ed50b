/** Kinds of values that a knob may have: how each is read, and what it allows. */

/** A parsed value, or why there is none: the sentence that says what is allowed. */
type Checked<T> = { value: T } | { allowed: string };

/** How a kind of value is read from JSON and from an environment variable's text, and checked. */
export interface Kind<T> {
  fromText(text: string): unknown;
  check(value: unknown): Checked<T>;
}

const asIs = (text: string): unknown => text;

export function matching(pattern: RegExp, allowed: string): Kind<string> {
  return { fromText: asIs, check: (value) => (typeof value === "string" && pattern.test(value) ? { value } : { allowed }) };
}

export function optional<T>(kind: Kind<T>): Kind<T | undefined> {
  return {
    fromText: kind.fromText,
    check(value) {
      if (value === undefined || value === null) return { value: undefined };
      const checked = kind.check(value);
      return "value" in checked ? checked : { allowed: `${checked.allowed}, or nothing` };
    },
  };
}

export function number(bounds: { atLeast: number; atMost: number; whole: boolean }): Kind<number> {
  const { atLeast, atMost, whole } = bounds;
  return {
    fromText: (text) => (/^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text),
    check: (value) =>
      typeof value === "number" && value >= atLeast && value <= atMost && (!whole || Number.isInteger(value))
        ? { value }
        : { allowed: `a ${whole ? "whole " : ""}number from ${atLeast} to ${atMost}` },
  };
}

export const whole = (atLeast: number, atMost: number): Kind<number> => number({ atLeast, atMost, whole: true });

export const yesOrNo: Kind<boolean> = {
  fromText: (text) => (text === "true" ? true : text === "false" ? false : text),
  check: (value) => (typeof value === "boolean" ? { value } : { allowed: "true or false" }),
};

export function oneOf<T extends string>(...values: readonly T[]): Kind<T> {
  return { fromText: asIs, check: (value) => (values.includes(value as T) ? { value: value as T } : { allowed: `one of ${values.join(", ")}` }) };
}

export function listOf(item: Kind<string>, bounds: { atLeast: number; atMost: number }, what: string): Kind<string[]> {
  const size = bounds.atLeast > 0 ? `${bounds.atLeast} to ${bounds.atMost}` : `at most ${bounds.atMost}`;
  return {
    fromText: (text) => text.split(",").map((part) => part.trim()).filter((part) => part !== ""),
    check(value) {
      const allowed = `a list of ${size} ${what}, each once (in the environment: separated by commas)`;
      if (!Array.isArray(value) || value.length < bounds.atLeast || value.length > bounds.atMost) return { allowed };
      if (new Set(value).size !== value.length) return { allowed };
      return value.every((each) => "value" in item.check(each)) ? { value: value as string[] } : { allowed };
    },
  };
}

/** Exit codes but 0 and 75, which have meanings of their own. */
export const exitCodes: Kind<number[]> = {
  fromText: (text) => text.split(",").map((part) => part.trim()).filter((part) => part !== "").map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  check(value) {
    const isCode = (each: unknown): boolean => typeof each === "number" && Number.isInteger(each) && each >= 1 && each <= 255 && each !== 75;
    const good = Array.isArray(value) && value.length <= 50 && new Set(value).size === value.length && value.every(isCode);
    return good ? { value: value as number[] } : { allowed: "a list of at most 50 whole numbers from 1 to 255, each once, without 75 (in the environment: separated by commas)" };
  },
};

/** AWS's rules for tag keys and values: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const TAG_KEY = /^(?!aws:)(?!spotproof:)[\p{L}\p{N} +=._:@-]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{N} +=._:/@-]{0,256}$/u;

export const tagMap: Kind<Record<string, string>> = {
  fromText: (text) =>
    Object.fromEntries(
      text.split(",").filter((part) => part.trim() !== "").map((part) => {
        const at = part.indexOf("=");
        return at < 0 ? [part.trim(), undefined] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
      }),
    ),
  check(value) {
    const allowed =
      'an object of at most 40 tags, such as {"team": "batch"} (in the environment: team=batch,stage=test); keys have no slash and do not begin with "aws:" or "spotproof:"';
    if (typeof value !== "object" || value === null || Array.isArray(value)) return { allowed };
    const entries = Object.entries(value);
    const good = entries.length <= 40 && entries.every(([key, each]) => TAG_KEY.test(key) && typeof each === "string" && TAG_VALUE.test(each));
    return good ? { value: value as Record<string, string> } : { allowed };
  },
};
