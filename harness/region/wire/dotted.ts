/**
 * The flat forms of the query protocols: `Filter.1.Value.2=x` and `Tags.member.1.Key=x` as nested objects and arrays.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
import { AwsError } from "../core/types";

export type DottedValue = string | DottedValue[] | { [name: string]: DottedValue };

/** Deeper nesting than any API has; more is refused before it costs anything. */
const MAX_DEPTH = 32;

interface Node { value?: string; children?: Map<string, Node> }

/**
 * Decodes a form into nested values. Members numbered from 1 become arrays (gaps closed, in numeric order), everything
 * else objects; scalars stay text.
 * @param lists what introduces list and map members: "" (EC2: plain numbers) or "member" (query: `.member.N`, and maps as `.entry.N.key`)
 * @throws AwsError MalformedQueryString, when one name is both a value and a structure, or is nested beyond measure
 */
export function decodeDotted(form: URLSearchParams, lists: "" | "member"): { [name: string]: DottedValue } {
  const root: Node = { children: new Map() };
  for (const [name, value] of form) {
    const parts = name.split(".");
    if (parts.length > MAX_DEPTH) throw new AwsError("MalformedQueryString", `The parameter ${name.slice(0, 100)} is nested too deeply`);
    let node = root;
    for (const part of parts) {
      node.children ??= new Map();
      let child = node.children.get(part);
      if (!child) node.children.set(part, (child = {}));
      node = child;
    }
    node.value = value;
  }
  const result: { [name: string]: DottedValue } = {};
  for (const [name, child] of root.children!) put(result, name, read(child, lists, name));
  return result;
}

function read(node: Node, lists: "" | "member", path: string): DottedValue {
  const children = node.children;
  if (!children) return node.value ?? "";
  if (node.value !== undefined) {
    // An empty text beside members is how an empty list is announced; any other is a contradiction.
    if (node.value !== "") throw new AwsError("MalformedQueryString", `The parameter ${path} is both a value and a structure`);
  }
  const names = [...children.keys()];
  if (names.every((name) => /^\d+$/.test(name))) return inOrder(children).map((child) => read(child, lists, path));
  if (lists === "member" && names.length === 1) {
    const only = children.get(names[0]!)!;
    if (names[0] === "member" && only.children) return read(only, lists, path);
    if (names[0] === "entry" && only.children) return readMap(only, path);
  }
  const result: { [name: string]: DottedValue } = {};
  for (const [name, child] of children) put(result, name, read(child, lists, `${path}.${name}`));
  return result;
}

function readMap(node: Node, path: string): DottedValue {
  const result: { [name: string]: DottedValue } = {};
  for (const entry of inOrder(node.children!)) {
    const key = entry.children?.get("key")?.value;
    const value = entry.children?.get("value");
    if (key === undefined) throw new AwsError("MalformedQueryString", `An entry of ${path} has no key`);
    put(result, key, value ? read(value, "member", path) : "");
  }
  return result;
}

const inOrder = (children: Map<string, Node>): Node[] => [...children.entries()].sort(([a], [b]) => Number(a) - Number(b)).map(([, child]) => child);

function put(target: { [name: string]: DottedValue }, name: string, value: DottedValue): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
