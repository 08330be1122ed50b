/** The shapes of the services' inputs, read when a service is first called. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { InputShapes, Shape, TypeName } from "./types";

const SCALARS: ReadonlyMap<string, Shape> = new Map((["text", "number", "boolean", "timestamp", "blob", "document"] as const).map((kind) => [kind, { kind }]));
const services = new Map<string, ReadonlyMap<string, Shape>>();

export const fileOf = (service: string): string => join(__dirname, "inputs", `${service}.json`);

/** What an operation takes; undefined when it takes nothing, or when the service's client has no schemas (FIS). */
export function inputShape(service: string, operation: string): Shape | undefined {
  let operations = services.get(service);
  if (operations === undefined) services.set(service, (operations = load(service)));
  return operations.get(operation);
}

function load(service: string): ReadonlyMap<string, Shape> {
  const file = fileOf(service);
  return existsSync(file) ? resolve(JSON.parse(readFileSync(file, "utf8")) as InputShapes) : new Map();
}

/** The operations' shapes, of what a file holds. */
export function resolve({ operations, shapes }: InputShapes): ReadonlyMap<string, Shape> {
  const structures = new Map<string, Shape>();
  const shapeOf = (type: TypeName): Shape => {
    if (type.startsWith("[")) return { kind: "list", of: shapeOf(type.slice(1, -1)) };
    if (type.startsWith("{")) return { kind: "map", of: shapeOf(type.slice(1, -1)) };
    const known = SCALARS.get(type) ?? structures.get(type);
    if (known) return known;
    const { members, required } = shapes[type]!;
    const resolved = new Map<string, Shape>();
    const structure: Shape = { kind: "structure", members: resolved, required };
    structures.set(type, structure);
    for (const [name, member] of Object.entries(members)) resolved.set(name, shapeOf(member));
    return structure;
  };
  return new Map(Object.entries(operations).map(([operation, type]) => [operation, shapeOf(type)]));
}
