/**
 * How fast spotproof is, from typing the command: `npm run bench`, or `npm run bench -- 3` for three runs each (default 5).
 * What the figures mean, and what they were on which machine, is in docs/results.md.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { Results } from "../harness/model/result";
import { measureAsl } from "./asl";
import { measureGuest } from "./guest";

const PROJECT = join(__dirname, "..");
const runs = Number(process.argv[2] ?? 5);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`error: ${process.argv[2]} is not a number of runs; npm run bench -- 5`);
  process.exit(2);
}

const sorted = (values: number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: number[]): number => sorted(values)[Math.floor(values.length / 2)]!;
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

async function main(): Promise<void> {
  console.log(`${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}; median of ${runs} (least to most)`);
  for (const [title, names] of [["uninterrupted", ["uninterrupted"]], ["the short scenarios together", shortOnes()], ["nine-hours", ["nine-hours"]]] as const) {
    const measured = Array.from({ length: runs }, () => scenarios([...names]));
    const walls = measured.map(({ wall }) => wall);
    console.log(`${title}: ${spread(walls)}, ${Math.round(measured[0]!.virtual / median(walls))} virtual seconds a second`);
  }
  const guests = [];
  for (let run = 0; run < runs; run += 1) guests.push(await measureGuest());
  console.log(`a guest's process: ${median(guests.map((each) => each.processMilliseconds)).toFixed(1)} ms; a wait on the clock: ` +
    `${median(guests.map((each) => each.waitMicroseconds)).toFixed(0)} us; a metadata poll: ${median(guests.map((each) => each.pollMicroseconds)).toFixed(0)} us`);
  for (const figure of await measureAsl(runs)) {
    console.log(`${figure.name} transitions: ${figure.transitionsPerSecond} a second, ${((figure.seconds * 1e6) / figure.transitions).toFixed(1)} us each`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
