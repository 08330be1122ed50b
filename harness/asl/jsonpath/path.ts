/**
 * JSONPath as Step Functions has it (the dialect of Jayway's library): `$` the data, `$$` the context object, `$name` a
 * variable; member, index, wildcard, union, slice, deep scan and filter steps.
 * https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
 * https://github.com/json-path/JsonPath
 */
import { SyntaxProblem } from "../errors";
import { member, type Json } from "../json";
import type { Scope } from "../scope";
import { Cursor } from "./cursor";
import { parseFilter } from "./filter";
import { javaText } from "./java-text";
import { at, canonical, canonicalStep, MISSING, PATH_FUNCTIONS, walk, type Found, type PathFunction, type Step } from "./steps";

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
function readSteps(cursor: Cursor): Step[] {
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
