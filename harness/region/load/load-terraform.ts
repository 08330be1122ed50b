/**
 * Loads a synthesized stack (`cdk.tf.json`) into the region: resolves its references and makes, in the order that they
 * ask for, the create calls that Terraform's provider would make. What it does not know is an error that names it.
 * https://developer.hashicorp.com/terraform/language/syntax/json
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UsageError } from "../../model/errors";
import { AwsError, type RegionContext } from "../core/types";
import { notSupported } from "../core/unsupported";
import { Arguments } from "./arguments";
import { DATA_TYPES } from "./data";
import { addressesIn, evaluate, type Scope } from "./expression";
import { parseTemplate, type Expression } from "./expression-syntax";
import { ExpressionError } from "./expression-values";
import { REFUSED } from "./limits";
import { createOrder } from "./order";
import type { Attributes, LoadContext } from "./resource";
import { RESOURCE_TYPES } from "./resources";

export interface LoadedStack {
  /** The stack's outputs by name, evaluated. */
  outputs: Record<string, unknown>;
  /** Every resource's and data source's attributes, by address. */
  resources: ReadonlyMap<string, Attributes>;
}

const FILE = "cdk.tf.json";

/** Meta-arguments that say how Terraform goes about it, not what is made. https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle */
const LIFECYCLE_ARGUMENTS = new Set(["prevent_destroy", "ignore_changes", "create_before_destroy"]);
const UNSUPPORTED_META_ARGUMENTS = ["count", "for_each", "provisioner", "connection", "provider"];

interface Block { address: string; type: string; body: Record<string, unknown>; isData: boolean }

/**
 * @param stackFolder the folder of one stack, `cdktf.out/stacks/NAME`
 * @throws UsageError naming the file, the resource's address and what is wrong with it
 */
export async function loadTerraform(region: RegionContext, stackFolder: string): Promise<LoadedStack> {
  const folder = resolve(stackFolder);
  const file = join(folder, FILE);
  const problem = (message: string): UsageError => new UsageError(`${file}: ${message}`);
  const stack = readStack(file, problem);
  const blocks = blocksOf(stack, problem);
  const locals = new Map(Object.entries(objectOf(stack["locals"])).filter(([name]) => name !== "//"));
  const attributes = new Map<string, Attributes>();

  const known = new Set([...blocks.keys(), ...[...locals.keys()].map((name) => `local.${name}`)]);
  const scope: Scope = {
    folder,
    resource: (address) => attributes.get(address) ?? fail(known.has(address) ? `${address} is not there yet` : `there is no ${address} in this stack`),
    named: (root, name) => {
      if (root === "local") return locals.has(name) ? resolveValue(locals.get(name), scope) : fail(`there is no local.${name}`);
      const variable = objectOf(objectOf(stack["variable"])[name]);
      return "default" in variable ? resolveValue(variable["default"], scope) : fail(`the variable ${name} has no default, and nothing gives it a value here`);
    },
  };
  const defaultTags = providerTags(stack, region, scope, problem);

  const order = createOrder(blocks, (block) => dependenciesOf(block, known, locals, problem), (cycle) => problem(`these refer to each other in a circle: ${cycle.join(" -> ")}`));
  for (const block of order) attributes.set(block.address, await create(block));

  const outputs: Record<string, unknown> = {};
  for (const [name, output] of Object.entries(objectOf(stack["output"]))) {
    if (name !== "//") outputs[name] = inContext(`output.${name}`, "value", () => resolveValue(objectOf(output)["value"], scope));
  }
  return { outputs, resources: attributes };

  async function create({ address, type, body, isData }: Block): Promise<Attributes> {
    const here = (message: string): UsageError => problem(`${address}: ${message}`);
    const values = Object.fromEntries(Object.entries(body)
      .filter(([name]) => name !== "//" && name !== "depends_on" && name !== "lifecycle")
      .map(([name, value]) => [name, inContext(address, name, () => resolveValue(value, scope))]));
    const args = new Arguments(values, "", here, defaultTags);
    const make = (isData ? DATA_TYPES : RESOURCE_TYPES)[type]!(args);
    args.refuseUnread();
    const context: LoadContext = {
      region,
      async call(service, operation, input) {
        try {
          return await region.call(region.admin, service, operation, input);
        } catch (error) {
          const answer = error instanceof AwsError ? `${error.code}: ${error.message}` : (error as Error).message;
          throw here(`${service}:${operation} was refused: ${answer}`);
        }
      },
      readFile(path) {
        try {
          return readFileSync(resolve(folder, path));
        } catch (error) {
          throw here(`the file ${resolve(folder, path)} cannot be read (${(error as NodeJS.ErrnoException).code})`);
        }
      },
    };
    const exported = await make(context);
    const tagged = "tags" in values || Object.keys(defaultTags).length > 0 ? { tags_all: args.tags() } : {};
    return { ...values, ...tagged, ...exported };
  }

  function inContext<T>(address: string, argument: string, evaluateIt: () => T): T {
    try {
      return evaluateIt();
    } catch (error) {
      if (error instanceof ExpressionError) throw problem(`${address}: in the argument ${argument}: ${error.message}`);
      throw error;
    }
  }
}

function fail(message: string): never {
  throw new ExpressionError(message);
}

const objectOf = (value: unknown): Record<string, unknown> => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {});

