/**
 * The functions that Step Functions adds to JSONata, and those of JSONata's own that would look at the wall clock or at
 * unseeded randomness.
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn
 */
import { createHash } from "node:crypto";
import type jsonata from "jsonata";
import type { Json } from "../json";
import { parseStrictJsonText, type JsonTextProblem } from "../json-text";
import type { Scope } from "../scope";
import { seededRandom } from "../seeded-random";

/** The scope travels in an evaluation's environment under this name: one that no expression can spell. */
export const SCOPE = " scope";
/** The longest array that `$range` makes: AWS refuses a longer one for want of memory. */
const MAXIMUM_RANGE = 360_145;
const HASHES: Readonly<Record<string, string>> = { "MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512" };

type Implementation = (this: jsonata.Focus, ...args: any[]) => unknown; // eslint-disable-line @typescript-eslint/no-explicit-any
export interface FunctionEntry { name: string; signature: string; implementation: Implementation }

const scopeOf = (focus: jsonata.Focus): Scope => focus.environment.lookup(SCOPE) as Scope;
const problem = (message: string): Error => Object.assign(new Error(message), { code: "D3137" });
/** JSONata's own function of that name, for what is only redirected. */
const original = (focus: jsonata.Focus, name: string, ...args: unknown[]): unknown =>
  (focus.environment.lookup(name) as { implementation: Implementation }).implementation.apply(focus, args);

export const AWS_FUNCTIONS: readonly FunctionEntry[] = [
  { name: "partition", signature: "<xn?:a>", implementation: (value?: Json, size?: number) => partition(asList(value), size) },
  { name: "range", signature: "<nnn?:a>", implementation: (first?: number, last?: number, step?: number) => range(first, last, step) },
  { name: "hash", signature: "<ss?:s>", implementation: (text?: string, algorithm?: string) => hash(text, algorithm) },
  { name: "parse", signature: "<s?:x>", implementation: (text?: string) => parse(text) },
  {
    name: "random", signature: "<n?:n>",
    implementation(seed?: number) { return seed === undefined ? scopeOf(this).random.next() : seededRandom(seed).nextDouble(); },
  },
  { name: "uuid", signature: "<:s>", implementation() { return scopeOf(this).random.uuid(); } },
  { name: "millis", signature: "<:n>", implementation() { return Math.floor(scopeOf(this).now() / 1000); } },
  {
    name: "now", signature: "<s?s?:s>",
    implementation(picture?: string, timezone?: string) { return original(this, "fromMillis", Math.floor(scopeOf(this).now() / 1000), picture, timezone); },
  },
  { name: "shuffle", signature: "<a:a>", implementation(array?: Json[]) { return array === undefined ? undefined : shuffle(array, scopeOf(this)); } },
];

/** Adds those functions that the text of an expression mentions, and takes `$eval` away, which the service does not have. */
export function registerAwsFunctions(expression: jsonata.Expression, source: string): void {
  if (source.includes("$eval")) expression.assign("eval", undefined);
  for (const { name, signature, implementation } of AWS_FUNCTIONS) {
    if (source.includes(`$${name}`)) expression.registerFunction(name, implementation, signature);
  }
}

/** JSONata makes a list of what is none; the service takes no null for one. */
function asList(value: Json | undefined): Json[] | undefined {
  if (value === null) throw Object.assign(new Error("null is no list"), { code: "T0412", index: 1, token: "partition", type: "values" });
  return value === undefined || Array.isArray(value) ? value : [value];
}

function partition(array: Json[] | undefined, size: number | undefined): Json[][] | undefined {
  if (array === undefined || array.length === 0) return undefined;
  const length = Math.trunc(size ?? array.length);
  if (length < 0) throw problem("Second argument must be zero or greater");
  if (length === 0) return undefined;
  const parts: Json[][] = [];
  for (let start = 0; start < array.length; start += length) parts.push(array.slice(start, start + length));
  return parts;
}

function range(first: number | undefined, last: number | undefined, step: number | undefined): number[] | number | undefined {
  if (first === undefined || last === undefined || step === undefined) return undefined;
  const [from, to, by] = [Math.trunc(first), Math.trunc(last), Math.trunc(step)];
  if (by === 0) return undefined;
  const count = Math.floor((to - from) / by) + 1;
  if (count > MAXIMUM_RANGE) throw new Error("Expression evaluation memory limit exceeded: Check for excessive memory usage");
  if (count <= 0) return undefined;
  return count === 1 ? from : Array.from({ length: count }, (_, index) => from + index * by);
}

function hash(text: string | undefined, algorithm: string | undefined): string | undefined {
  if (text === undefined || algorithm === undefined) return undefined;
  const name = HASHES[algorithm];
  if (name === undefined) throw problem(`Second argument must be one of the supported hashing algorithms: ${Object.keys(HASHES).join(", ")}`);
  return createHash(name).update(text, "utf8").digest("hex");
}

function parse(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    return parseStrictJsonText(text);
  } catch (error) {
    throw problem(`Invalid JSON: ${(error as JsonTextProblem).reason}`);
  }
}

function shuffle(array: Json[], scope: Scope): Json[] {
  const result = [...array];
  for (let index = result.length - 1; index > 0; index -= 1) {
    const other = scope.random.integer(index + 1);
    [result[index], result[other]] = [result[other] as Json, result[index] as Json];
  }
  return result;
}
