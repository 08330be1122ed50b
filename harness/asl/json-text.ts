/**
 * JSON texts that callers hand over (definitions, inputs, outputs), and what AWS says of those that are none: the service
 * passes on the words of its parser, with the place where it stopped.
 */
import { isTooDeep, MAXIMUM_NESTING, type Json } from "./json";

/** A text that is no JSON. */
export class JsonTextProblem extends Error {
  override name = "JsonTextProblem";
  constructor(
    /** Without the place: `Unrecognized token 'not': was expecting …`. */
    readonly reason: string,
    /** `[Source: (String)"…"; line: 1, column: 4]` */
    readonly place: string,
  ) {
    super(`${reason}\n at ${place}`);
  }
}

/** Throws JsonTextProblem. */
export function parseJsonText(text: string): Json {
  let reason = "Unexpected text";
  try {
    const value = JSON.parse(text) as Json;
    // A text that nests so deep has as many brackets.
    if (text.length <= 2 * MAXIMUM_NESTING || !isTooDeep(value)) return value;
  } catch (error) {
    reason = (error as Error).message;
  }
  throw new Scanner(text).findProblem() ?? new JsonTextProblem(reason, "[Source: (String)]");
}

/** Reads a text in which no object has a name twice, and no number is too large. Throws JsonTextProblem. */
export function parseStrictJsonText(text: string): Json {
  const value = parseJsonText(text);
  const problem = new Scanner(text, true).findProblem();
  if (problem !== undefined) throw problem;
  return value;
}

const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const SHOWN = 500;

class Found extends Error {
  constructor(readonly problem: JsonTextProblem) {
    super(problem.reason);
  }
}

/** Reads a text up to the first thing that is wrong. */
class Scanner {
  private position = 0;
  private depth = 0;
  /** The names that the objects around have had so far, each as it was written; only where they are watched. */
  private readonly names: Set<string>[] = [];
  constructor(private readonly text: string, private readonly isStrict = false) {}

  findProblem(): JsonTextProblem | undefined {
    try {
      this.value();
      this.space();
      if (this.position < this.text.length) this.unexpected("end of input");
    } catch (error) {
      if (error instanceof Found) return error.problem;
      throw error;
    }
    return undefined;
  }

  private place(offset = this.position): string {
    const before = this.text.slice(0, offset);
    const line = before.split("\n").length;
    const column = offset - (before.lastIndexOf("\n") + 1) + 1;
    const source = this.text.length > SHOWN ? `${this.text.slice(0, SHOWN)}"[truncated ${this.text.length - SHOWN} chars]` : `${this.text}"`;
    return `[Source: (String)"${source}; line: ${line}, column: ${column}]`;
  }

  private fail(reason: string): never {
    throw new Found(new JsonTextProblem(reason, this.place()));
  }

  private unexpected(expected: string): never {
    const character = this.text.charAt(this.position);
    this.position += 1;
    this.fail(`Unexpected character ('${character}' (code ${character.charCodeAt(0)})): ${expected === "end of input" ? "expected a valid value" : `was expecting ${expected}`}`);
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text.charAt(this.position))) this.position += 1;
  }

  private ended(within: string): void {
    if (this.position >= this.text.length) this.fail(`Unexpected end-of-input${within}`);
  }

  private value(): void {
    this.space();
    this.ended("");
    const character = this.text.charAt(this.position);
    if (character === "{") {
      this.names.push(new Set());
      this.container("}", "Object", () => { this.member(); });
      this.names.pop();
    }
    else if (character === "[") this.container("]", "Array", () => { this.value(); });
    else if (character === "\"") this.string("");
    else if (/[-0-9]/.test(character)) this.number();
    else this.word();
  }

  private container(close: string, name: string, element: () => void): void {
    this.depth += 1;
    if (this.depth > MAXIMUM_NESTING) this.fail(`Document nesting depth (${this.depth}) exceeds the maximum allowed (${MAXIMUM_NESTING}, from \`StreamReadConstraints.getMaxNestingDepth()\`)`);
    this.elements(close, name, element);
    this.depth -= 1;
  }

  private elements(close: string, name: string, element: () => void): void {
    const within = `: expected close marker for ${name} (start marker at ${this.place(this.position)})`;
    this.position += 1;
    this.space();
    this.ended(within);
    if (this.text.charAt(this.position) === close) {
      this.position += 1;
      return;
    }
    for (;;) {
      this.space();
      this.ended(within);
      element();
      this.space();
      this.ended(within);
      const character = this.text.charAt(this.position);
      if (character !== "," && character !== close) this.unexpected(`comma to separate ${name} entries`);
      this.position += 1;
      if (character === close) return;
    }
  }

  private member(): void {
    if (this.text.charAt(this.position) !== "\"") this.unexpected("double-quote to start field name");
    const start = this.position;
    this.string(" in field name");
    if (this.isStrict) this.noteName(this.text.slice(start, this.position));
    this.space();
    this.ended("");
    if (this.text.charAt(this.position) !== ":") this.unexpected("a colon to separate field name and value");
    this.position += 1;
    this.value();
  }

  private noteName(written: string): void {
    const name = JSON.parse(written) as string;
    const known = this.names.at(-1);
    if (known?.has(name) === true) this.fail(`Duplicate field '${name}'`);
    known?.add(name);
  }

  private string(where: string): void {
    this.position += 1;
    for (;;) {
      this.ended(`: was expecting closing quote for a string value${where}`);
      const character = this.text.charAt(this.position);
      this.position += 1;
      if (character === "\"") return;
      if (character < " ") this.fail(`Illegal unquoted character ((CTRL-CHAR, code ${character.charCodeAt(0)})): has to be escaped using backslash to be included in string value`);
      if (character === "\\") {
        const escaped = this.text.charAt(this.position);
        this.position += 1;
        if (!/["\\/bfnrtu]/.test(escaped)) this.fail(`Unrecognized character escape '${escaped}' (code ${escaped.charCodeAt(0)})`);
      }
    }
  }

  private number(): void {
    const found = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(this.text.slice(this.position))?.[0] ?? "";
    this.position += found.length;
    if (found === "" || /[0-9A-Za-z.]/.test(this.text.charAt(this.position))) this.unexpected("space separating root-level values");
    if (this.isStrict && !Number.isFinite(Number(found))) this.fail(`Numeric value (${found}) out of range`);
  }

  private word(): void {
    const word = /^[\p{L}\p{N}_$]+/u.exec(this.text.slice(this.position))?.[0];
    if (word === undefined) this.unexpected("a valid value " + VALUES);
    this.position += (word as string).length;
    if (!["true", "false", "null"].includes(word as string)) this.fail(`Unrecognized token '${word as string}': was expecting ${VALUES}`);
  }
}
