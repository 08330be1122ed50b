/**
 * Terraform's expression language, as far as synthesized stacks use it: templates, references, indices, function calls,
 * literals. https://developer.hashicorp.com/terraform/language/expressions,
 * in JSON: https://developer.hashicorp.com/terraform/language/syntax/json#expression-mapping
 */
import { notSupported } from "../core/unsupported";
import { callFunction } from "./functions";
import { REFUSED } from "./limits";

/** What is wrong with an expression, in words; who evaluates it says where. */
export class ExpressionError extends Error {
  override name = "ExpressionError";
}

/** A step into a value: `.name`, `[expression]`, or `[*]`. */
type Step = { kind: "attribute"; name: string } | { kind: "index"; index: Expression } | { kind: "splat" };

export type Expression =
  | { kind: "literal"; value: unknown }
  | { kind: "template"; parts: (string | Expression)[] }
  | { kind: "reference"; root: string; steps: Step[] }
  | { kind: "call"; name: string; arguments: Expression[] }
  | { kind: "list"; members: Expression[] }
  | { kind: "object"; members: [Expression, Expression][] }
  | { kind: "steps"; of: Expression; steps: Step[] };

/** What expressions refer to. */
export interface Scope {
  /** The attributes of `aws_x.name`, or of `data.aws_x.name`. @throws ExpressionError when there is no such address */
  resource(address: string): Record<string, unknown>;
  /** `var.name` and `local.name`. @throws ExpressionError */
  named(root: "var" | "local", name: string): unknown;
  /** `path.module`, `path.root`, `path.cwd`: the stack's folder. */
  readonly folder: string;
}

/** Parses a string of the JSON syntax: a template. A string that is nothing but one `${…}` has that expression's own type. @throws ExpressionError */
export function parseTemplate(text: string): Expression {
  if (!text.includes("${") && !text.includes("%{")) return { kind: "literal", value: text };
  const parser = new Parser(text);
  const parts = parser.template(undefined);
  if (parts.length === 1 && typeof parts[0] !== "string") return parts[0]!;
  if (parts.every((part) => typeof part === "string")) return { kind: "literal", value: parts.join("") };
  return { kind: "template", parts };
}

/** Every address (`aws_x.name`, `data.aws_x.name`, `local.name`) that an expression refers to. */
export function addressesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case "literal": return [];
    case "template": return expression.parts.flatMap((part) => (typeof part === "string" ? [] : addressesIn(part)));
    case "call": return expression.arguments.flatMap(addressesIn);
    case "list": return expression.members.flatMap(addressesIn);
    case "object": return expression.members.flatMap(([key, value]) => [...addressesIn(key), ...addressesIn(value)]);
    case "steps": return [...addressesIn(expression.of), ...expression.steps.flatMap(addressesInStep)];
    case "reference": {
      const address = addressOf(expression);
      return [...(address ? [address.text] : []), ...expression.steps.flatMap(addressesInStep)];
    }
  }
}

const addressesInStep = (step: Step): string[] => (step.kind === "index" ? addressesIn(step.index) : []);

/** Evaluates an expression. @throws ExpressionError */
export function evaluate(expression: Expression, scope: Scope): unknown {
  switch (expression.kind) {
    case "literal": return expression.value;
    case "template": return expression.parts.map((part) => (typeof part === "string" ? part : asText(evaluate(part, scope)))).join("");
    case "call": return callFunction(expression.name, expression.arguments.map((argument) => evaluate(argument, scope)), scope.folder);
    case "list": return expression.members.map((member) => evaluate(member, scope));
    case "object": return Object.fromEntries(expression.members.map(([key, value]) => [asText(evaluate(key, scope)), evaluate(value, scope)]));
    case "steps": return walk(evaluate(expression.of, scope), expression.steps, "this value", scope);
    case "reference": return evaluateReference(expression, scope);
  }
}

type Reference = Extract<Expression, { kind: "reference" }>;

/** How many steps of a reference belong to its address, and that address. */
function addressOf({ root, steps }: Reference): { text: string; length: number } | undefined {
  const names = steps.map((step) => (step.kind === "attribute" ? step.name : undefined));
  if (root === "data") return names[0] && names[1] ? { text: `data.${names[0]}.${names[1]}`, length: 2 } : undefined;
  if (root === "local") return names[0] ? { text: `local.${names[0]}`, length: 1 } : undefined;
  if (root === "path" || root === "var") return undefined;
  return names[0] ? { text: `${root}.${names[0]}`, length: 1 } : undefined;
}

function evaluateReference(reference: Reference, scope: Scope): unknown {
  const { root, steps } = reference;
  const [first] = steps;
  if (["each", "count", "self", "module", "terraform"].includes(root)) throw new ExpressionError(notSupported(REFUSED.roots, root));
  if (root === "path") {
    if (steps.length === 1 && first?.kind === "attribute" && ["module", "root", "cwd"].includes(first.name)) return scope.folder;
    throw new ExpressionError("of path only path.module, path.root and path.cwd are known");
  }
  if (root === "var" || root === "local") {
    if (first?.kind !== "attribute") throw new ExpressionError(`${root} is followed by a name`);
    return walk(scope.named(root, first.name), steps.slice(1), `${root}.${first.name}`, scope);
  }
  const address = addressOf(reference);
  if (!address) throw new ExpressionError(`${root} is not a reference to a resource, a data source, a variable or a local value`);
  const attributes = scope.resource(address.text);
  const rest = steps.slice(address.length);
  const [attribute] = rest;
  if (attribute?.kind === "attribute" && !Object.hasOwn(attributes, attribute.name)) {
    throw new ExpressionError(`${address.text} has no attribute ${attribute.name} in the embedded region (it exports ${Object.keys(attributes).sort().join(", ")})`);
  }
  return walk(attributes, rest, address.text, scope);
}

function walk(start: unknown, steps: readonly Step[], name: string, scope: Scope): unknown {
  let value = start;
  let path = name;
  for (const [position, step] of steps.entries()) {
    if (step.kind === "splat") {
      const list = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
      return list.map((member) => walk(member, steps.slice(position + 1), `${path}[*]`, scope));
    }
    const key = step.kind === "attribute" ? step.name : evaluate(step.index, scope);
    const next = `${path}${step.kind === "attribute" ? `.${step.name}` : `[${JSON.stringify(key)}]`}`;
    value = member(value, key, next);
    path = next;
  }
  return value;
}

function member(value: unknown, key: unknown, path: string): unknown {
  if (Array.isArray(value) && (typeof key === "number" || /^\d+$/.test(String(key)))) {
    const index = Number(key);
    if (index in value) return value[index] as unknown;
    throw new ExpressionError(`${path}: the list has ${value.length} members`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    if (Object.hasOwn(value, String(key))) return (value as Record<string, unknown>)[String(key)];
    // A block that is written once may stand without its list.
    if (Number(key) === 0) return value;
    throw new ExpressionError(`${path} does not exist (there is ${Object.keys(value).sort().join(", ") || "nothing"})`);
  }
  throw new ExpressionError(`${path} does not exist: what it is taken from is ${value === undefined || value === null ? "not set" : `a ${Array.isArray(value) ? "list" : typeof value}`}`);
}

/** A value within text. @throws ExpressionError for lists and objects, as Terraform does */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null || value === undefined) throw new ExpressionError("a value that is not set cannot stand within text");
  throw new ExpressionError(`a ${Array.isArray(value) ? "list" : "object"} cannot stand within text; jsonencode makes text of it`);
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