const TOP_LEVEL = new Set(["//", "terraform", "provider", "data", "resource", "output", "locals", "variable"]);

function readStack(file: string, problem: (message: string) => UsageError): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, "Run npm run synth first.");
  }
  let stack: unknown;
  try {
    stack = JSON.parse(text);
  } catch (error) {
    throw problem(`is not valid JSON: ${(error as Error).message}`);
  }
  for (const name of Object.keys(objectOf(stack))) if (!TOP_LEVEL.has(name)) throw problem(`the embedded region does not know ${name} at the top level`);
  return objectOf(stack);
}

/** Every resource and data source by address, in the file's order. */
function blocksOf(stack: Record<string, unknown>, problem: (message: string) => UsageError): Map<string, Block> {
  const blocks = new Map<string, Block>();
  const unknown: string[] = [];
  for (const [section, table] of [["data", DATA_TYPES], ["resource", RESOURCE_TYPES]] as const) {
    for (const [type, named] of Object.entries(objectOf(stack[section]))) {
      if (type === "//") continue;
      for (const [name, body] of Object.entries(objectOf(named))) {
        if (name === "//") continue;
        const address = section === "data" ? `data.${type}.${name}` : `${type}.${name}`;
        if (!Object.hasOwn(table, type)) unknown.push(address);
        blocks.set(address, { address, type, body: objectOf(Array.isArray(body) ? body[0] : body), isData: section === "data" });
      }
    }
  }
  if (unknown.length > 0) throw problem(`the embedded region does not know how to make ${unknown.join(", ")}`);
  for (const { address, body } of blocks.values()) {
    for (const name of UNSUPPORTED_META_ARGUMENTS) if (body[name] !== undefined) throw problem(`${address}: ${notSupported(REFUSED.metaArguments, name)}`);
    const lifecycles = Array.isArray(body["lifecycle"]) ? body["lifecycle"] : [body["lifecycle"]];
    for (const lifecycle of lifecycles) for (const name of Object.keys(objectOf(lifecycle))) if (!LIFECYCLE_ARGUMENTS.has(name)) throw problem(`${address}: ${notSupported(REFUSED.lifecycle, `lifecycle.${name}`)}`);
  }
  return blocks;
}

/** Tags that the provider puts on everything; its region must be this one. https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs */
function providerTags(stack: Record<string, unknown>, region: RegionContext, scope: Scope, problem: (message: string) => UsageError): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const [provider, bodies] of Object.entries(objectOf(stack["provider"]))) {
    if (provider === "//") continue;
    if (provider !== "aws") throw problem(`the embedded region does not know the provider ${provider}`);
    for (const body of Array.isArray(bodies) ? bodies : [bodies]) {
      const here = (message: string): UsageError => problem(`provider.aws: ${message}`);
      const args = new Arguments(objectOf(resolveValue(body, scope)), "", here);
      const regionName = args.optionalText("region");
      if (regionName !== undefined && regionName !== region.regionName) throw here(`its region is ${regionName}, and the embedded region is ${region.regionName}`);
      for (const block of args.blocks("default_tags")) Object.assign(tags, block.optionalMap("tags"));
      args.refuseUnread();
    }
  }
  return tags;
}

/** The addresses that a block refers to, by references or by depends_on; local values are looked through. */
function dependenciesOf(block: Block, known: ReadonlySet<string>, locals: ReadonlyMap<string, unknown>, problem: (message: string) => UsageError): string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    for (const address of addressesInValue(value, (message) => problem(`${block.address}: ${message}`))) {
      if (!known.has(address)) throw problem(`${block.address}: there is no ${address} in this stack`);
      if (found.has(address)) continue;
      found.add(address);
      if (address.startsWith("local.")) visit(locals.get(address.slice("local.".length)));
    }
  };
  const { depends_on: dependsOn, lifecycle: _lifecycle, ...rest } = block.body;
  visit(rest);
  for (const address of (dependsOn ?? []) as string[]) {
    if (!known.has(address)) throw problem(`${block.address}: depends_on names ${address}, which is not in this stack`);
    found.add(address);
  }
  return [...found].filter((address) => !address.startsWith("local."));
}

const parsed = new Map<string, Expression>();
const parse = (text: string): Expression => {
  if (!text.includes("${") && !text.includes("%{")) return { kind: "literal", value: text };
  let expression = parsed.get(text);
  if (!expression) parsed.set(text, (expression = parseTemplate(text)));
  return expression;
};

function addressesInValue(value: unknown, problem: (message: string) => Error): string[] {
  if (typeof value === "string") {
    try {
      return addressesIn(parse(value));
    } catch (error) {
      throw error instanceof ExpressionError ? problem(error.message) : error;
    }
  }
  if (Array.isArray(value)) return value.flatMap((member) => addressesInValue(member, problem));
  if (typeof value === "object" && value !== null) return Object.entries(value).flatMap(([name, member]) => (name === "//" ? [] : addressesInValue(member, problem)));
  return [];
}

/** A JSON value with every template in it evaluated; members that come out as null are left out. */
function resolveValue(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") return evaluate(parse(value), scope);
  if (Array.isArray(value)) return value.map((member) => resolveValue(member, scope));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.includes("${") ? String(evaluate(parse(name), scope)) : name, resolveValue(member, scope)]).filter(([, member]) => member !== null));
  }
  return value;
}
