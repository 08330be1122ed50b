/**
 * What an expression refers to outside any data of its own: Step Functions evaluates without an input document, and refuses
 * expressions that would read it. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */

/** A tree as JSONata's parser makes it; only what is looked at here. */
interface Node {
  type?: string;
  value?: unknown;
  steps?: Node[];
  lhs?: Node | Node[][];
  rhs?: Node | Node[][];
  expression?: Node;
  expressions?: Node[];
  procedure?: Node;
  arguments?: Node[];
  body?: Node;
  condition?: Node;
  then?: Node;
  else?: Node;
}

export interface References {
  /** Names that stand alone, `$` for the context item, `$$` for the root; each once, in order. */
  topLevel: string[];
  /** Whether `$states.errorOutput` is read. */
  errorOutput: boolean;
}

export function referencesOf(tree: unknown): References {
  const found: References = { topLevel: [], errorOutput: false };
  visit(tree as Node, found);
  return found;
}

const add = (found: References, name: string): void => {
  if (!found.topLevel.includes(name)) found.topLevel.push(name);
};

/** Visits what is evaluated against the (absent) document; the later steps of a path and its predicates are not. */
function visit(node: Node | undefined, found: References): void {
  if (node === undefined || node === null) return;
  switch (node.type) {
    case "path": {
      const [first, second] = node.steps ?? [];
      if (first?.type === "variable" && first.value === "states" && second?.type === "name" && second.value === "errorOutput") found.errorOutput = true;
      visit(first, found);
      return;
    }
    case "name":
      add(found, String(node.value));
      return;
    case "variable":
      if (node.value === "") add(found, "$");
      else if (node.value === "$") add(found, "$$");
      return;
    case "lambda":
      visit(node.body, found);
      return;
    default:
      for (const child of [node.lhs, node.rhs]) {
        if (Array.isArray(child)) for (const pair of child) for (const member of pair) visit(member, found);
        else visit(child, found);
      }
      for (const child of [node.expression, node.procedure, node.condition, node.then, node.else, node.body]) visit(child, found);
      for (const child of [...(node.expressions ?? []), ...(node.arguments ?? [])]) visit(child, found);
  }
}
