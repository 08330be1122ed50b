/** The region command: `npm run region -- [flags]`. Exit 2 it could not run, 130 ended by Ctrl-C or SIGTERM. */
import { rmSync, writeFileSync } from "node:fs";
import { complain, EXIT, print, runCommand } from "../command/command";
import { clean } from "../console/text";
import { Interrupted, UsageError } from "../model/errors";
import { parseServeArguments, serveHelp, type ClockChoice, type ServeLine } from "./arguments";
import { timeText } from "./call-line";

/** Throws Interrupted when it has been ended. */
async function main(given: readonly string[], signal: AbortSignal): Promise<number> {
  const line = parseServeArguments(given);
  if (line.help) {
    print(serveHelp());
    return EXIT.passed;
  }
  // Loaded now: a wrong flag is told at once.
  const { callLine } = require("./call-line") as typeof import("./call-line");
  const { startServer } = require("./server") as typeof import("./server");
  const { stacksIn } = require("./stacks") as typeof import("./stacks");
  const server = await startServer({
    port: line.port, portFlag: "--port", clock: line.clock,
    stacks: line.load === undefined ? [] : stacksIn(line.load),
    onCall: (call) => { if (!line.quiet) print(callLine(server.clock.now(), call)); },
    onTrouble: (message, error) => complain(`error: ${clean(message)}${reason(message, error)}`),
  });
  // A second Ctrl-C leaves no time for more.
  process.once("exit", () => rmSync(server.region.folder, { recursive: true, force: true }));
  try {
    if (line.outputs !== undefined) writeOutputs(line.outputs, server.outputs);
    print(greeting(line, server).join("\n"));
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  } finally {
    await server.close();
  }
  throw new Interrupted("the server was ended");
}

/** What the message does not say by itself: a defect's stack. */
function reason(message: string, error: unknown): string {
  if (!(error instanceof Error)) return `: ${clean(String(error))}`;
  return error.message === message ? "" : `:\n${error.stack ?? error.message}`;
}

function writeOutputs(file: string, outputs: ReadonlyMap<string, Record<string, unknown>>): void {
  try {
    writeFileSync(file, `${JSON.stringify(Object.assign({}, ...outputs.values()), null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`--outputs ${file}: it cannot be written (${(error as NodeJS.ErrnoException).code}).`, "Give another file.");
  }
}

function greeting(line: ServeLine, { region, clock, outputs }: import("./server").Server): string[] {
  const environment = {
    AWS_ENDPOINT_URL: region.endpoint,
    AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: region.regionName, AWS_DEFAULT_REGION: region.regionName,
  };
  const shown = [...outputs].flatMap(([stack, values]) => Object.entries(values).map(([name, value]) => `  ${stack}.${name} = ${outputText(value)}`));
  return [
    `The embedded region ${region.regionName} of account ${region.accountId}. To use it, in another terminal:`,
    "",
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${value}`),
    "",
    ...(shown.length === 0 ? [] : ["Outputs of the loaded stacks:", ...shown, ""]),
    `Ready at ${region.endpoint}. The time there is ${timeText(clock.now())}, on ${clockText(line.clock)}. Ctrl-C ends it.`,
  ];
}

/** A list or an object would fill the screen. */
const outputText = (value: unknown): string =>
  typeof value === "string" ? value : value !== null && typeof value === "object" ? `${Object.keys(value).length} entries (--outputs FILE writes them)` : JSON.stringify(value);

function clockText(choice: ClockChoice): string {
  if (choice.kind === "virtual") return "the virtual clock: it passes at once whenever everyone there waits";
  return choice.scale === 1 ? "the real clock" : `a clock ${choice.scale} times as fast as the real one`;
}

if (require.main === module) void runCommand(main, process.argv.slice(2), (error) => complain(`error: something failed that nobody waited for:\n${(error as Error)?.stack ?? String(error)}`));
