/**
 * What may stand where JSONPath states take a value from the data: a path or an intrinsic function.
 * https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-intrinsic-functions.html
 */
import { SyntaxProblem, type StatesError } from "../errors";
import type { Json } from "../json";
import type { Scope } from "../scope";
import { Cursor } from "./cursor";
import { INTRINSIC_FUNCTIONS, IntrinsicProblem } from "./intrinsic-functions";
import { parsePath, readPath, type Path } from "./path";
import { MISSING } from "./steps";

export interface Reference {
  readonly source: string;
  /** Every path that it reads, for checks. */
  readonly paths: readonly Path[];
  /** Throws StatesError; `field` is how errors name the place. */
  evaluate(scope: Scope, data: Json, field: string): Json;
}

/** Compiles `$…`, `$$…`, `$variable…` or `States.Name(…)`. Throws SyntaxProblem. */
export function parseReference(text: string): Reference {
  return text.startsWith("States.") ? parseIntrinsic(text) : payloadPath(parsePath(text));
}

/** In a payload an index past the end of an array gives null, as the service does; elsewhere it finds nothing. */
function payloadPath(path: Path): Reference {
  const reference = pathReference(path);
  return {
    ...reference,
    evaluate: (scope, data, field) => (path.isPastTheEnd(scope, data) ? null : reference.evaluate(scope, data, field)),
  };
}

/** A field that selects by a path (InputPath, TimeoutSecondsPath…): what it finds, or States.Runtime with the library's reason. */
export function selectingPath(path: Path): Reference {
  return {
    source: path.source,
    paths: [path],
    evaluate(scope, data) {
      const found = path.find(scope, data);
      if (found === MISSING) throw scope.fault("States.Runtime", `Invalid path '${path.source}' : ${path.whyMissing(scope, data)}`, { fatal: true });
      return found;
    },
  };
}

/** A path as a value of a payload: what it finds, or States.Runtime in AWS's words. */
function pathReference(path: Path): Reference {
  return {
    source: path.source,
    paths: [path],
    evaluate(scope, data, field) {
      const found = path.find(scope, data);
      if (found === MISSING) throw notFound(scope, path, data, field);
      return found;
    },
  };
}

export function notFound(scope: Scope, path: Path, data: Json, field: string): StatesError {
  const within = path.root.kind === "context" ? scope.context() : data;
  return scope.fault("States.Runtime", path.root.kind === "variable"
    ? `The variable path '${path.source}' specified for the field '${field}' could not be found`
    : `The JSONPath '${path.source}' specified for the field '${field}' could not be found in the input '${JSON.stringify(within)}'`, { fatal: true });
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const MAXIMUM_NESTED_CALLS = 10;

type Argument = (scope: Scope, data: Json) => Json;

/** A path in an intrinsic's arguments that found nothing. */
class MissingArgument extends Error {
  constructor(readonly path: Path) {
    super(path.source);
  }
}

function parseIntrinsic(text: string): Reference {
  const cursor = new Cursor(text);
  const paths: Path[] = [];
  const call = readCall(cursor, paths);
  cursor.skipSpace();
  cursor.expectEnd();
  return {
    source: text,
    paths,
    evaluate(scope, data) {
      try {
        return call(scope, data);
      } catch (error) {
        const failed = `The function '${text}' had the following error: `;
        if (error instanceof MissingArgument) {
          // A path into the context object is named as if it began at the data.
          const source = error.path.root.kind === "context" ? error.path.source.slice(1) : error.path.source;
          const why = error.path.misplacedIndex(scope, data) ?? `The JsonPath argument for the field '${source}' could not be found in the input '${JSON.stringify(data)}'`;
          throw scope.fault("States.Runtime", `${failed}${why}`, { fatal: true });
        }
        if (error instanceof IntrinsicProblem) throw scope.fault("States.IntrinsicFailure", `${failed}${error.message}`);
        throw error;
      }
    },
  };
}

function readCall(cursor: Cursor, paths: Path[]): Argument {
  const name = cursor.match(/States\.[A-Za-z0-9]+/y, "an intrinsic function");
  const implementation = INTRINSIC_FUNCTIONS[name];
  if (implementation === undefined) throw new SyntaxProblem(`Unknown intrinsic function ${name}`);
  const { arity, call } = implementation;
  cursor.expect("(");
  cursor.skipSpace();
  const parameters = cursor.peek() === ")" ? [] : cursor.list(() => readArgument(cursor, paths));
  cursor.expect(")");
  if (parameters.length < arity[0] || parameters.length > arity[1]) throw new SyntaxProblem(`Invalid number of arguments for ${name}`);
  return (scope, data) => call(parameters.map((parameter) => parameter(scope, data)), scope);
}

function readArgument(cursor: Cursor, paths: Path[]): Argument {
  if (cursor.startsWith("States.")) return cursor.nested(MAXIMUM_NESTED_CALLS, () => readCall(cursor, paths));
  if (cursor.peek() === "$") {
    const path = readPath(cursor);
    paths.push(path);
    return (scope, data) => {
      const found = path.find(scope, data);
      if (found === MISSING) throw new MissingArgument(path);
      return found;
    };
  }
  if (cursor.peek() === "'") {
    const text = readString(cursor);
    return () => text;
  }
  for (const [text, value] of [["true", true], ["false", false], ["null", null]] as const) if (cursor.take(text)) return () => value;
  const number = Number(cursor.match(/-?\d+(\.\d+)?([eE][-+]?\d+)?/y, "an argument"));
  return () => number;
}

/** A single-quoted string. `\'` is a quote, `\\` a backslash; `\{` and `\}` are the function's own to read. Nothing else is escaped. */
function readString(cursor: Cursor): string {
  cursor.expect("'");
  let value = "";
  for (;;) {
    const character = cursor.peek();
    if (character === "") throw cursor.problem("a closing '");
    cursor.position += 1;
    if (character === "'") return value;
    if (character === "\\") {
      const escaped = cursor.peek();
      if (!"'\\{}".includes(escaped) || escaped === "") throw cursor.problem("one of ' \\ { } after a backslash");
      cursor.position += 1;
      value += escaped === "{" || escaped === "}" ? `\\${escaped}` : escaped;
    } else {
      value += character;
    }
  }
}
