/**
 * The syntax of Terraform's expression language, as far as synthesized stacks use it: templates, references, indices, function
 * calls, literals. https://developer.hashicorp.com/terraform/language/expressions,
 * in JSON: https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
import { notSupported } from "../core/unsupported";
import { ExpressionError } from "./expression-values";
import { REFUSED } from "./limits";

/** A step into a value: `.name`, `[expression]`, or `[*]`. */
export type Step = { kind: "attribute"; name: string } | { kind: "index"; index: Expression } | { kind: "splat" };

export type Expression =
  | { kind: "literal"; value: unknown }
  | { kind: "template"; parts: (string | Expression)[] }
  | { kind: "reference"; root: string; steps: Step[] }
  | { kind: "call"; name: string; arguments: Expression[] }
  | { kind: "list"; members: Expression[] }
  | { kind: "object"; members: [Expression, Expression][] }
  | { kind: "steps"; of: Expression; steps: Step[] };

/** Parses a string of the JSON syntax: a template. A string that is nothing but one `${…}` has that expression's own type. @throws ExpressionError */
export function parseTemplate(text: string): Expression {
  if (!text.includes("${") && !text.includes("%{")) return { kind: "literal", value: text };
  const parser = new Parser(text);
  const parts = parser.template(undefined);
  if (parts.length === 1 && typeof parts[0] !== "string") return parts[0]!;
  if (parts.every((part) => typeof part === "string")) return { kind: "literal", value: parts.join("") };
  return { kind: "template", parts };
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

/** A recursive descent over templates and the expressions within them. */
class Parser {
  #at = 0;

  constructor(readonly text: string) {}

  /** A template up to its end: the text's own (JSON has undone the escapes there), or a closing quote. */
  template(end: '"' | undefined): (string | Expression)[] {
    const parts: (string | Expression)[] = [];
    let literal = "";
    for (;;) {
      if (this.#at >= this.text.length) {
        if (end) throw this.#error("a string that is not closed");
        break;
      }
      const rest = this.text.slice(this.#at, this.#at + 3);
      if (end && rest.startsWith(end)) {
        this.#at += 1;
        break;
      }
      if (rest === "$${" || rest === "%%{") {
        literal += rest.slice(1);
        this.#at += 3;
      } else if (rest.startsWith("${")) {
        this.#at += 2;
        if (rest === "${~") throw this.#error(notSupported(REFUSED.directives, "${~"));
        if (literal !== "") parts.push(literal);
        literal = "";
        parts.push(this.#expression());
        this.#expect("}");
      } else if (rest.startsWith("%{")) {
        throw this.#error(notSupported(REFUSED.directives, "%{"));
      } else if (end && rest.startsWith("\\")) {
        literal += this.#escape();
      } else {
        literal += this.text[this.#at];
        this.#at += 1;
      }
    }
    if (literal !== "" || parts.length === 0) parts.push(literal);
    return parts;
  }

  #escape(): string {
    const character = this.text[this.#at + 1] ?? "";
    const simple = ESCAPES[character];
    if (simple !== undefined) {
      this.#at += 2;
      return simple;
    }
    const digits = character === "u" ? 4 : character === "U" ? 8 : 0;
    const code = this.text.slice(this.#at + 2, this.#at + 2 + digits);
    if (digits === 0 || !/^[0-9a-fA-F]+$/.test(code) || code.length !== digits) throw this.#error(`an unknown escape \\${character}`);
    this.#at += 2 + digits;
    return String.fromCodePoint(parseInt(code, 16));
  }

  #expression(): Expression {
    const of = this.#primary();
    this.#space();
    const operator = /^(\?|==|!=|<=|>=|<|>|&&|\|\||[-+*/%])/.exec(this.text.slice(this.#at, this.#at + 2))?.[1];
    if (operator) throw this.#error(notSupported(REFUSED.operators, operator));
    return of;
  }

  #primary(): Expression {
    this.#space();
    const character = this.text[this.#at];
    if (character === '"') {
      this.#at += 1;
      const parts = this.template('"');
      const expression: Expression = parts.every((part) => typeof part === "string") ? { kind: "literal", value: parts.join("") } : { kind: "template", parts };
      return this.#steps(expression);
    }
    if (character === "[") return this.#steps(this.#list());
    if (character === "{") return this.#steps(this.#object());
    if (character === "(") {
      this.#at += 1;
      const inner = this.#expression();
      this.#expect(")");
      return this.#steps(inner);
    }
    if (this.#take("<<")) throw this.#error(notSupported(REFUSED.heredocs));
    const number = this.#match(/^-?\d+(\.\d+)?([eE][-+]?\d+)?/);
    if (number !== undefined) return { kind: "literal", value: Number(number) };
    const name = this.#match(/^[A-Za-z_][A-Za-z0-9_-]*/);
    if (name === undefined) throw this.#error(character === undefined ? "the expression ends too early" : `unexpected ${JSON.stringify(character)}`);
    if (this.text[this.#at] === "(") return this.#steps({ kind: "call", name, arguments: this.#arguments() });
    if (name === "true" || name === "false") return { kind: "literal", value: name === "true" };
    if (name === "null") return { kind: "literal", value: null };
    return { kind: "reference", root: name, steps: this.#stepList() };
  }

  #steps(of: Expression): Expression {
    const steps = this.#stepList();
    return steps.length === 0 ? of : { kind: "steps", of, steps };
  }

  #stepList(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.#take(".*") || this.#take("[*]")) steps.push({ kind: "splat" });
      else if (this.#take(".")) {
        const name = this.#match(/^([A-Za-z_][A-Za-z0-9_-]*|\d+)/);
        if (name === undefined) throw this.#error("a dot without a name");
        steps.push(/^\d/.test(name) ? { kind: "index", index: { kind: "literal", value: Number(name) } } : { kind: "attribute", name });
      } else if (this.#take("[")) {
        const index = this.#expression();
        this.#expect("]");
        steps.push({ kind: "index", index });
      } else return steps;
    }
  }

  #arguments(): Expression[] {
    this.#expect("(");
    return this.#until(")", () => this.#expression());
  }

  #list(): Expression {
    this.#expect("[");
    if (/^\s*for\b/.test(this.text.slice(this.#at))) throw this.#error(notSupported(REFUSED.forExpressions));
    return { kind: "list", members: this.#until("]", () => this.#expression()) };
  }

  #object(): Expression {
    this.#expect("{");
    if (/^\s*for\b/.test(this.text.slice(this.#at))) throw this.#error(notSupported(REFUSED.forExpressions));
    const members = this.#until("}", (): [Expression, Expression] => {
      this.#space();
      const name = this.#match(/^[A-Za-z_][A-Za-z0-9_-]*(?=\s*[=:])/);
      const key: Expression = name === undefined ? this.#expression() : { kind: "literal", value: name };
      this.#space();
      if (!this.#take("=") && !this.#take(":")) throw this.#error("a member of an object without = or :");
      return [key, this.#expression()];
    });
    return { kind: "object", members };
  }

  /** Members with commas between them (an object's may also stand on lines of their own), up to the closing character. */
  #until<T>(close: string, read: () => T): T[] {
    const members: T[] = [];
    for (;;) {
      this.#space();
      if (this.#take(close)) return members;
      members.push(read());
      this.#space();
      if (this.#take(",")) continue;
      if (this.text[this.#at] !== close && close !== "}") throw this.#error(`expected , or ${close}`);
    }
  }

  #space(): void {
    while (/\s/.test(this.text[this.#at] ?? "")) this.#at += 1;
  }

  #take(text: string): boolean {
    if (!this.text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    this.#space();
    if (!this.#take(text)) throw this.#error(`expected ${text}`);
  }

  #match(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.text.slice(this.#at))?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #error(message: string): ExpressionError {
    const near = this.text.slice(Math.max(0, this.#at - 20), this.#at + 20).replace(/\s+/g, " ");
    return new ExpressionError(`${message}, near «${near}»`);
  }
}
