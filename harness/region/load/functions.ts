/** Terraform's functions, those that synthesized stacks use: https://developer.hashicorp.com/terraform/language/functions */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { notSupported } from "../core/unsupported";
import { asText, ExpressionError } from "./expression-values";
import { REFUSED } from "./limits";

type Implementation = (args: unknown[], folder: string) => unknown;

const list = (value: unknown, name: string): unknown[] => {
  if (Array.isArray(value)) return value;
  throw new ExpressionError(`${name} takes a list`);
};
const file = (value: unknown, folder: string): Buffer => {
  const path = resolve(folder, asText(value));
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ExpressionError(`the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
};
const sha256 = (data: Buffer | string): Buffer => createHash("sha256").update(data).digest();

/** Terraform writes objects with their names in order, and escapes what would be markup in HTML. https://developer.hashicorp.com/terraform/language/functions/jsonencode */
function jsonencode(value: unknown): string {
  const text = JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member);
  return text.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const FUNCTIONS: Readonly<Record<string, Implementation>> = {
  base64decode: ([text]) => Buffer.from(asText(text), "base64").toString("utf8"),
  base64encode: ([text]) => Buffer.from(asText(text), "utf8").toString("base64"),
  base64sha256: ([text]) => sha256(asText(text)).toString("base64"),
  coalesce: (args) => args.find((value) => value !== null && value !== undefined && value !== ""),
  concat: (args) => args.flatMap((value) => list(value, "concat")),
  element: ([values, index]) => {
    const members = list(values, "element");
    if (members.length === 0) throw new ExpressionError("element of an empty list");
    return members[Number(index) % members.length];
  },
  file: ([path], folder) => file(path, folder).toString("utf8"),
  filebase64: ([path], folder) => file(path, folder).toString("base64"),
  filebase64sha256: ([path], folder) => sha256(file(path, folder)).toString("base64"),
  filesha256: ([path], folder) => sha256(file(path, folder)).toString("hex"),
  join: ([separator, ...lists]) => lists.flatMap((value) => list(value, "join")).map(asText).join(asText(separator)),
  jsondecode: ([text]) => JSON.parse(asText(text)) as unknown,
  jsonencode: ([value]) => jsonencode(value),
  keys: ([object]) => Object.keys(object as object).sort(),
  length: ([value]) => (typeof value === "string" ? [...value].length : Array.isArray(value) ? value.length : Object.keys(value as object).length),
  lower: ([text]) => asText(text).toLowerCase(),
  merge: (objects) => Object.assign({}, ...(objects as object[])) as object,
  replace: ([text, substring, replacement]) => {
    if (/^\/.*\/$/.test(asText(substring))) throw new ExpressionError(notSupported(REFUSED.regularExpressions));
    return asText(text).split(asText(substring)).join(asText(replacement));
  },
  sha256: ([text]) => sha256(asText(text)).toString("hex"),
  slice: ([values, from, to]) => list(values, "slice").slice(Number(from), Number(to)),
  sort: ([values]) => list(values, "sort").map(asText).sort(),
  split: ([separator, text]) => asText(text).split(asText(separator)),
  tolist: ([values]) => list(values, "tolist"),
  tonumber: ([value]) => Number(value),
  toset: ([values]) => [...new Set(list(values, "toset"))].sort(),
  tostring: ([value]) => asText(value),
  trimspace: ([text]) => asText(text).trim(),
  upper: ([text]) => asText(text).toUpperCase(),
  values: ([object]) => Object.entries(object as object).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value as unknown),
};

/** Names of the functions there are. */
export const FUNCTION_NAMES: readonly string[] = Object.keys(FUNCTIONS);

/** @throws ExpressionError, for an unknown function or arguments that it cannot take */
export function callFunction(name: string, args: unknown[], folder: string): unknown {
  const implementation = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!implementation) throw new ExpressionError(`the function ${name} is not supported (there are ${FUNCTION_NAMES.join(", ")})`);
  try {
    return implementation(args, folder);
  } catch (error) {
    if (error instanceof ExpressionError) throw error;
    throw new ExpressionError(`${name} failed: ${(error as Error).message}`);
  }
}
