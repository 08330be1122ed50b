/** Reading the fields of one state (or of a rule, a catcher…), with each problem noted where it is. */
import type { Problems } from "../diagnostics";
import { isObject, then, typeName, type Json, type JsonObject, type Maybe } from "../json";
import { SyntaxProblem } from "../errors";
import { compileTemplate, evaluateTemplate, isExpression, typedField, type Template, type TemplateListener } from "../jsonata/template";
import { compilePayload, type PayloadTemplate } from "../jsonpath/template";
import { parsePath, type Path } from "../jsonpath/path";
import { MISSING } from "../jsonpath/steps";
import { parseReference, selectingPath, type Reference } from "../jsonpath/value";
import type { Branch } from "../branch";
import type { State } from "../state";
import type { ResourceResolver } from "../tasks";
import type { QueryLanguage } from "./fields";

/** What the whole definition shares while it is read. */
export interface ParseContext {
  problems: Problems;
  resolve: ResourceResolver;
  language: QueryLanguage;
}

/** The states of one (sub-)machine, to be linked when all of them are read. */
export interface Linker {
  /** `set` gets the state of that name; a name that nothing has is noted at the location. */
  link(target: string, location: string, set: (state: State) => void): void;
}

const MAXIMUM_SECONDS = 99_999_999;
export const NO_TIMESTAMP = "String does not match RFC3339 timestamp";
const NO_REFERENCE_PATH = "Value is not a Reference Path";

/** What AWS says of the value that a field's path leads to; the other fields have no words of their own. */
interface PathWords { missing?: (path: string) => string; noNumber: (path: string, shown: string) => string; tooSmall: (path: string, shown: string) => string }
const PATH_WORDS: Readonly<Record<string, PathWords>> = {
  Seconds: {
    missing: (path) => `The SecondsPath parameter does not reference an input value: ${path}`,
    noNumber: (path, shown) => `The SecondsPath parameter cannot be parsed as a long value: ${path} == ${shown}`,
    tooSmall: (path, shown) => `The SecondsPath parameter references a negative value: ${path} == ${shown}`,
  },
  MaxConcurrency: {
    noNumber: (path, shown) => `The MaxConcurrencyPath field refers to value "${shown}" which is not a valid integer: ${path}`,
    tooSmall: (_path, shown) => `Expected non-negative integer for MaxConcurrency, got '${shown}' instead.`,
  },
};

const isWhole = (value: Json): value is number => typeof value === "number" && Number.isInteger(value);

export class Reader {
  constructor(
    readonly fields: JsonObject,
    /** Pointer to what is read: `/States/Launch`. */
    readonly location: string,
    readonly language: QueryLanguage,
    readonly context: ParseContext,
    readonly linker: Linker,
    /** What stands before a field in the messages of failed expressions: `Catch[0]/`. */
    readonly prefix = "",
  ) {}

  has(field: string): boolean {
    return this.fields[field] !== undefined;
  }

  /** A problem of that code; the pointer leads on from here. */
  coded(code: string, pointer: string, message: string): void {
    this.context.problems.add(code, message, `${this.location}/${pointer}`);
  }

  problem(field: string | undefined, message: string): void {
    this.context.problems.schema(field === undefined ? this.location : `${this.location}/${field}`, message);
  }

  /** A reader for an object inside this one. */
  inside(fields: JsonObject, pointer: string, linker: Linker = this.linker): Reader {
    return new Reader(fields, `${this.location}/${pointer}`, this.language, this.context, linker, `${this.prefix}${pointer}/`);
  }

  /** The same place, with other fields. */
  with(fields: JsonObject): Reader {
    return new Reader(fields, this.location, this.language, this.context, this.linker, this.prefix);
  }

  string(field: string): string | undefined {
    const value = this.fields[field];
    if (value === undefined) return undefined;
    if (typeof value === "string") return value;
    this.problem(field, "Expected value of type [STRING]");
    return undefined;
  }

  boolean(field: string): boolean | undefined {
    const value = this.fields[field];
    if (value === undefined || typeof value === "boolean") return value;
    this.problem(field, "Expected value of type [BOOLEAN]");
    return undefined;
  }

  array(field: string): Json[] | undefined {
    const value = this.fields[field];
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value;
    this.problem(field, "Expected value of type [ARRAY]");
    return undefined;
  }

  object(field: string): JsonObject | undefined {
    const value = this.fields[field];
    if (value === undefined) return undefined;
    if (isObject(value)) return value;
    this.problem(field, "Expected value of type [OBJECT]");
    return undefined;
  }

