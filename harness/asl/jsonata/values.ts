/**
 * What JSONata answers, as JSON: its sequences are arrays that carry marks, and would be flattened if they were handed to
 * another expression.
 */
import { put, type Json, type JsonObject } from "../json";

/** A result that is no JSON value, such as a function. */
export class UnsupportedResult extends Error {
  override name = "UnsupportedResult";
}

/** The value with JSONata's marks taken off; what carries none is the same object. Undefined stays undefined. Throws UnsupportedResult. */
export function toJson(value: unknown): Json | undefined {
  if (typeof value === "string" || typeof value === "boolean" || value === null || value === undefined) return value;
  // JSON has no such numbers: the service writes their names.
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return cleanArray(value);
  if (typeof value === "object") {
    if (isFunction(value)) throw new UnsupportedResult("function");
    return cleanObject(value as Record<string, unknown>);
  }
  throw new UnsupportedResult(typeof value);
}

const MARKS = ["sequence", "keepSingleton", "cons", "tupleStream", "outerWrapper"] as const;
const isMarked = (array: unknown[]): boolean => MARKS.some((mark) => mark in array);
const isFunction = (value: object): boolean => "_jsonata_lambda" in value || "_jsonata_function" in value;

function cleanArray(array: unknown[]): Json[] {
  let changed: Json[] | undefined = isMarked(array) ? [] : undefined;
  for (let index = 0; index < array.length; index += 1) {
    const item = toJson(array[index]);
    if (changed === undefined && item !== array[index]) changed = array.slice(0, index) as Json[];
    if (changed !== undefined) changed.push(item ?? null);
  }
  return changed ?? (array as Json[]);
}

function cleanObject(object: Record<string, unknown>): JsonObject {
  let changed: JsonObject | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    const clean = toJson(value);
    if (changed === undefined && (clean !== value || clean === undefined)) {
      changed = {};
      for (const earlier of Object.keys(object)) {
        if (earlier === key) break;
        put(changed, earlier, object[earlier] as Json);
      }
    }
    if (changed !== undefined && clean !== undefined) put(changed, key, clean);
  }
  return changed ?? (object as JsonObject);
}
