/**
 * Putting a value at a place: what ResultPath does. What is not on the way there is shared with the old value.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultpath.html
 */
import { isObject, member, put, type Json, type JsonObject } from "../json";
import type { Step } from "./steps";

/** The place cannot be made: a step leads into what is neither object nor array, or past the end of an array. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** The data with `value` at the place; members on the way are made where they are missing. Throws Unreachable. */
export function replaceAt(data: Json | undefined, steps: readonly Step[], value: Json, from = 0): Json {
  const step = steps[from];
  if (step === undefined) return value;
  if (step.kind === "member") {
    if (data !== undefined && !isObject(data)) throw new Unreachable(step.name);
    const copy: JsonObject = { ...data };
    put(copy, step.name, replaceAt(data === undefined ? undefined : member(data, step.name), steps, value, from + 1));
    return copy;
  }
  if (step.kind !== "index" || !Array.isArray(data) || step.index >= data.length || step.index < 0) throw new Unreachable(step.kind === "index" ? String(step.index) : step.kind);
  const copy = [...data];
  copy[step.index] = replaceAt(data[step.index], steps, value, from + 1);
  return copy;
}
