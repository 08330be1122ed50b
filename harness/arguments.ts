/** The command line's arguments, checked. */
import { availableParallelism } from "node:os";
import { flagLines, parseFlags, type Flags } from "./command/flags";
import { UsageError } from "./model/errors";
import { didYouMean } from "./model/nearest";
import type { TargetKind } from "./targets/target";

export interface CommandLine {
  names: string[];
  target: TargetKind;
  out: string;
  list: boolean;
  help: boolean;
  yes: boolean;
  /** Undefined: the target's default. */
  seed?: string;
  /** Worker processes; undefined: as many as fit the target. */
  jobs?: number;
  /** File with the stacks' outputs. */
  outputs?: string;
  /** Single outputs, by name. */
  output: Record<string, string>;
}

const TARGETS: readonly TargetKind[] = ["local", "aws"];
export const DEFAULT_SEED = "1";
const DEFAULT_OUT = "reports";

/** Every flag: its value's name in the help, what it does. */
const FLAGS: Flags<CommandLine> = {
  "--target": {
    value: "local|aws", text: "where to run: the embedded region (default), or AWS",
    set(line, value) {
      if (!TARGETS.includes(value as TargetKind)) throw new UsageError(`--target ${value}: there is no such target${didYouMean(value, TARGETS)}`, `Targets are ${TARGETS.join(" and ")}.`);
      line.target = value as TargetKind;
    },
  },
  "--out": { value: "DIR", text: `where report.html, results.json, junit.xml and histories go (default: ${DEFAULT_OUT}/)`, set: (line, value) => void (line.out = value) },
  "--list": { text: "show the scenarios and run nothing", set: (line) => void (line.list = true) },
  "--seed": {
    value: "SEED", text: `everything random comes from it; the same seed gives the same history (default: ${DEFAULT_SEED}; on AWS, a new one)`,
    set(line, value) {
      if (!/^[A-Za-z0-9_.-]{1,64}$/.test(value)) throw new UsageError(`--seed ${value}: a seed is 1 to 64 letters, digits, ".", "_" and "-".`);
      line.seed = value;
    },
  },
  "--jobs": {
    value: "N", text: "how many scenarios run side by side (default: one for each core; on AWS, one)",
    set(line, value) {
      if (!/^[1-9]\d{0,2}$/.test(value)) throw new UsageError(`--jobs ${value}: a number from 1 to 999 is needed.`);
      line.jobs = Number(value);
    },
  },
  "--outputs": { value: "FILE", text: "AWS: the stacks' outputs, as terraform output -json prints them", set: (line, value) => void (line.outputs = value) },
  "--output": {
    value: "NAME=VALUE", text: "AWS: one of the stacks' outputs; may be repeated",
    set(line, value) {
      const at = value.indexOf("=");
      if (at < 1) throw new UsageError(`--output ${value}: NAME=VALUE is needed, such as ledger_table=spotproof-ledger.`);
      line.output[value.slice(0, at)] = value.slice(at + 1);
    },
  },
  "--yes": { text: "AWS: start without asking", set: (line) => void (line.yes = true) },
  "--help": { text: "show this", set: (line) => void (line.help = true) },
};

/** Throws UsageError, with the nearest flag for one that does not exist. */
export function parseArguments(given: readonly string[]): CommandLine {
  const line: CommandLine = { names: [], target: "local", out: DEFAULT_OUT, list: false, help: false, yes: false, output: {} };
  return parseFlags(line, FLAGS, given, (into, name) => void into.names.push(name));
}

/** How many worker processes to use when the user does not say. */
export const defaultJobs = (target: TargetKind): number => (target === "aws" ? 1 : availableParallelism());

export function helpText(): string {
  return [
    "Usage: npm run scenario -- [names…] [flags]",
    "",
    "Starts jobs, injects interruptions and checks that each job reaches 100% with bounded lost work.",
    "A name is a scenario (vanished-after-commit), one of its runs (vanished-after-commit/2) or the path of a scenario file.",
    "Without names every scenario runs.",
    "",
    ...flagLines(FLAGS),
    "",
    "Exit codes: 0 all passed, 1 a check failed, 2 it could not run, 130 interrupted.",
  ].join("\n");
}
