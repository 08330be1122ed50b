/** The region command's arguments, checked. */
import { flagLines, parseFlags, type Flags } from "../command/flags";
import { UsageError } from "../model/errors";
import { didYouMean } from "../model/nearest";

/** How the region's time passes: by itself, or so many times as fast as the real one. */
export type ClockChoice = { kind: "virtual" } | { kind: "system"; scale: number };

export interface ServeLine {
  port: number;
  clock: ClockChoice;
  /** Folder with synthesized stacks, or with one. */
  load?: string;
  /** File to which the stacks' outputs are written. */
  outputs?: string;
  quiet: boolean;
  help: boolean;
}

const DEFAULT_PORT = 4599;
const CLOCKS = ["virtual", "scaled=N", "real"];
const FASTEST = 10_000;

function clockChoice(value: string): ClockChoice {
  if (value === "virtual") return { kind: "virtual" };
  if (value === "real") return { kind: "system", scale: 1 };
  const [name, scale] = value.split("=", 2) as [string, string | undefined];
  if (name !== "scaled") throw new UsageError(`--clock ${value}: there is no such clock${didYouMean(value, CLOCKS)}`, `Clocks are ${CLOCKS.join(", ")}.`);
  if (scale === undefined || !/^\d+(\.\d+)?$/.test(scale) || !(Number(scale) > 0) || Number(scale) > FASTEST) {
    throw new UsageError(`--clock ${value}: a number above 0 and at most ${FASTEST} is needed, such as scaled=60: a minute of the region's in each second.`);
  }
  return { kind: "system", scale: Number(scale) };
}

const FLAGS: Flags<ServeLine> = {
  "--port": {
    value: "N", text: `the port on 127.0.0.1; 0 is any free one (default: ${DEFAULT_PORT})`,
    set(line, value) {
      if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) throw new UsageError(`--port ${value}: a number from 0 to 65535 is needed.`);
      line.port = Number(value);
    },
  },
  "--clock": { value: "virtual|scaled=N|real", text: "how time passes there (default: virtual); see below", set: (line, value) => void (line.clock = clockChoice(value)) },
  "--load": { value: "DIR", text: "load synthesized stacks: cdktf.out, which npm run synth makes, or the folder of one stack (default: start empty)", set: (line, value) => void (line.load = value) },
  "--outputs": { value: "FILE", text: "write the loaded stacks' outputs there, as npm run scenario -- --target aws --outputs FILE takes them", set: (line, value) => void (line.outputs = value) },
  "--quiet": { text: "no line for each call", set: (line) => void (line.quiet = true) },
  "--help": { text: "show this", set: (line) => void (line.help = true) },
};

/** Throws UsageError. */
export function parseServeArguments(given: readonly string[]): ServeLine {
  const line: ServeLine = { port: DEFAULT_PORT, clock: { kind: "virtual" }, quiet: false, help: false };
  parseFlags(line, FLAGS, given, (_, word) => {
    throw new UsageError(`"${word}" is no flag, and the region takes nothing else.`, `To load stacks: --load ${word}`);
  });
  if (line.outputs !== undefined && line.load === undefined) throw new UsageError("--outputs needs --load: an empty region has no outputs.");
  return line;
}

export function serveHelp(): string {
  return [
    "Usage: npm run region -- [flags]",
    "",
    "Runs the embedded region as a server on this machine, for any AWS SDK, the AWS CLI and boto3. It prints the endpoint and",
    "the environment to export. Credentials are not checked: those of no known role may do everything.",
    "",
    ...flagLines(FLAGS),
    "",
    "Clocks:",
    "  virtual   time passes at once whenever everyone in the region waits: an execution with an hour of Wait has succeeded when",
    "            you ask. A job on an instance runs to its end in seconds, and whatever has a time-out reaches it before you can",
    "            answer. Schedules run only while something else makes time pass.",
    "  scaled=N  time passes N times as fast as yours, whether anybody waits or not. For following a job, interrupting it and",
    "            answering callbacks by hand: scaled=60 is a minute each second. For jobs that compute instead of sleeping.",
    "  real      as scaled=1.",
    "",
    "Ctrl-C ends instances and removes every folder; a second one ends at once.",
    "Exit codes: 2 it could not run, 130 ended by Ctrl-C or SIGTERM.",
  ].join("\n");
}
