/**
 * JSONPath as Step Functions has it (the dialect of Jayway's library): `$` the data, `$$` the context object, `$name` a
 * variable; member, index, wildcard, union, slice, deep scan and filter steps.
 * https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
 * https://github.com/json-path/JsonPath
 */
import { SyntaxProblem } from "../errors";
import { isObject, member, put, type Json, type JsonObject } from "../json";
import type { Scope } from "../scope";
import { parseFilter, type Filter } from "./filter";
import { Cursor } from "./cursor";
import { javaText } from "./java-text";

/** What a path finds where there is nothing: not a JSON value. */
export const MISSING: unique symbol = Symbol("missing");
export type Found = Json | typeof MISSING;

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

const PATH_FUNCTIONS = ["length", "min", "max", "avg", "sum", "stddev", "keys", "first", "last"] as const;
type PathFunction = (typeof PATH_FUNCTIONS)[number];

export type Root = { kind: "data" } | { kind: "context" } | { kind: "variable"; name: string };

export class Path {
  /** Whether the path leads to one place at most; the others give a list. */
  readonly definite: boolean;
  /** Whether it has only member and single index steps: what ResultPath may be. */
  readonly isReference: boolean;

  constructor(readonly source: string, readonly root: Root, readonly steps: readonly Step[]) {
    this.definite = steps.every(({ kind }, index) => kind === "member" || kind === "index" || kind === "function" || (kind === "members" && index === steps.length - 1));
    this.isReference = steps.every((step) => step.kind === "member" || (step.kind === "index" && step.index >= 0));
  }

  /** What the path finds, or MISSING. */
  find(scope: Scope, data: Json): Found {
    let start: Found = data;
    if (this.root.kind === "context") start = scope.context();
    else if (this.root.kind === "variable") start = member(scope.variables as Record<string, Json>, this.root.name) ?? MISSING;
    if (start === MISSING) return MISSING;
    const found = walk(this.steps, 0, start);
    const isNothing = found === MISSING || (Array.isArray(found) && found.length === 0);
    if (this.definite || !isNothing || this.steps.some(({ kind }) => kind === "function")) return found;
    // Many places or none: a list, unless a part of a list was asked of what is no list.
    return this.misplacedIndex(scope, data) === undefined ? [] : MISSING;
  }

  /** What the library that the service uses says of an index or a slice of what is no list; undefined where that is not to blame. */
  misplacedIndex(scope: Scope, data: Json): string | undefined {
    for (const [position, step] of this.steps.entries()) {
      if (step.kind === "member") continue;
      if (step.kind !== "index" && step.kind !== "indices" && step.kind !== "slice") return undefined;
      const within = new Path(this.source, this.root, this.steps.slice(0, position)).find(scope, data);
      if (within === MISSING || within === null) return undefined;
      if (!Array.isArray(within)) return `Filter: ${this.steps.slice(position).map(canonicalStep).join("")} can only be applied to arrays. Current context is: ${javaText(within)}`;
      if (step.kind !== "index") return undefined;
    }
    return undefined;
  }

  /** Why a path to one place finds nothing, in the words of the library that the service uses. */
  whyMissing(scope: Scope, data: Json): string {
    const misplaced = this.definite ? this.misplacedIndex(scope, data) : undefined;
    if (misplaced !== undefined) return misplaced;
    const members = this.steps.findIndex((step, index) => step.kind === "member" && index < this.steps.length - 1 &&
      new Path(this.source, this.root, this.steps.slice(0, index + 1)).find(scope, data) === MISSING);
    return this.definite && members >= 0 ? `Missing property in path ${canonical(this.steps.slice(0, members + 1))}` : `No results for path: ${canonical(this.steps)}`;
  }

  /** Whether the path ends in an index that its array does not have. */
  isPastTheEnd(scope: Scope, data: Json): boolean {
    const last = this.steps[this.steps.length - 1];
    if (last?.kind !== "index" || !this.definite) return false;
    const array = new Path(this.source, this.root, this.steps.slice(0, -1)).find(scope, data);
    return Array.isArray(array) && at(array, last.index) === undefined;
  }
}

/** Steps in brackets throughout: `$['a'][0]`. */
const canonical = (steps: readonly Step[]): string => `$${steps.map(canonicalStep).join("")}`;

function canonicalStep(step: Step): string {
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

/** Reads a path that is the whole text. Throws SyntaxProblem. */
export function parsePath(text: string): Path {
  const cursor = new Cursor(text);
  const path = readPath(cursor);
  cursor.expectEnd();
  return path;
}

/** Reads a path that begins at the cursor and ends before whatever cannot belong to it. */
export function readPath(cursor: Cursor): Path {
  const start = cursor.position;
  cursor.expect("$");
  let root: Root = { kind: "data" };
  if (cursor.take("$")) root = { kind: "context" };
  else if (/[\p{L}_]/u.test(cursor.peek())) root = { kind: "variable", name: cursor.match(/[\p{L}_][\p{L}\p{N}_]*/uy) };
  const steps = readSteps(cursor);
  return new Path(cursor.text.slice(start, cursor.position), root, steps);
}

/** Steps after a root (`$` or, in a filter, `@`). */
export function readSteps(cursor: Cursor): Step[] {
  const steps: Step[] = [];
  for (;;) {
    if (cursor.take("..")) {
      steps.push({ kind: "descendants" });
      if (cursor.peek() !== "[") steps.push(readDotted(cursor));
    } else if (cursor.take(".")) {
      steps.push(readDotted(cursor));
    } else if (cursor.peek() === "[") {
      steps.push(readBracket(cursor));
    } else {
      return steps;
    }
  }
}

function readDotted(cursor: Cursor): Step {
  if (cursor.take("*")) return { kind: "wildcard" };
  const name = cursor.match(/[^\s.[\](),'"*=<>!&|?@]+/uy, "a member's name");
  if (cursor.take("()")) {
    if (!(PATH_FUNCTIONS as readonly string[]).includes(name)) throw new SyntaxProblem(`Function ${name}() is not supported in a path`);
    return { kind: "function", name: name as PathFunction };
  }
  return { kind: "member", name };
}

function readBracket(cursor: Cursor): Step {
  cursor.expect("[");
  cursor.skipSpace();
  const step = readSelector(cursor);
  cursor.skipSpace();
  cursor.expect("]");
  return step;
}

function readSelector(cursor: Cursor): Step {
  if (cursor.take("*")) return { kind: "wildcard" };
  if (cursor.take("?")) {
    cursor.skipSpace();
    return { kind: "filter", filter: parseFilter(cursor, readSteps) };
  }
  if (cursor.peek() === "'" || cursor.peek() === "\"") {
    const names = cursor.list(() => cursor.quoted());
    return names.length === 1 ? { kind: "member", name: names[0] as string } : { kind: "members", names };
  }
  const first = cursor.optionalInteger();
  if (cursor.take(":")) {
    const to = cursor.optionalInteger();
    const by = cursor.take(":") ? cursor.optionalInteger() : undefined;
    return { kind: "slice", from: first, to, by: by ?? 1 };
  }
  if (first === undefined) throw cursor.problem("an index, a name, a slice or a filter");
  if (cursor.peekAfterSpace() !== ",") return { kind: "index", index: first };
  cursor.skipSpace();
  cursor.expect(",");
  const rest = cursor.list(() => cursor.optionalInteger() ?? cursor.fail("an index"));
  return { kind: "indices", indices: [first, ...rest] };
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

const at = (value: Json, index: number): Json | undefined => (Array.isArray(value) ? value[index < 0 ? value.length + index : index] : undefined);
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
