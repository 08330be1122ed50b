/**
 * Writes harness/region/shapes/inputs/SERVICE.json from the schemas in the installed SDK clients: what each operation of the
 * region takes. `npm run shapes`. With --check it writes nothing and ends with 1 when a file is stale.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { createRegion } from "../harness/region/region";
import { ITEM_OPERATIONS } from "../harness/region/services/dynamodb/dynalite";
import { fileOf } from "../harness/region/shapes/model";
import type { InputShapes, StructureShape } from "../harness/region/shapes/types";
import { createRandom } from "../harness/time/prng";
import { createVirtualClock } from "../harness/time/virtual-clock";

/** S3 reads its own wire. */
const UNCHECKED = new Set(["s3"]);
/** Inputs that are held against dynalite's types. */
const CHECKED_BY_DYNALITE = new Set<string>([...ITEM_OPERATIONS, "CreateTable", "DeleteTable", "DescribeTable", "ListTables"]);

/** Kinds of static schemas, and of simple ones: @smithy/types, schema/static-schemas and schema/sentinels. */
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const KINDS: Readonly<Record<number, string>> = { 0: "text", 1: "number", 2: "boolean", 4: "timestamp", 5: "timestamp", 6: "timestamp", 7: "timestamp", 15: "document", 17: "number", 19: "number", 21: "blob", 42: "blob" };
const LIST_OF = 64;
const MAP_OF = 128;

type Traits = Readonly<Record<string, unknown>>;

/** Names as an operation's code sees them: EC2's on the wire are others than its model's. */
const wireName = (service: string, name: string, traits: Traits): string => {
  if (service !== "ec2") return name;
  const { ec2QueryName, xmlName } = traits as { ec2QueryName?: string; xmlName?: string };
  return ec2QueryName ?? (xmlName === undefined ? name : xmlName.charAt(0).toUpperCase() + xmlName.slice(1));
};

/** What the operations take; undefined when the service's client has no schemas. */
export function inputShapes(service: string, operations: readonly string[]): InputShapes | undefined {
  const client = require(`@aws-sdk/client-${service}`) as Record<string, (new (input: object) => { schema?: readonly unknown[] }) | undefined>;
  const shapes: Record<string, StructureShape> = {};

  /** Resolves `() => schema` and `[schema, traits]`. */
  function read(schema: unknown): { schema: unknown; traits: Traits } {
    let traits: Traits = {};
    for (;;) {
      if (typeof schema === "function") schema = (schema as () => unknown)();
      else if (Array.isArray(schema) && schema.length === 2) {
        if (typeof schema[1] === "object" && schema[1] !== null) traits = { ...(schema[1] as Traits), ...traits };
        schema = schema[0] as unknown;
      } else return { schema, traits };
    }
  }

  function typeOf(given: unknown): string {
    const { schema } = read(given);
    if (typeof schema === "number") {
      if (schema >= MAP_OF) return `{${typeOf(schema - MAP_OF)}}`;
      if (schema >= LIST_OF) return `[${typeOf(schema - LIST_OF)}]`;
      const kind = KINDS[schema];
      if (kind === undefined) throw new Error(`${service}: there is no simple schema ${schema}`);
      return kind;
    }
    const [kind, , name, traits, first, second] = schema as [number, string, string, unknown, unknown, unknown];
    if (kind === 0) return typeOf(first);
    if (kind === LIST) return `[${typeOf(first)}]`;
    if (kind === MAP) return `{${typeOf(second)}}`;
    if (kind === STRUCTURE || kind === UNION) return structure(name, schema as readonly unknown[]);
    throw new Error(`${service}: the schema ${name} is of the unknown kind ${kind} (${JSON.stringify(traits)})`);
  }

  function structure(name: string, schema: readonly unknown[]): string {
    if (Object.hasOwn(shapes, name)) return name;
    const shape: { required: string[]; members: Record<string, string> } = { required: [], members: {} };
    shapes[name] = shape;
    const [, , , , names, members, required] = schema as [number, string, string, unknown, string[], unknown[], number | undefined];
    for (const [index, member] of names.entries()) {
      const wire = wireName(service, member, read(members[index]).traits);
      shape.members[wire] = typeOf(members[index]);
      if (index < (required ?? 0)) shape.required.push(wire);
    }
    return name;
  }

  const inputs: Record<string, string> = {};
  for (const operation of [...operations].sort()) {
    const Command = client[`${operation}Command`];
    const command = Command === undefined ? undefined : new Command({});
    if (command?.schema === undefined) return undefined;
    const { schema } = read(command.schema[4]);
    if (schema === "unit") continue;
    inputs[operation] = typeOf(schema);
  }
  return { operations: inputs, shapes: Object.fromEntries(Object.entries(shapes).sort(([left], [right]) => (left < right ? -1 : 1))) };
}

/** A shape a line. */
function written({ operations, shapes }: InputShapes): string {
  const lines = (table: object): string => Object.entries(table).map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(",\n");
  return `{\n  "operations": {\n${lines(operations)}\n  },\n  "shapes": {\n${lines(shapes)}\n  }\n}\n`;
}

/** Every file's name and content: the services of the region whose client is installed and has schemas. */
export async function inputFiles(): Promise<Map<string, string>> {
  const region = await createRegion({ clock: createVirtualClock({ startMicroseconds: 0, watchdogSeconds: 0 }), random: createRandom("shapes") });
  try {
    const files = new Map<string, string>();
    for (const service of [...region.services.values()].filter(({ name }) => !UNCHECKED.has(name))) {
      const operations = Object.keys(service.operations).filter((operation) => service.name !== "dynamodb" || !CHECKED_BY_DYNALITE.has(operation));
      const shapes = inputShapes(service.name, operations);
      if (shapes) files.set(fileOf(service.name), written(shapes));
    }
    return files;
  } finally {
    await region.close();
  }
}

async function main(): Promise<number> {
  const unknown = process.argv.slice(2).find((argument) => argument !== "--check");
  if (unknown !== undefined) {
    console.error(`shapes: ${unknown} is not known; npm run shapes, or npm run shapes -- --check`);
    return 2;
  }
  const files = await inputFiles();
  if (!process.argv.includes("--check")) {
    for (const [file, text] of files) writeFileSync(file, text);
    return 0;
  }
  const stale = [...files].filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text).map(([file]) => relative(process.cwd(), file));
  if (stale.length === 0) return 0;
  console.error(`${stale.join(", ")} are stale. Write them anew with: npm run shapes`);
  return 1;
}

if (require.main === module) {
  main().then((code) => { process.exitCode = code; }, (error: unknown) => {
    console.error(error);
    process.exitCode = 2;
  });
}
