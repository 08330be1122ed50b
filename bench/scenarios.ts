/** How long runs take, from typing the command. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Results } from "../harness/model/result";
import { median, sorted } from "./figures";

const PROJECT = join(__dirname, "..");
const spread = (values: number[]): string => `${median(values).toFixed(1)} s (${sorted(values)[0]!.toFixed(1)} to ${sorted(values).at(-1)!.toFixed(1)})`;

/** Runs `npm run scenario -- NAMES` as a user would: wall seconds, and virtual seconds of all runs together. */
function scenarios(names: string[]): { wall: number; virtual: number } {
  const folder = mkdtempSync(join(tmpdir(), "spotproof-bench-"));
  try {
    const started = performance.now();
    const { status, stderr, stdout } = spawnSync("npm", ["run", "--silent", "scenario", "--", ...names, "--out", folder], { cwd: PROJECT, encoding: "utf8" });
    const wall = (performance.now() - started) / 1000;
    if (status !== 0) throw new Error(`npm run scenario -- ${names.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
    const results = JSON.parse(readFileSync(join(folder, "results.json"), "utf8")) as Results;
    return { wall, virtual: results.scenarios.reduce((sum, { virtualSeconds }) => sum + virtualSeconds, 0) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every scenario file but the nine-hour one, whose jobs are all short. */
function shortOnes(): string[] {
  const { stdout } = spawnSync("npm", ["run", "--silent", "scenario", "--", "--list"], { cwd: PROJECT, encoding: "utf8" });
  return stdout.split("\n").filter((line) => /^[a-z]/.test(line)).map((line) => line.split(/\s/)[0]!).filter((name) => name !== "nine-hours");
}

export async function benchScenarios(runs: number): Promise<string[]> {
  return ([["uninterrupted", ["uninterrupted"]], ["the short scenarios together", shortOnes()], ["nine-hours", ["nine-hours"]]] as const).map(([title, names]) => {
    const measured = Array.from({ length: runs }, () => scenarios([...names]));
    const walls = measured.map(({ wall }) => wall);
    return `${title}: ${spread(walls)}, ${Math.round(measured[0]!.virtual / median(walls))} virtual seconds a second`;
  });
}
