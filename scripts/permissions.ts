/**
 * Takes each permission out of the synthesized policies in turn, and shows that a scenario fails of it, with AccessDenied and
 * the statement to add: `npm run permissions`. First every scenario is run as it is, to see which need what.
 *
 *   npm run permissions -- [--jobs N] [--out FILE] [ACTION or POLICY…]
 *
 * Words narrow it to the permissions whose policy, statement or action they are. Exit 0: for each permission a scenario fails
 * that names it, or the stack says why it stays; 1: there is one that nothing needs and no reason is given for; 2: it could
 * not run.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EXIT, print, runCommand } from "../harness/command/command";
import { table } from "../harness/console/text";
import { UsageError } from "../harness/model/errors";
import { mergePermissions, type PermissionRefusal } from "../harness/model/permissions";
import type { ScenarioRun } from "../harness/model/scenario";
import { loadScenarios, runAll, type Executed, type TargetSpec } from "../harness/runner/index";
import { synthesized } from "../harness/targets/synth";
import { wallSeconds } from "../harness/time/system-clock";
import { scenariosUsing } from "./permissions/choice";
import { reasonFor, removalsOf, without, type Removal, type StackDocument } from "./permissions/removals";

const PROJECT = join(__dirname, "..");
const SEED = "1";
const STACKS = ["job", "faults"] as const;

/** What came of one removal. */
interface Outcome {
  removal: Removal;
  /** The scenario that fails of it. */
  scenario?: string;
  refusal?: PermissionRefusal;
  /** Why it stays, where nothing fails. */
  reason?: string;
}

async function main(given: readonly string[], signal: AbortSignal): Promise<number> {
  const { jobs, words, out, help } = readArguments(given);
  if (help) {
    print(HELP);
    return EXIT.passed;
  }
  const began = wallSeconds();
  const folder = await synthesized(PROJECT);
  const documents = new Map(STACKS.map((stack) => [stack, JSON.parse(readFileSync(join(folder, "stacks", stack, "cdk.tf.json"), "utf8")) as StackDocument]));
  const removals = STACKS.flatMap((stack) => removalsOf(stack, documents.get(stack)!)).filter((removal) => words.length === 0 || words.some((word) => [removal.name, removal.statement, removal.action].includes(word)));
  if (removals.length === 0) throw new UsageError("There is no such permission in the synthesized stacks.", "Give a policy's name, a statement's Sid or an action; or nothing, for all.");

  // A nine-hour job asks for nothing that a short one does not; one with knobs has another deployment.
  const runs = loadScenarios().filter(({ jobs: scenarioJobs, knobs }) => knobs === undefined && scenarioJobs.every(({ durationMinutes }) => durationMinutes <= 60));
  print(`${removals.length} permissions; first ${runs.length} runs as they are…`);
  const asTheyAre = await runAll(runs, { spec: { kind: "local", seed: SEED, synthFolder: folder }, jobs, signal });
  for (const { result } of asTheyAre) if (result.status !== "passed") throw new UsageError(`${result.name} does not pass with all permissions.`, `See it by itself: ${result.rerun}`);
  const permissions = mergePermissions(asTheyAre.map(({ result, permissions: record }) => ({ scenario: result.name, record: record! })));

  const changed = mkdtempSync(join(tmpdir(), "spotproof-permissions-"));
  try {
    const outcomes: Outcome[] = removals.map((removal) => {
      const reason = reasonFor(documents.get(removal.stack as "job")!, removal);
      return { removal, ...(reason === undefined ? {} : { reason }) };
    });
    const tried: { outcome: Outcome; run: ScenarioRun; spec: TargetSpec }[] = [];
    for (const [index, outcome] of outcomes.entries()) {
      const [shortest] = scenariosUsing(outcome.removal, permissions, asTheyAre.map(({ result }) => result));
      if (shortest === undefined) continue;
      const synthFolder = join(changed, String(index));
      cpSync(join(folder, "stacks"), join(synthFolder, "stacks"), { recursive: true });
      writeFileSync(join(synthFolder, "stacks", outcome.removal.stack, "cdk.tf.json"), JSON.stringify(without(documents.get(outcome.removal.stack as "job")!, outcome.removal)));
      tried.push({ outcome, run: runs.find(({ id }) => id === shortest)!, spec: { kind: "local", seed: SEED, synthFolder } });
    }
    let done = 0;
    const failed = await runAll(tried.map(({ run }) => run), {
      spec: (index) => tried[index]!.spec, jobs, signal,
      onDone: () => { if (++done % 10 === 0) print(`${done} of ${tried.length} taken out`); },
    });
    for (const [index, executed] of failed.entries()) note(tried[index]!.outcome, executed);
    const code = report(outcomes, wallSeconds() - began);
    if (out !== undefined) writeFileSync(out, `${JSON.stringify(outcomes, null, 2)}\n`);
    return code;
  } finally {
    rmSync(changed, { recursive: true, force: true });
  }
}

