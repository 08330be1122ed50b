/**
 * Event patterns: compiled once, then asked of each event.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
import { literalSource } from "../../core/regular-expression";
import { invalidPattern } from "./errors";

export type EventPattern = (event: unknown) => boolean;

/** Whether one value of the event (a scalar; undefined when the field is absent) matches. */
type Leaf = (value: unknown) => boolean;

/** @throws AwsError InvalidEventPatternException */
export function compilePattern(text: string): EventPattern {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch (error) {
    throw invalidPattern(`${(error as Error).message}`);
  }
  if (!isObject(pattern)) throw invalidPattern("Filter is not an object");
  return compileObject(pattern, "");
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function compileObject(pattern: Record<string, unknown>, path: string): EventPattern {
  const keys = Object.keys(pattern);
  if (keys.length === 0) throw invalidPattern(path === "" ? "Empty objects are not allowed" : `Empty objects are not allowed at ${path}`);
  const tests = keys.map((key): EventPattern => {
    const value = pattern[key];
    const at = path === "" ? key : `${path}.${key}`;
    if (key === "$or" && Array.isArray(value) && value.length > 1 && value.every(isObject)) {
      const choices = value.map((choice) => compileObject(choice, path));
      return (event) => choices.some((choice) => choice(event));
    }
    if (Array.isArray(value)) {
      const leaf = compileLeaves(value, at);
      return (event) => matchLeaf(leaf, fieldOf(event, key));
    }
    if (isObject(value)) {
      const inner = compileObject(value, at);
      return (event) => {
        const member = fieldOf(event, key);
        return Array.isArray(member) ? member.some((one) => inner(one)) : inner(member);
      };
    }
    throw invalidPattern(`"${at}" must be an object or an array`);
  });
  return (event) => tests.every((test) => test(event));
}

const fieldOf = (event: unknown, key: string): unknown => (isObject(event) && Object.hasOwn(event, key) ? event[key] : undefined);

/** An array in the event matches when one of its members does; objects are no leaves. */
function matchLeaf(leaf: Leaf, value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0 ? false : value.some((member) => matchLeaf(leaf, member));
  return leaf(isObject(value) ? undefined : value);
}

function compileLeaves(values: readonly unknown[], path: string): Leaf {
  if (values.length === 0) throw invalidPattern(`Empty arrays are not allowed at ${path}`);
  const leaves = values.map((value): Leaf => {
    if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number") return (found) => found === value;
    if (isObject(value)) return compileOperator(value, path);
    throw invalidPattern(`Match value must be String, number, true, false, or null at ${path}`);
  });
  return (found) => leaves.some((leaf) => leaf(found));
}

export const OPERATORS: Record<string, (operand: unknown, path: string) => Leaf> = {
  prefix: (operand, path) => affix(operand, path, "prefix", (text, part) => text.startsWith(part)),
  suffix: (operand, path) => affix(operand, path, "suffix", (text, part) => text.endsWith(part)),
  "equals-ignore-case": (operand, path) => {
    const wanted = stringOperand(operand, "equals-ignore-case", path).toLowerCase();
    return (found) => typeof found === "string" && found.toLowerCase() === wanted;
  },
  wildcard: (operand, path) => {
    const expression = wildcardExpression(stringOperand(operand, "wildcard", path), path);
    return (found) => typeof found === "string" && expression.test(found);
  },
  exists: (operand, path) => {
    if (typeof operand !== "boolean") throw invalidPattern(`exists match pattern must be either true or false. at ${path}`);
    return (found) => (found !== undefined) === operand;
  },
  numeric: compileNumeric,
  cidr: compileCidr,
  "anything-but": compileAnythingBut,
};

function compileOperator(pattern: Record<string, unknown>, path: string): Leaf {
  const [name, ...more] = Object.keys(pattern);
  if (name === undefined) throw invalidPattern(`Empty objects are not allowed at ${path}`);
  if (more.length > 0) throw invalidPattern(`Only one key allowed in match expression at ${path}`);
  if (!Object.hasOwn(OPERATORS, name)) throw invalidPattern(`Unrecognized match type ${name} at ${path}`);
  return OPERATORS[name]!(pattern[name], path);
}

function stringOperand(operand: unknown, name: string, path: string): string {
  if (typeof operand !== "string") throw invalidPattern(`${name} match pattern must be a string at ${path}`);
  return operand;
}

function affix(operand: unknown, path: string, name: string, test: (text: string, part: string) => boolean): Leaf {
  if (isObject(operand) && Object.keys(operand).length === 1 && typeof operand["equals-ignore-case"] === "string") {
    const part = operand["equals-ignore-case"].toLowerCase();
    return (found) => typeof found === "string" && test(found.toLowerCase(), part);
  }
  const part = stringOperand(operand, name, path);
  return (found) => typeof found === "string" && test(found, part);
}

/** `*` stands for any characters, `\*` and `\\` for themselves; two wildcards in a row are refused. */
function wildcardExpression(text: string, path: string): RegExp {
  let source = "";
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (character === "\\") {
      const escaped = text[++index];
      if (escaped !== "*" && escaped !== "\\") throw invalidPattern(`Invalid escape character at pos ${index - 1} at ${path}`);
      source += `\\${escaped}`;
    } else if (character === "*") {
      if (text[index + 1] === "*") throw invalidPattern(`Consecutive wildcard characters at pos ${index} at ${path}`);
      source += "[^]*";
    } else source += literalSource(character);
  }
  return new RegExp(`^${source}$`);
}

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};
/** The bound of numbers in patterns: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-numeric-matching */
const GREATEST_NUMBER = 5e9;