  /** A field that does not belong here: at all, or only in the other query language. */
  unknownField(field: string, isOfOtherLanguage = false): void {
    this.problem(undefined, isOfOtherLanguage
      ? `The QueryLanguage is set to '${this.language}', but field '${field}' is only supported for the '${this.language === "JSONata" ? "JSONPath" : "JSONata"}' QueryLanguage`
      : `Field '${field}' is not supported`);
  }

  /** The words for fields of which a place may have one at most. */
  onlyOne(...fields: string[]): void {
    this.problem(undefined, `There should only be one of the following fields: [${fields.join(", ")}]`);
  }

  /** A fixed number within bounds. */
  number(field: string, { least, most, whole }: { least: number; most?: number; whole?: boolean }): number | undefined {
    const value = this.fields[field];
    if (value === undefined) return undefined;
    if (typeof value !== "number" || (whole !== false && !Number.isInteger(value))) {
      this.problem(field, `Expected value of type [${whole === false ? "NUMBER" : "INTEGER"}]`);
    } else if (value < least || (most !== undefined && value > most)) {
      const shown = (bound: number): string => (whole === false ? bound.toFixed(1) : String(bound));
      this.problem(field, value < least ? `Minimum value is ${shown(least)}` : `Maximum value is ${shown(most as number)}`);
    } else {
      return value;
    }
    return undefined;
  }

  /** The state that a field names, given once all states are known. */
  link(field: string, set: (state: State) => void): void {
    const target = this.string(field);
    if (target !== undefined) this.linker.link(target, `${this.location}/${field}`, set);
  }

  readonly templates: TemplateListener = {
    expression: (expression, location) => {
      const pointer = location.slice(this.prefix.length);
      const { topLevel, errorOutput } = expression.references();
      for (const name of topLevel) {
        this.coded("UNSUPPORTED_JSONATA_EXPRESSION", pointer, name === "$$" ? "Reference to '$$' is not supported." : `Reference to '${name}' at the top level is not supported.`);
      }
      if (errorOutput && !this.isCatcher) this.coded("UNSUPPORTED_JSONATA_EXPRESSION", pointer, "Field '$states.errorOutput' does not exist.");
    },
    open: (location) => { this.problem(location.slice(this.prefix.length), "JSONata string must start with {% and end with %}"); },
    problem: (_source, location, message) => { this.coded("INVALID_JSONATA_EXPRESSION", location.slice(this.prefix.length), message); },
  };

  /** Only the fields of a catcher see the error that it caught. */
  private get isCatcher(): boolean {
    return this.prefix.startsWith("Catch[");
  }

  /** A JSONata value, where the field is there. */
  template(field: string): Template | undefined {
    const value = this.fields[field];
    return value === undefined ? undefined : compileTemplate(value, `${this.prefix}${field}`, this.templates);
  }

  /** A JSONPath payload template, where the field is there. */
  payload(field: string): PayloadTemplate | undefined {
    const value = this.fields[field];
    if (value === undefined) return undefined;
    return compilePayload(value, "", {
      path: () => undefined,
      problem: (key, pointer) => { this.problem(`${field}${pointer}`, `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`); },
    });
  }

  /** InputPath, OutputPath: a path, or null. */
  path(field: string): Reference | null | undefined {
    const value = this.fields[field];
    if (value === undefined || value === null) return value;
    const path = this.parsedPath(field, value);
    return path === undefined || path.source === "$" ? undefined : selectingPath(path);
  }

  /** ResultPath: a reference path, or null. */
  referencePath(field: string): Path | null | undefined {
    const value = this.fields[field];
    if (value === undefined || value === null) return value;
    const path = this.parsedPath(field, value);
    if (path === undefined) return undefined;
    if (!path.isReference || path.root.kind !== "data") {
      this.problem(field, NO_REFERENCE_PATH);
      return undefined;
    }
    return path.steps.length === 0 ? undefined : path;
  }

  parsedPath(field: string, value: Json): Path | undefined {
    if (typeof value === "string") {
      try {
        return parsePath(value);
      } catch (error) {
        if (!(error instanceof SyntaxProblem)) throw error;
      }
    }
    this.problem(field, typeof value === "string" ? "Value must be a valid JSONPath." : "Expected value of type [STRING]");
    return undefined;
  }

  /**
   * A path that must lead to one place: without wildcards, and in the context object only where that is allowed.
   * https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
   */
  checkPlace(field: string, mayBeContext: boolean): void {
    const value = this.fields[field];
    if (typeof value !== "string") return;
    try {
      const { root, steps } = parsePath(value);
      if (steps.some(({ kind }) => kind === "wildcard" || kind === "descendants") || (root.kind === "context" && !mayBeContext)) this.problem(field, NO_REFERENCE_PATH);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
    }
  }

