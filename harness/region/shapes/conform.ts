/**
 * Holds an input against its operation's shape, as a service's front does before anything else: what is of another type is refused at once,
 * what is null counts as not given, and required members that are absent are collected, for those are told after the caller is known to be allowed.
 */
import type { Shape } from "./types";

/** What was found where something else was to stand. */
export type Found = "text" | "number" | "boolean" | "list" | "structure";

/**
 * How scalars stand in the input: `typed` as JSON has them (Dates and bytes, too, from within the region), `text` all as texts (the
 * query protocols), or typed but for some members of the input (those that are in a path, a query string or headers).
 */
export type Scalars = "typed" | "text" | ReadonlySet<string>;

/** The refusal of a value of the wrong type at a place. */
export type Mismatch = (wanted: Shape["kind"], found: Found, value: unknown, path: readonly Step[]) => Error;

/** A member's name, a map's key, or an element's index. */
export type Step = string | number | { readonly key: string };

interface Walk { path: Step[]; missing: Step[][]; mismatch: Mismatch }

/**
 * Checks an input, and takes its null members out of it.
 * @returns the places of required members that are absent, in the model's order
 * @throws Error what `mismatch` makes
 */
export function conform(shape: Shape, input: unknown, scalars: Scalars, mismatch: Mismatch): Step[][] {
  const walk: Walk = { path: [], missing: [], mismatch };
  check(shape, input, scalars, walk);
  return walk.missing;
}

const isNothing = (value: unknown): value is undefined | null => value === undefined || value === null;

function check(shape: Shape, value: unknown, scalars: Scalars, walk: Walk): void {
  switch (shape.kind) {
    case "document":
      return;
    case "list":
      if (!Array.isArray(value)) throw refusal(shape, value, walk);
      for (let index = 0; index < value.length; index++) within(shape.of, value[index], index, scalars, walk);
      return;
    case "map":
      if (value instanceof Map) return;
      if (!isPlain(value)) throw refusal(shape, value, walk);
      for (const key of Object.keys(value)) within(shape.of, value[key], { key }, scalars, walk);
      return;
    case "structure": {
      if (!isPlain(value)) throw refusal(shape, value, walk);
      for (const name of Object.keys(value)) {
        const member = shape.members.get(name);
        if (member === undefined) continue;
        const given = value[name];
        if (isNothing(given)) {
          delete value[name];
          continue;
        }
        const form = typeof scalars === "string" ? scalars : scalars.has(name) ? "text" : "typed";
        // How the query protocols send what is empty.
        if (given === "" && form === "text" && "of" in member) value[name] = member.kind === "list" ? [] : {};
        else if (given === "" && form === "text" && member.kind === "structure") value[name] = {};
        else within(member, given, name, form, walk);
      }
      for (const name of shape.required) if (!Object.hasOwn(value, name)) walk.missing.push([...walk.path, name]);
      return;
    }
    default:
      if (!isScalar(shape.kind, value, scalars === "text")) throw refusal(shape, value, walk);
  }
}

/** Elements of lists and maps may not be null. */
function within(shape: Shape, value: unknown, step: Step, scalars: Scalars, walk: Walk): void {
  walk.path.push(step);
  if (isNothing(value)) walk.missing.push([...walk.path]);
  else check(shape, value, scalars, walk);
  walk.path.pop();
}

function isScalar(kind: Shape["kind"], value: unknown, areTexts: boolean): boolean {
  if (typeof value === "string") return kind === "text" || kind === "blob" || kind === "timestamp" || areTexts || (kind === "number" && SPECIAL_NUMBERS.has(value));
  switch (kind) {
    case "number": return typeof value === "number" || typeof value === "bigint";
    case "boolean": return typeof value === "boolean";
    case "timestamp": return typeof value === "number" || value instanceof Date;
    case "blob": return value instanceof Uint8Array;
    default: return false;
  }
}

/** https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#shape-serialization */
const SPECIAL_NUMBERS: ReadonlySet<string> = new Set(["NaN", "Infinity", "-Infinity"]);

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date) && !(value instanceof Uint8Array);

const refusal = ({ kind }: Shape, value: unknown, { mismatch, path }: Walk): Error => mismatch(kind, foundIn(value), value, path);

function foundIn(value: unknown): Found {
  if (Array.isArray(value)) return "list";
  if (typeof value === "number" || typeof value === "bigint") return "number";
  if (typeof value === "boolean") return "boolean";
  return isPlain(value) ? "structure" : "text";
}