function compileNumeric(operand: unknown, path: string): Leaf {
  if (!Array.isArray(operand) || operand.length === 0) throw invalidPattern(`Value of numeric must be an array. at ${path}`);
  if (operand.length !== 2 && operand.length !== 4) throw invalidPattern(`Too many or too few elements in numeric expression at ${path}`);
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const [operator, bound] = [operand[index] as unknown, operand[index + 1] as unknown];
    if (typeof operator !== "string" || !Object.hasOwn(COMPARISONS, operator)) throw invalidPattern(`Unrecognized numeric range operator: ${String(operator)} at ${path}`);
    if (typeof bound !== "number") throw invalidPattern(`Value of ${operator} must be numeric at ${path}`);
    if (Math.abs(bound) > GREATEST_NUMBER) throw invalidPattern(`Value must be between -5.0E9 and 5.0E9, inclusive at ${path}`);
    if (operand.length === 4 && (index === 0 ? !operator.startsWith(">") : !operator.startsWith("<"))) throw invalidPattern(`Bad numeric range operator: ${operator} at ${path}`);
    tests.push((value) => COMPARISONS[operator]!(value, bound));
  }
  if (operand.length === 4 && (operand[1] as number) >= (operand[3] as number)) throw invalidPattern(`Bottom must be less than top at ${path}`);
  return (found) => typeof found === "number" && tests.every((test) => test(found));
}

function compileCidr(operand: unknown, path: string): Leaf {
  const text = stringOperand(operand, "cidr", path);
  const [address, length] = text.split("/");
  const network = addressBits(address!);
  const size = Number(length);
  if (network === undefined || length === undefined || !/^\d+$/.test(length) || size > network.length) throw invalidPattern(`Malformed CIDR, one '/' required at ${path}`);
  const prefix = network.slice(0, size);
  return (found) => {
    const bits = typeof found === "string" ? addressBits(found) : undefined;
    return bits !== undefined && bits.length === network.length && bits.startsWith(prefix);
  };
}

/** An IPv4 or IPv6 address as text of 32 or 128 binary digits. */
function addressBits(text: string): string | undefined {
  const bits = (value: number, width: number): string => value.toString(2).padStart(width, "0");
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const octets = text.split(".").map(Number);
    return octets.every((octet) => octet < 256) ? octets.map((octet) => bits(octet, 8)).join("") : undefined;
  }
  if (!/^[0-9a-f:]+$/i.test(text) || !text.includes(":")) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - groups.reduce((sum, half) => sum + half.length, 0);
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...groups[0]!, ...Array<string>(halves.length === 2 ? missing : 0).fill("0"), ...(groups[1] ?? [])];
  return all.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? all.map((group) => bits(parseInt(group, 16), 16)).join("") : undefined;
}

function compileAnythingBut(operand: unknown, path: string): Leaf {
  if (isObject(operand)) {
    const [name, ...more] = Object.keys(operand);
    if (name === undefined || more.length > 0) throw invalidPattern(`anything-but must have exactly one nested match type at ${path}`);
    if (!["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(name)) throw invalidPattern(`Unsupported anything-but pattern: ${name} at ${path}`);
    const values = Array.isArray(operand[name]) ? (operand[name] as unknown[]) : [operand[name]];
    if (values.length === 0) throw invalidPattern(`Empty arrays are not allowed at ${path}`);
    const leaves = values.map((value) => OPERATORS[name]!(value, path));
    return (found) => found !== undefined && !leaves.some((leaf) => leaf(found));
  }
  const values = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  if (values.length === 0) throw invalidPattern(`Empty arrays are not allowed at ${path}`);
  if (!values.every((value) => typeof value === "string" || typeof value === "number")) throw invalidPattern(`Inside anything but list, start|null|boolean is not supported at ${path}`);
  if (!values.every((value) => typeof value === typeof values[0])) throw invalidPattern(`Inside anything but list, either all values are number or string, mixed type is not supported at ${path}`);
  const excluded = new Set<unknown>(values);
  return (found) => found !== undefined && !excluded.has(found);
}
