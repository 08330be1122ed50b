/** Finds and reads scenario files: those of harness/scenarios/, and any given by path. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { UsageError } from "../model/errors";
import { nearest } from "../model/nearest";
import type { ScenarioRun } from "../model/scenario";
import { parseScenario, refuseDoubles } from "../model/scenario-file";

export const SCENARIO_FOLDER = join(__dirname, "..", "scenarios");

/** A run, and whether the user asked for it by name. */
export interface Chosen { run: ScenarioRun; byName: boolean }

const isPath = (given: string): boolean => /\.ya?ml$/.test(given);

/** A path as messages show it: short where it lies below the present folder. */
const shown = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short.startsWith(`..${sep}`) ? path : short;
};

/**
 * Every run of the project's own scenarios, in order of file name.
 * @throws UsageError for a file that cannot be read or is refused, and for a name used twice
 */
export function loadScenarios(folder = SCENARIO_FOLDER): ScenarioRun[] {
  const files = readdirSync(folder).filter(isPath).sort();
  const runs = files.flatMap((file) => readScenario(join(folder, file)));
  refuseDoubles(runs);
  return runs;
}

function readScenario(path: string): ScenarioRun[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new UsageError(`The scenario file ${shown(path)} ${code === "ENOENT" ? "does not exist" : `cannot be read (${code})`}.`, "Check the path; --list shows the scenarios that there are.");
  }
  return parseScenario(text, shown(path));
}

/**
 * What the names stand for: a scenario (all its runs), one run (`name/value`), or a file; without any, every scenario of the
 * project. Each run once, in the order asked for.
 * @throws UsageError with the nearest name
 */
export function chooseRuns(names: readonly string[], folder = SCENARIO_FOLDER): Chosen[] {
  const own = loadScenarios(folder);
  if (names.length === 0) return own.map((run) => ({ run, byName: false }));
  const extra = new Map<string, ScenarioRun[]>();
  for (const name of names) {
    if (!isPath(name)) continue;
    const path = resolve(name);
    if (existsSync(path) && statSync(path).isDirectory()) throw new UsageError(`${name} is a folder.`, "Give a scenario's file.");
    extra.set(name, readScenario(path));
  }
  const ownFiles = new Set(own.map((run) => resolve(run.file)));
  refuseDoubles([...own, ...[...extra.values()].flat().filter((run) => !ownFiles.has(resolve(run.file)))]);

  const chosen = new Map<string, ScenarioRun>();
  for (const name of names) {
    const found = extra.get(name) ?? own.filter((run) => run.name === name || run.id === name);
    if (found.length === 0) throw unknownName(name, own);
    for (const run of found) chosen.set(run.id, run);
  }
  return [...chosen.values()].map((run) => ({ run, byName: true }));
}

function unknownName(name: string, own: readonly ScenarioRun[]): UsageError {
  const [scenario, value] = [name.split("/")[0]!, name.split("/")[1]];
  const siblings = own.filter((run) => run.name === scenario);
  if (value !== undefined && siblings.length > 0) {
    const all = siblings.map((run) => run.id).filter((id) => id.includes("/"));
    return new UsageError(`The scenario ${scenario} has no run "${name}".`, all.length === 0 ? `It has one run only; name it ${scenario}.` : `Its runs are ${all.join(", ")}.`);
  }
  const close = nearest(name, [...new Set(own.flatMap((run) => [run.name, run.id]))]);
  return new UsageError(`There is no scenario named "${name}"${close === undefined ? "" : `; did you mean "${close}"?`}`, "--list shows all of them; a scenario of your own is given by the path of its .yaml file.");
}
