/** Which synthesized stacks are in a folder, and in which order to load them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UsageError } from "../model/errors";

export interface StackFolder {
  name: string;
  folder: string;
  /** The region that its provider names. */
  regionName?: string;
}

const FILE = "cdk.tf.json";

/**
 * The stacks in a folder that is one (`cdktf.out/stacks/job`) or has them below (`cdktf.out`, `cdktf.out/stacks`).
 * A stack comes after those that the manifest says it depends on. Throws UsageError.
 */
export function stacksIn(given: string): StackFolder[] {
  const folder = resolve(given);
  if (!existsSync(folder)) throw new UsageError(`--load ${given}: there is no such folder.`, "npm run synth makes cdktf.out.");
  if (!statSync(folder).isDirectory()) throw new UsageError(`--load ${given}: it is a file.`, `Give the folder that holds it${basename(folder) === FILE ? "" : ", cdktf.out or one stack's"}.`);
  if (existsSync(join(folder, FILE))) return [stack(basename(folder), folder)];
  const below = existsSync(join(folder, "stacks")) ? join(folder, "stacks") : folder;
  const names = readdirSync(below).filter((name) => existsSync(join(below, name, FILE))).sort();
  if (names.length === 0) throw new UsageError(`--load ${given}: there is no ${FILE} in it or in its stacks.`, "npm run synth makes cdktf.out.");
  return inOrder(names, dependenciesIn(join(below, "..", "manifest.json"))).map((name) => stack(name, join(below, name)));
}

function stack(name: string, folder: string): StackFolder {
  let content: { provider?: { aws?: { region?: unknown }[] } };
  try {
    content = JSON.parse(readFileSync(join(folder, FILE), "utf8")) as typeof content;
  } catch (error) {
    throw new UsageError(`${join(folder, FILE)} is not valid JSON: ${(error as Error).message}`, "npm run synth makes it anew.");
  }
  const regionName = content?.provider?.aws?.[0]?.region;
  return { name, folder, ...(typeof regionName === "string" ? { regionName } : {}) };
}

function dependenciesIn(manifest: string): Record<string, string[]> {
  if (!existsSync(manifest)) return {};
  try {
    const { stacks } = JSON.parse(readFileSync(manifest, "utf8")) as { stacks?: Record<string, { dependencies?: string[] }> };
    return Object.fromEntries(Object.entries(stacks ?? {}).map(([name, { dependencies }]) => [name, dependencies ?? []]));
  } catch (error) {
    throw new UsageError(`${manifest} is not valid JSON: ${(error as Error).message}`, "npm run synth makes it anew.");
  }
}

function inOrder(names: readonly string[], dependencies: Readonly<Record<string, string[]>>): string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.has(name) || !names.includes(name)) return;
    for (const other of dependencies[name] ?? []) if (other !== name) visit(other);
    ordered.add(name);
  };
  names.forEach(visit);
  return [...ordered];
}