const USAGE = "npm run permissions -- [--jobs N] [--out FILE] [ACTION or POLICY…]";
const HELP = [
  `Usage: ${USAGE}`, "",
  "Takes each permission out of the synthesized policies in turn, and shows which scenario fails of it and what it says.",
  "Words narrow it to the permissions whose policy, statement or action they are.", "",
  "  --jobs N    how many runs go side by side (default: 2)",
  "  --out FILE  where the outcomes go, as JSON", "",
  "Exit codes: 0 each permission is needed or has its reason, 1 one is neither, 2 it could not run, 130 interrupted.",
].join("\n");

function readArguments(given: readonly string[]): { jobs: number; words: string[]; out: string | undefined; help: boolean } {
  try {
    const options = { jobs: { type: "string" }, out: { type: "string" }, help: { type: "boolean", short: "h" } } as const;
    const { values, positionals } = parseArgs({ args: [...given], options, allowPositionals: true });
    const jobs = Number(values.jobs ?? 2);
    if (!Number.isInteger(jobs) || jobs < 1) throw new UsageError(`--jobs ${values.jobs} must be a whole number of at least 1.`);
    return { jobs, words: positionals, out: values.out, help: values.help === true };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError((error as Error).message, USAGE);
  }
}

/** A removal is noticed when a run fails and the refusal names the action that was taken out. */
function note(outcome: Outcome, { result, permissions }: Executed): void {
  if (result.status !== "failed" && result.status !== "error") return;
  const refusal = permissions?.refusals.find(({ action }) => action === outcome.removal.action);
  if (refusal === undefined) return;
  outcome.scenario = result.name;
  outcome.refusal = refusal;
}

function report(outcomes: readonly Outcome[], seconds: number): number {
  const told = ({ refusal, reason }: Outcome): string => (refusal ? `to the ${refusal.where}: ${refusal.add ?? "(a deny must go)"}` : reason === undefined ? "NOTHING FAILS, AND NO REASON IS GIVEN" : `stays: ${reason}`);
  for (const line of table([["policy", "statement", "without", "fails", "what it says to add"], ...outcomes.map((outcome) =>
    [outcome.removal.name, outcome.removal.statement, outcome.removal.action, outcome.scenario ?? "-", told(outcome)])], [false, false, false, false, false])) print(line);
  const [failing, kept] = [outcomes.filter(({ scenario }) => scenario !== undefined).length, outcomes.filter(({ scenario, reason }) => scenario === undefined && reason !== undefined).length];
  const left = outcomes.length - failing - kept;
  print(`\n${outcomes.length} permissions taken out in turn: a scenario fails of ${failing}, ${kept} stay for a reason, ${left} could go. ${seconds.toFixed(0)} s.`);
  return left === 0 ? EXIT.passed : EXIT.failed;
}

void runCommand(main, process.argv.slice(2));
