/** From a history, or from what went wrong, to the run's entry in results.json. */
import { runChecks } from "../checks";
import { costOf } from "../model/cost";
import { figuresOf } from "../model/figures";
import type { History } from "../model/history";
import { refusalLines, type PermissionRefusal } from "../model/permissions";
import type { ScenarioResult } from "../model/result";
import type { ScenarioRun } from "../model/scenario";
import type { TargetKind } from "../targets/target";

export interface RunIdentity { run: ScenarioRun; target: TargetKind; seed: string }

/** The command that runs it again: by name, or by path where the name is not the project's own. */
export function rerunCommand({ run, target, seed }: RunIdentity): string {
  const own = /(^|[\\/])harness[\\/]scenarios[\\/][^\\/]+$/.test(run.file);
  const quoted = (word: string): string => (/^[A-Za-z0-9_./,=:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  return ["npm run scenario --", quoted(own ? run.id : run.file), ...(target === "local" ? ["--seed", quoted(seed)] : ["--target", target])].join(" ");
}

const seconds = (value: number): number => Math.round(value * 1000) / 1000;

export function resultOf(history: History, wallSeconds: number): ScenarioResult {
  const figures = figuresOf(history);
  const checks = runChecks(history);
  const costDollars = costOf(history);
  return {
    name: history.run.id,
    status: checks.some((check) => check.status === "fail") ? "failed" : "passed",
    percent: figures.percent,
    attempts: figures.attempts,
    lostWorkSeconds: figures.lostWorkSeconds,
    virtualSeconds: history.virtualSeconds,
    wallSeconds: seconds(wallSeconds),
    ...(costDollars === undefined ? {} : { costDollars }),
    checks,
    interruptions: figures.interruptions,
    rerun: rerunCommand({ run: history.run, target: history.target, seed: history.seed }),
  };
}

/** For a run that gave no history; what IAM refused is often why. */
export function resultWithout(identity: RunIdentity, status: "error" | "unsupported", reason: string, wallSeconds = 0, refusals: readonly PermissionRefusal[] = []): ScenarioResult {
  return {
    name: identity.run.id, status, percent: 0, attempts: 0, lostWorkSeconds: 0, virtualSeconds: 0, wallSeconds: seconds(wallSeconds),
    checks: [], interruptions: [], reason: [reason, ...refusals.flatMap(refusalLines)].join("\n"), rerun: rerunCommand(identity),
  };
}
