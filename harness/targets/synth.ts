/**
 * Synthesizes the stacks, or finds what an earlier synth of the very same inputs left in `.cache/synth/KEY`. The key is a
 * hash of every input, so a change is noticed. main.ts runs as a child: harness/ never imports stacks/.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { UsageError } from "../model/errors";
import type { Knobs } from "../model/scenario";

/** What the output depends on; folders with all that is in them. */
const INPUTS = ["main.ts", "cdktf.json", "package-lock.json", "stacks", "functions", "userdata", "harness/register.js", "harness/quiet.js"];
/** Parts of those folders that are not read. */
const IGNORED = new Set(["tests", "__pycache__", "node_modules", "examples"]);
/** Older outputs are removed beyond so many. */
const KEPT = 40;

/** Environment that synth reads. */
const relevant = (name: string): boolean => name.startsWith("SPOTPROOF_") || name.startsWith("CDKTF_CONTEXT");

/** A hash of the inputs: names and contents, the environment that matters, the Node version. */
export function synthKey(projectFolder: string, environment: NodeJS.ProcessEnv): string {
  const hash = createHash("sha256");
  const add = (path: string): void => {
    const full = join(projectFolder, path);
    if (!existsSync(full)) return void hash.update(`absent ${path}\0`);
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) if (!IGNORED.has(name) && !name.endsWith(".pyc")) add(join(path, name));
      return;
    }
    const content = readFileSync(full);
    hash.update(`${path} ${content.length}\0`).update(content);
  };
  for (const path of INPUTS) add(path);
  for (const name of Object.keys(environment).filter(relevant).sort()) hash.update(`${name}=${environment[name]}\0`);
  return hash.update(process.version).digest("hex").slice(0, 24);
}

/** Knobs as the environment variables that synth reads: `spotMaxPrice` is SPOTPROOF_SPOT_MAX_PRICE, lists have commas. */
function environmentOf(knobs: Knobs): NodeJS.ProcessEnv {
  const variable = (name: string): string => `SPOTPROOF_${name.replace(/GiB$/, "Gib").replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  return Object.fromEntries(Object.entries(knobs).map(([name, value]) => [variable(name), Array.isArray(value) ? value.join(",") : String(value)]));
}

/**
 * The folder for each run, by its knobs; each set of knobs is synthesized once.
 * @throws UsageError with the file of the run whose knobs synth refuses
 */
export async function synthesizedFor(projectFolder: string, runs: readonly { file: string; knobs?: Knobs }[], environment: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const folders: string[] = [];
  for (const { file, knobs } of runs) {
    if (knobs === undefined) folders.push(await synthesized(projectFolder, environment));
    else folders.push(await synthesized(projectFolder, { ...environment, ...environmentOf(knobs) }).catch((error: unknown) => {
      if (error instanceof UsageError) throw new UsageError(`${file}: knobs: ${error.message}`, "Mend the file's knobs and run it again.");
      throw error;
    }));
  }
  return folders;
}

/**
 * The folder with `stacks/job` and `stacks/faults`, synthesized now or before.
 * @throws UsageError with what synth printed, when it refuses (a wrong knob, say)
 */
export async function synthesized(projectFolder: string, environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const cache = join(projectFolder, ".cache", "synth");
  const folder = join(cache, synthKey(projectFolder, environment));
  if (existsSync(join(folder, "stacks", "job", "cdk.tf.json"))) return folder;
  mkdirSync(cache, { recursive: true });
  const draft = `${folder}.${process.pid}`;
  try {
    await runSynth(projectFolder, draft, environment);
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Someone else was quicker, with the same output.
      if (!existsSync(join(folder, "stacks", "job", "cdk.tf.json"))) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  prune(cache);
  return folder;
}

function runSynth(projectFolder: string, outFolder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, ["-r", "./harness/register.js", "main.ts"], {
    cwd: projectFolder,
    env: { ...environment, CDKTF_OUTDIR: outFolder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString("utf8")));
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new UsageError(`Synth could not be started: ${error.message}`)));
    child.once("close", (code, signal) => {
      if (code === 0) return resolve();
      const said = printed.trim();
      if (code === 2) return reject(new UsageError(said === "" ? "Synth refused its configuration." : said, "Mend the configuration (cdktf.json or the environment) and run it again."));
      reject(new UsageError(`Synth failed (${signal ?? `exit ${code}`}):\n${said}`, `Run "npm run synth" in ${relative(process.cwd(), projectFolder) || "."} to see it by itself.`));
    });
  });
}

/** Removes all but the newest outputs. */
function prune(cache: string): void {
  const all = readdirSync(cache).map((name) => ({ name, changed: statSync(join(cache, name)).mtimeMs })).sort((a, b) => b.changed - a.changed);
  for (const { name } of all.filter(({ name }) => !name.includes(".")).slice(KEPT)) rmSync(join(cache, name), { recursive: true, force: true });
}
