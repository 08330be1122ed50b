/**
 * Terraform's expressions at work: what they refer to, and what they come to.
 * https://developer.hashicorp.com/terraform/language/expressions
 */
import { notSupported } from "../core/unsupported";
import type { Expression, Step } from "./expression-syntax";
import { asText, ExpressionError } from "./expression-values";
import { callFunction } from "./functions";
import { REFUSED } from "./limits";

/** What expressions refer to. */
export interface Scope {
  /** The attributes of `aws_x.name`, or of `data.aws_x.name`. @throws ExpressionError when there is no such address */
  resource(address: string): Record<string, unknown>;
  /** `var.name` and `local.name`. @throws ExpressionError */
  named(root: "var" | "local", name: string): unknown;
  /** `path.module`, `path.root`, `path.cwd`: the stack's folder. */
  readonly folder: string;
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
