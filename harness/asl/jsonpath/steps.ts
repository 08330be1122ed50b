/** The steps of a path, and what they find in a value. */
import { isObject, member, put, type Json, type JsonObject } from "../json";

/** What a path finds where there is nothing: not a JSON value. */
export const MISSING: unique symbol = Symbol("missing");
export type Found = Json | typeof MISSING;

export type Filter = (item: Json) => boolean;

export type Step =
  | { kind: "member"; name: string }
  | { kind: "index"; index: number }
  | { kind: "members"; names: readonly string[] }
  | { kind: "indices"; indices: readonly number[] }
  | { kind: "slice"; from: number | undefined; to: number | undefined; by: number }
  | { kind: "wildcard" }
  | { kind: "descendants" }
  | { kind: "filter"; filter: Filter }
  | { kind: "function"; name: PathFunction };

export const PATH_FUNCTIONS = ["length", "min", "max", "avg", "sum", "stddev", "keys", "first", "last"] as const;
export type PathFunction = (typeof PATH_FUNCTIONS)[number];

/** Steps in brackets throughout: `$['a'][0]`. */
export const canonical = (steps: readonly Step[]): string => `$${steps.map(canonicalStep).join("")}`;

export function canonicalStep(step: Step): string {
  switch (step.kind) {
    case "member": return `['${step.name}']`;
    case "members": return `[${step.names.map((name) => `'${name}'`).join(",")}]`;
    case "index": return `[${step.index}]`;
    case "indices": return `[${step.indices.join(",")}]`;
    case "slice": return `[${step.from ?? ""}:${step.to ?? ""}]`;
    case "wildcard": return "[*]";
    case "descendants": return "..";
    case "filter": return "[?]";
    case "function": return `.${step.name}()`;
  }
}

/** Follows steps from a value: the value itself where the path is definite, and otherwise a list of what was found. */
export function walk(steps: readonly Step[], from: number, start: Json): Found {
  let value = start;
  for (let position = from; position < steps.length; position += 1) {
    const step = steps[position] as Step;
    if (step.kind === "member") {
      const found = member(value, step.name);
      if (found === undefined) return MISSING;
      value = found;
    } else if (step.kind === "index") {
      const found = at(value, step.index);
      if (found === undefined) return MISSING;
      value = found;
    } else if (step.kind === "function") {
      const found = applyFunction(step.name, value);
      if (found === MISSING) return MISSING;
      value = found;
    } else if (step.kind === "members" && position === steps.length - 1) {
      return isObject(value) ? pick(value, step.names) : MISSING;
    } else {
      return fanOut(steps, position, value);
    }
  }
  return value;
}

/** From the first step that can lead to several places on, the answer is a list; a function folds the list so far. */
function fanOut(steps: readonly Step[], from: number, start: Json): Found {
  let found: Json[] = [start];
  for (let position = from; position < steps.length; position += 1) {
    const step = steps[position] as Step;
    if (step.kind === "function") {
      const folded = applyFunction(step.name, found);
      if (folded === MISSING) return MISSING;
      return walk(steps, position + 1, folded);
    }
    const next: Json[] = [];
    if (step.kind === "members" && position === steps.length - 1) next.push(...found.filter(isObject).map((value) => pick(value, step.names)));
    else for (const value of found) select(step, value, next);
    found = next;
  }
  return found;
}

/** Several members at the end of a path make one object. */
function pick(value: JsonObject, names: readonly string[]): JsonObject {
  const picked: JsonObject = {};
  for (const name of names) {
    const found = member(value, name);
    if (found !== undefined) put(picked, name, found);
  }
  return picked;
}

function select(step: Step, value: Json, into: Json[]): void {
  switch (step.kind) {
    case "member": {
      const found = member(value, step.name);
      if (found !== undefined) into.push(found);
      return;
    }
    case "members":
      for (const name of step.names) select({ kind: "member", name }, value, into);
      return;
    case "index": {
      const found = at(value, step.index);
      if (found !== undefined) into.push(found);
      return;
    }
    case "indices":
      for (const index of step.indices) select({ kind: "index", index }, value, into);
      return;
    case "slice":
      if (Array.isArray(value)) into.push(...slice(value, step));
      return;
    case "wildcard":
      into.push(...children(value));
      return;
    case "descendants":
      descend(value, into);
      return;
    case "filter":
      for (const item of Array.isArray(value) ? value : [value]) if (step.filter(item)) into.push(item);
      return;
    case "function":
      return;
  }
}

/** The item at that index of a list; negative ones count from its end. */
export const at = (value: Json, index: number): Json | undefined => (Array.isArray(value) ? value[index < 0 ? value.length + index : index] : undefined);
const children = (value: Json): Json[] => (typeof value === "object" && value !== null ? Object.values(value) : []);

function descend(value: Json, into: Json[]): void {
  if (typeof value !== "object" || value === null) return;
  into.push(value);
  for (const child of children(value)) descend(child, into);
}

function slice(array: Json[], { from, to, by }: { from: number | undefined; to: number | undefined; by: number }): Json[] {
  if (by <= 0) return [];
  const bound = (index: number): number => Math.min(Math.max(index < 0 ? array.length + index : index, 0), array.length);
  const result: Json[] = [];
  for (let index = bound(from ?? 0); index < bound(to ?? array.length); index += by) result.push(array[index] as Json);
  return result;
}

function applyFunction(name: PathFunction, value: Json): Found {
  if (name === "length") {
    if (Array.isArray(value)) return value.length;
    if (typeof value === "string") return value.length;
    return typeof value === "object" && value !== null ? Object.keys(value).length : MISSING;
  }
  if (name === "keys") return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : MISSING;
  if (!Array.isArray(value)) return MISSING;
  if (name === "first") return value[0] ?? MISSING;
  if (name === "last") return value[value.length - 1] ?? MISSING;
  const numbers = value.filter((item) => typeof item === "number");
  if (numbers.length === 0) return MISSING;
  const sum = numbers.reduce((total, item) => total + item, 0);
  switch (name) {
    case "sum": return sum;
    case "min": return Math.min(...numbers);
    case "max": return Math.max(...numbers);
    case "avg": return sum / numbers.length;
    case "stddev": {
      const mean = sum / numbers.length;
      return Math.sqrt(numbers.reduce((total, item) => total + (item - mean) ** 2, 0) / numbers.length);
    }
  }
}
