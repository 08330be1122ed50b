/**
 * How fast spotproof is: `npm run bench`; `npm run bench -- --runs 3 --only asl,calls` for fewer runs each (default 5) and for
 * parts. What the figures mean, and what they were on which machine, is in docs/results.md.
 */
import { cpus } from "node:os";
import { benchAsl } from "./asl";
import { benchCalls } from "./calls";
import { benchGuest } from "./guest";
import { benchMemory } from "./memory";
import { benchScenarios } from "./scenarios";

const PARTS: Readonly<Record<string, (runs: number) => Promise<string[]>>> = {
  scenarios: benchScenarios, guest: benchGuest, asl: benchAsl, calls: benchCalls, memory: benchMemory,
};

/** Throws a text for the user. */
function parse(given: readonly string[]): { runs: number; parts: string[] } {
  let [runs, parts] = [5, Object.keys(PARTS)];
  for (let index = 0; index < given.length; index += 2) {
    const [flag, value = ""] = [given[index], given[index + 1]];
    if (flag === "--runs" && /^[1-9]\d*$/.test(value)) runs = Number(value);
    else if (flag === "--only" && value.split(",").every((part) => Object.hasOwn(PARTS, part))) parts = value.split(",");
    else throw `${flag} ${value}: npm run bench -- [--runs N] [--only PART,…], of ${Object.keys(PARTS).join(", ")}`;
  }
  return { runs, parts };
}

async function main(): Promise<void> {
  const { runs, parts } = parse(process.argv.slice(2));
  console.log(`${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}; median of ${runs} (least to most)`);
  for (const part of parts) for (const line of await PARTS[part]!(runs)) console.log(line);
}

main().catch((error: unknown) => {
  console.error(typeof error === "string" ? `error: ${error}` : error);
  process.exit(typeof error === "string" ? 2 : 1);
});
