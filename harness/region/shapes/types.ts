/** What operations take, as inputs/SERVICE.json holds it: written by scripts/input-shapes.ts from the SDK clients' schemas. */

/** `text`, `number`, `boolean`, `timestamp`, `blob`, `document`; `[TYPE]` a list, `{TYPE}` a map by texts; or a structure's name. */
export type TypeName = string;

export interface StructureShape {
  readonly required: readonly string[];
  readonly members: Readonly<Record<string, TypeName>>;
}

export interface InputShapes {
  /** The structure that each operation takes; one that takes nothing is absent. */
  readonly operations: Readonly<Record<string, TypeName>>;
  readonly shapes: Readonly<Record<string, StructureShape>>;
}

export type ScalarKind = "text" | "number" | "boolean" | "timestamp" | "blob" | "document";

/** A type, resolved. Structures may contain themselves. */
export type Shape =
  | { readonly kind: ScalarKind }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "structure"; readonly members: ReadonlyMap<string, Shape>; readonly required: readonly string[] };