  /** The path that a choice rule compares. */
  comparedPath(field: string): Path | undefined {
    const value = this.fields[field] as Json;
    if (typeof value !== "string" || value.startsWith("$")) return this.parsedPath(field, value);
    this.problem(field, `${NO_REFERENCE_PATH}: Reference path didn't start with '$'`);
    return undefined;
  }

  /** A path or an intrinsic function, as ErrorPath and CausePath take it. */
  reference(field: string): Reference | undefined {
    const value = this.fields[field];
    if (value === undefined) return undefined;
    try {
      if (typeof value === "string") return parseReference(value);
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
    }
    this.problem(field, typeof value === "string" ? `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call` : "Expected value of type [STRING]");
    return undefined;
  }

  /**
   * A whole number: fixed; from `FIELDPath` in JSONPath states; or from an expression in JSONata ones.
   */
  numberField(field: string, least: number, most = MAXIMUM_SECONDS): ((branch: Branch, input: Json) => Maybe<number>) | undefined {
    const path = `${field}Path`;
    if (this.has(field) && this.has(path)) this.onlyOne(field, path);
    if (this.language === "JSONPath" && this.has(path)) {
      const parsed = this.parsedPath(path, this.fields[path] as Json);
      if (parsed === undefined) return undefined;
      const [reference, words] = [selectingPath(parsed), PATH_WORDS[field]];
      return (branch, input) => {
        const value = words?.missing !== undefined && parsed.find(branch, input) === MISSING ? MISSING : reference.evaluate(branch, input, path);
        if (words === undefined || (value !== MISSING && isWhole(value) && value >= least)) return this.inRange(branch, field, value as Json, least, most);
        const shown = typeof value === "string" ? value : JSON.stringify(value);
        throw branch.fault("States.Runtime", value === MISSING ? words.missing?.(parsed.source) ?? "" : isWhole(value) ? words.tooSmall(parsed.source, shown) : words.noNumber(parsed.source, shown), { fatal: true });
      };
    }
    const value = this.fields[field];
    if (value === undefined) return undefined;
    if (this.language === "JSONata" && isExpression(value)) {
      const typed = typedField(value, `${this.prefix}${field}`, "number", (result): result is number => typeof result === "number", this.templates);
      return (branch, input) => then(typed.evaluate(branch, { input }), (result) => this.inRange(branch, field, result, least, most));
    }
    const fixed = this.number(field, { least, most });
    return fixed === undefined ? undefined : () => fixed;
  }

  private inRange(branch: Branch, field: string, value: Json, least: number, most: number): number {
    if (typeof value === "number" && value >= least && value <= most) return value;
    if (this.language === "JSONata") {
      throw branch.fault("States.QueryEvaluationError", `The ${field} value of ${JSON.stringify(value)} must be a number between ${least} and ${most}`, { location: field });
    }
    throw branch.fault("States.Runtime", typeof value === "number"
      ? `The ${field} parameter cannot be ${value < least ? `less than ${least}` : `greater than ${most}`}`
      : `The ${field} parameter must be a number, but was a value of type ${typeName(value)}`, { fatal: true });
  }

  /** A text: fixed; from `FIELDPath` in JSONPath states; or from an expression in JSONata ones. */
  textField(field: string): ((branch: Branch, input: Json) => string | Promise<string>) | undefined {
    const path = `${field}Path`;
    if (this.has(field) && this.has(path)) this.onlyOne(field, path);
    if (this.language === "JSONPath" && this.has(path)) {
      const reference = this.reference(path);
      return reference && ((branch, input) => {
        const value = reference.evaluate(branch, input, path);
        if (typeof value === "string") return value;
        throw branch.fault("States.Runtime", `The ${path} field must resolve to a string, but was a value of type ${typeName(value)}`, { fatal: true });
      });
    }
    const value = this.fields[field];
    if (value === undefined) return undefined;
    if (this.language === "JSONata" && isExpression(value)) {
      const typed = typedField(value, `${this.prefix}${field}`, "string", (result): result is string => typeof result === "string", this.templates);
      return (branch, input) => typed.evaluate(branch, { input });
    }
    const fixed = this.string(field);
    return fixed === undefined ? undefined : () => fixed;
  }

  /** A JSONata value as a function of the state's input. */
  evaluated(field: string): ((branch: Branch, input: Json) => Maybe<Json>) | undefined {
    const template = this.template(field);
    return template && ((branch, input) => evaluateTemplate(template, branch, { input }));
  }
}
