/**
 * The intrinsic functions of JSONPath states, as data: name, number of arguments, what it computes.
 * https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-intrinsic-functions.html
 */
import { createHash } from "node:crypto";
import { equal, isObject, type Json } from "../json";
import { parseJsonText } from "../json-text";
import type { Scope } from "../scope";
import { javaText } from "./java-text";
import { seededRandom } from "../seeded-random";

/** Arguments that a function does not accept: the state reports States.IntrinsicFailure. */
export class IntrinsicProblem extends Error {
  override name = "IntrinsicProblem";
}

export interface IntrinsicFunction {
  arity: readonly [least: number, most: number];
  call(parameters: Json[], scope: Scope): Json;
}

const MAXIMUM_RANGE = 1_000;
const MAXIMUM_TEXT = 10_000;
const HASHES: Readonly<Record<string, string>> = { "MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512" };

const invalid = (message: string): never => { throw new IntrinsicProblem(message); };
const array = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : invalid("Invalid arguments: expected an array"));
const text = (value: Json | undefined): string => (typeof value === "string" ? value : invalid("Invalid arguments: expected a string"));
const number = (value: Json | undefined): number => (typeof value === "number" ? value : invalid("Invalid arguments: expected a number"));
const integer = (value: Json | undefined): number => Math.round(number(value));
const limited = (value: string): string => (value.length <= MAXIMUM_TEXT ? value : invalid(`Invalid arguments: more than ${MAXIMUM_TEXT} characters`));

export const INTRINSIC_FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  "States.Format": { arity: [1, Infinity], call: ([template, ...values]) => format(text(template), values) },
  "States.StringToJson": {
    arity: [1, 1],
    call([source]) {
      if (text(source).trim() === "") return null;
      try {
        return parseJsonText(text(source));
      } catch {
        return invalid("Invalid arguments: not a JSON text");
      }
    },
  },
  "States.JsonToString": { arity: [1, 1], call: ([value]) => JSON.stringify(value) },
  "States.Array": { arity: [0, Infinity], call: (values) => values },
  "States.ArrayPartition": {
    arity: [2, 2],
    call([values, size]) {
      const length = integer(size);
      if (length <= 0) invalid("Invalid arguments: the chunk size must be positive");
      const items = array(values);
      return Array.from({ length: Math.ceil(items.length / length) }, (_, index) => items.slice(index * length, (index + 1) * length));
    },
  },
  "States.ArrayContains": { arity: [2, 2], call: ([values, wanted]) => array(values).some((item) => equal(item, wanted as Json)) },
  "States.ArrayRange": {
    arity: [3, 3],
    call([first, last, step]) {
      const [from, to, by] = [integer(first), integer(last), integer(step)];
      if (by === 0) invalid("Invalid arguments: the increment must not be zero");
      const count = Math.max(Math.floor((to - from) / by) + 1, 0);
      if (count > MAXIMUM_RANGE) invalid(`Invalid arguments: the range has more than ${MAXIMUM_RANGE} elements`);
      return Array.from({ length: count }, (_, index) => from + index * by);
    },
  },
  "States.ArrayGetItem": {
    arity: [2, 2],
    call([values, index]) {
      const items = array(values);
      const position = integer(index);
      return position >= 0 && position < items.length ? items[position] as Json : invalid("Invalid arguments: the index is out of range");
    },
  },
  "States.ArrayLength": { arity: [1, 1], call: ([values]) => array(values).length },
  "States.ArrayUnique": {
    arity: [1, 1],
    call: ([values]) => array(values).filter((item, index, all) => all.findIndex((other) => equal(other, item)) === index),
  },
  "States.Base64Encode": { arity: [1, 1], call: ([value]) => Buffer.from(limited(text(value)), "utf8").toString("base64") },
  "States.Base64Decode": { arity: [1, 1], call: ([value]) => Buffer.from(limited(text(value)), "base64").toString("utf8") },
  "States.Hash": {
    arity: [2, 2],
    call([value, algorithm]) {
      const name = HASHES[text(algorithm)] ?? invalid(`Invalid arguments: the algorithm must be one of ${Object.keys(HASHES).join(", ")}`);
      const data = typeof value === "string" ? value : JSON.stringify(value);
      return createHash(name).update(limited(data), "utf8").digest("hex");
    },
  },
  "States.JsonMerge": {
    arity: [3, 3],
    call([left, right, deep]) {
      if (deep === true) invalid("Invalid arguments: deep merging is not supported");
      if (deep !== false) invalid("Invalid arguments: the third argument must be false");
      return isObject(left) && isObject(right) ? { ...left, ...right } : invalid("Invalid arguments: expected two objects");
    },
  },
  "States.MathRandom": {
    arity: [2, 3],
    call([first, last, seed], scope) {
      const [from, to] = [integer(first), integer(last)];
      if (to <= from) invalid("Invalid arguments: the end must be greater than the start");
      return seed === undefined ? from + scope.random.integer(to - from) : from + seededRandom(number(seed)).nextInt(to - from);
    },
  },
  "States.MathAdd": { arity: [2, 2], call: ([left, right]) => (integer(left) + integer(right)) | 0 },
  "States.StringSplit": { arity: [2, 2], call: ([value, separators]) => split(text(value), text(separators)) },
  "States.UUID": { arity: [0, 0], call: (_parameters, scope) => scope.random.uuid() },
};

/** Each character of the second argument separates; empty parts are left out. */
function split(value: string, separators: string): Json[] {
  const parts: string[] = [""];
  for (const character of value) {
    if (separators.includes(character)) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== "");
}

/** `{}` stands for the next value, as Java shows it: `{Id=1, Tags=[a, b]}`. `\{` and `\}` are braces. */
function format(template: string, values: Json[]): string {
  let next = 0;
  const result = template.replace(/\\([{}])|\{\}/g, (_match, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (next >= values.length) return invalid("Invalid arguments: fewer values than {} in the template");
    const value = values[next] as Json;
    next += 1;
    return javaText(value);
  });
  return next === values.length ? result : invalid("Invalid arguments: more values than {} in the template");
}
