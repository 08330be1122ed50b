/** How expressions of metric math are written. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax */
import { validation } from "../errors";

export type Node =
  | { kind: "number"; value: number }
  | { kind: "text"; value: string }
  | { kind: "name"; name: string }
  | { kind: "list"; members: Node[] }
  | { kind: "unary"; operator: string; of: Node }
  | { kind: "binary"; operator: string; left: Node; right: Node }
  | { kind: "call"; name: string; args: Node[] };

/** The error of an expression, which is given as its text. */
export const invalid = (text: string, why: string): Error => validation(`Error in expression '${text}': ${why}`);

/** Operators by precedence, the loosest first. */
const LEVELS: readonly (readonly string[])[] = [["||", "OR"], ["&&", "AND"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-"], ["*", "/"], ["^"]];

/** @throws AwsError ValidationError */
export function parseExpression(text: string): Node {
  const tokens = [...text.matchAll(/\s*(?:(\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|([A-Za-z_][A-Za-z0-9_]*)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\|\||&&|==|!=|<=|>=|[-+*/^()<>,[\]])|(\S))/g)]
    .filter((match) => match[0].trim() !== "");
  let at = 0;
  const operator = (): string | undefined => tokens[at]?.[5] ?? (/^(AND|OR)$/i.test(tokens[at]?.[2] ?? "") ? tokens[at]![2]!.toUpperCase() : undefined);
  const expect = (symbol: string): void => {
    if (operator() !== symbol) throw invalid(text, `'${symbol}' expected`);
    at++;
  };
  const list = (end: string): Node[] => {
    const members: Node[] = [];
    while (operator() !== end) {
      members.push(level(0));
      if (operator() === ",") at++;
      else break;
    }
    expect(end);
    return members;
  };
  const level = (index: number): Node => {
    const operators = LEVELS[index];
    if (!operators) return unary();
    let left = level(index + 1);
    for (let symbol = operator(); symbol !== undefined && operators.includes(symbol); symbol = operator()) {
      at++;
      left = { kind: "binary", operator: symbol, left, right: level(index + 1) };
    }
    return left;
  };
  const unary = (): Node => {
    if (operator() === "-") {
      at++;
      return { kind: "unary", operator: "-", of: unary() };
    }
    return primary();
  };
  const primary = (): Node => {
    const token = tokens[at];
    if (!token) throw invalid(text, "it ends too early");
    if (token[6] !== undefined) throw invalid(text, `'${token[6]}' is not expected here`);
    at++;
    if (token[1] !== undefined) return { kind: "number", value: Number(token[1]) };
    if (token[3] !== undefined || token[4] !== undefined) return { kind: "text", value: (token[3] ?? token[4]!).replace(/\\(.)/g, "$1") };
    if (token[2] !== undefined) {
      if (operator() !== "(") return { kind: "name", name: token[2] };
      at++;
      return { kind: "call", name: token[2].toUpperCase(), args: list(")") };
    }
    if (token[5] === "(") {
      const inner = level(0);
      expect(")");
      return inner;
    }
    if (token[5] === "[") return { kind: "list", members: list("]") };
    throw invalid(text, `'${token[0].trim()}' is not expected here`);
  };
  const node = level(0);
  if (at < tokens.length) throw invalid(text, `'${tokens[at]![0].trim()}' is not expected here`);
  return node;
}
