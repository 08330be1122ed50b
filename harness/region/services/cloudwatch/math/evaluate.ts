/**
 * Metric math: expressions over time series.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
import { unsupported } from "../errors";
import { REFUSED } from "../limits";
import { FUNCTIONS } from "./functions";
import { broadcast1, broadcast2, type Scope, type Value } from "./series";
import { invalid, parseExpression, type Node } from "./syntax";

/** @throws AwsError ValidationError */
export function evaluate(text: string, scope: Scope): Value {
  return evaluateNode(parseExpression(text), scope, text);
}

function evaluateNode(node: Node, scope: Scope, text: string): Value {
  switch (node.kind) {
    case "number": case "text": return node.value;
    case "name": {
      const value = scope.lookUp(node.name);
      if (value === undefined) throw invalid(text, `there is no metric or expression with the id '${node.name}'`);
      return value;
    }
    case "list": return node.members.flatMap((member) => {
      const value = evaluateNode(member, scope, text);
      if (typeof value === "number" || typeof value === "string") throw invalid(text, "an array holds time series only");
      return value;
    });
    case "unary": return broadcast1(evaluateNode(node.of, scope, text), (value) => -value, text);
    case "binary": return broadcast2(evaluateNode(node.left, scope, text), evaluateNode(node.right, scope, text), BINARY[node.operator]!, text);
    case "call": {
      const run = Object.hasOwn(FUNCTIONS, node.name) ? FUNCTIONS[node.name] : undefined;
      if (!run) throw unsupported(REFUSED.mathFunctions, node.name);
      return run(node.args.map((arg) => evaluateNode(arg, scope, text)), scope, text);
    }
  }
}

const truth = (value: boolean): number => (value ? 1 : 0);
const BINARY: Record<string, (a: number, b: number) => number> = {
  "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "^": (a, b) => a ** b,
  "==": (a, b) => truth(a === b), "!=": (a, b) => truth(a !== b), "<": (a, b) => truth(a < b), "<=": (a, b) => truth(a <= b), ">": (a, b) => truth(a > b), ">=": (a, b) => truth(a >= b),
  "&&": (a, b) => truth(a !== 0 && b !== 0), AND: (a, b) => truth(a !== 0 && b !== 0), "||": (a, b) => truth(a !== 0 || b !== 0), OR: (a, b) => truth(a !== 0 || b !== 0),
};
