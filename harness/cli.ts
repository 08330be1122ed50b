/**
 * The command line: `npm run scenario -- [names…] [flags]`. Exit 0 all passed, 1 a check failed, 2 it could not run
 * (a scenario asked for by name and unsupported included), 130 interrupted.
 */
import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { DEFAULT_SEED, defaultJobs, helpText, parseArguments, type CommandLine } from "./arguments";
import { complain, EXIT, print, runCommand } from "./command/command";
import { Board } from "./console/board";
import { countsText, failureLines, interruptionLines, resultTable } from "./console/summary";
import { cut } from "./console/text";
import { Interrupted, UsageError } from "./model/errors";
import type { History } from "./model/history";
import { mergePermissions } from "./model/permissions";
import type { ScenarioRun } from "./model/scenario";
import { chooseRuns, loadScenarios, runAll, writeHistories, type Chosen, type Executed, type TargetSpec } from "./runner/index";
import { writeReports } from "./report/index";
import { wallSeconds } from "./time/system-clock";

const PROJECT = join(__dirname, "..");

/** Returns the exit code. Rejects with UsageError, Interrupted, and whatever is a defect. */
async function main(given: readonly string[], signal: AbortSignal): Promise<number> {
  const line = parseArguments(given);
  if (line.help) {
    print(helpText());
    return EXIT.passed;
  }
  const chosen = chooseRuns(line.names);
  if (line.list) {
    list(line.names.length === 0 ? loadScenarios() : chosen.map(({ run }) => run));
    return EXIT.passed;
  }
  const out = resolve(line.out);
  makeOutFolder(out, line.out);
  const runs = chosen.map(({ run }) => run);
  const spec = await targetSpec(line, runs, signal);
  const began = wallSeconds();
  const executed = await carryOut(runs, spec, line.jobs ?? defaultJobs(line.target), signal);
  return report(executed, chosen, out, wallSeconds() - began);
}

/** With the folder of the histories, so that what cannot be written is told before anything runs. */
function makeOutFolder(folder: string, given: string): void {
  try {
    makeFolder(join(folder, "histories"));
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new UsageError(`--out ${given}: nothing can be written there (${(error as NodeJS.ErrnoException).code}).`, "Give another folder.");
  }
}

/** One folder at a time: Node's own recursive mkdir never ends where one below an existing folder is refused with ENOENT, as under /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function list(runs: readonly ScenarioRun[]): void {
  const columns = process.stdout.isTTY ? (process.stdout.columns ?? 80) : Infinity;
  for (const name of new Set(runs.map((run) => run.name))) {
    const own = runs.filter((run) => run.name === name);
    const ids = own.map((run) => run.id).filter((id) => id !== name);
    print(name);
    print(cut(`    ${own[0]!.description}`, columns));
    if (ids.length > 0) print(`    runs: ${ids.join(" ")}`);
  }
}

/** Prepares what all runs share: the synthesized stacks, or the deployed ones' outputs. */
async function targetSpec(line: CommandLine, runs: readonly ScenarioRun[], signal: AbortSignal): Promise<TargetSpec | ((index: number) => TargetSpec)> {
  if (line.target === "local") {
    const { synthesizedFor } = require("./targets/synth") as typeof import("./targets/synth");
    const folders = await synthesizedFor(PROJECT, runs);
    return (index) => ({ kind: "local", seed: line.seed ?? DEFAULT_SEED, synthFolder: folders[index]! });
  }
  const { outputsFrom, outputsFromFile, outputsFromTerraform } = require("./targets/outputs") as typeof import("./targets/outputs");
  const fromFlags = outputsFromFile(line.outputs, line.output);
  const known = line.outputs !== undefined || Object.keys(line.output).length > 0 ? fromFlags : await outputsFromTerraform(PROJECT);
  const outputs = outputsFrom(known, line.outputs ?? (Object.keys(line.output).length > 0 ? "the --output flags" : "Terraform's state"));
  await confirm(line, runs, outputs, signal);
  // Names on AWS may not come back for 90 days.
  return { kind: "aws", seed: line.seed ?? `${process.pid}-${Math.floor(wallSeconds() * 1000)}`, outputs };
}

async function confirm(line: CommandLine, runs: readonly ScenarioRun[], outputs: import("./targets/target").Outputs, signal: AbortSignal): Promise<void> {
  const { awsClients } = require("./targets/aws") as typeof import("./targets/aws");
  const { estimateOnAws, estimateText } = require("./targets/costs") as typeof import("./targets/costs");
  const clients = awsClients(outputs);
  try {
    print(estimateText(await estimateOnAws(runs, clients, outputs), outputs.stateMachineArn));
  } catch (error) {
    throw new UsageError(`AWS could not be asked about ${outputs.stateMachineArn}: ${(error as Error).name}: ${(error as Error).message}`, "Check the credentials, the region and the outputs.");
  } finally {
    for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
  }
  if (line.yes) return;
  if (!process.stdin.isTTY) throw new UsageError("Nobody can be asked whether to start this: there is no terminal.", "Give --yes to start it all the same.");
  const answer = await ask("Start it? [y/N] ", signal);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError("Nothing was started.");
}

function ask(question: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise<string>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Interrupted("interrupted")), { once: true });
    lines.once("SIGINT", () => reject(new Interrupted("interrupted")));
    lines.once("close", () => resolve(""));
    lines.question(question, resolve);
  }).finally(() => lines.close());
}

async function carryOut(runs: readonly ScenarioRun[], spec: TargetSpec | ((index: number) => TargetSpec), jobs: number, signal: AbortSignal): Promise<Executed[]> {
  const live = isLive();
  const board = new Board({
    screen: { write: (text) => void process.stdout.write(text), columns: () => process.stdout.columns, rows: () => process.stdout.rows },
    live, colours: coloured(), total: runs.length, now: wallSeconds,
  });
  const leave = (): void => board.close();
  process.once("exit", leave);
  try {
    return await runAll(runs, { spec, jobs, signal, onStart: (run) => board.start(run.id), onProgress: (progress) => board.progress(progress), onDone: (executed) => board.finish(executed) });
  } finally {
    process.removeListener("exit", leave);
    board.close();
  }
}

const isTerminal = (): boolean => process.stdout.isTTY === true && process.env["TERM"] !== "dumb";
/** Lines may be drawn over: a terminal, and nobody who keeps the output as a log. */
const isLive = (): boolean => isTerminal() && !process.env["CI"];
/** https://no-color.org */
const coloured = (): boolean => isTerminal() && !process.env["NO_COLOR"];

function report(executed: readonly Executed[], chosen: readonly Chosen[], out: string, seconds: number): number {
  const results = executed.map(({ result }) => result);
  const histories = executed.flatMap(({ history }): History[] => (history === undefined ? [] : [history]));
  const records = executed.flatMap(({ result, permissions }) => (permissions === undefined ? [] : [{ scenario: result.name, record: permissions }]));
  const files = writeReports(out, { scenarios: results }, histories, records.length === 0 ? undefined : mergePermissions(records));
  writeHistories(out, histories);
  const colours = coloured();
  for (const { result, history } of executed) if (result.status === "failed" || result.status === "error") for (const text of failureLines(result, history, colours)) print(text);
  print("");
  for (const row of resultTable(results, colours)) print(row);
  if (results.length === 1 && results[0]!.status === "passed") for (const text of ["", ...interruptionLines(results[0]!)]) print(text);
  print("");
  print(`${countsText(results)} in ${seconds.toFixed(1)} s. Report: ${relative(process.cwd(), files.html) || files.html}`);
  for (const { result, byName } of chosen.map((entry, index) => ({ ...entry, result: results[index]! }))) {
    if (result.status === "unsupported" && byName) complain(`error: ${result.name} cannot run: ${result.reason}`);
  }
  return exitCode(results.map((result, index) => ({ status: result.status, byName: chosen[index]!.byName })));
}

/** What could not run outweighs what failed: the results are not complete then. */
export function exitCode(outcomes: readonly { status: Executed["result"]["status"]; byName: boolean }[]): number {
  const ran = outcomes.filter(({ status }) => status === "passed" || status === "failed");
  if (ran.length === 0 || outcomes.some(({ status, byName }) => status === "error" || (status === "unsupported" && byName))) return EXIT.couldNotRun;
  return ran.some(({ status }) => status === "failed") ? EXIT.failed : EXIT.passed;
}

if (require.main === module) void runCommand(main, process.argv.slice(2));
