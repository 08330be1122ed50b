/** What is printed at the end: a table of all runs, and for each that did not pass what, where and how to see it again. */
import type { History } from "../model/history";
import type { ScenarioResult } from "../model/result";
import { around } from "./events";
import { clean, clockTime, duration, percent, style, table, type Style } from "./text";

const WORDS = { passed: "passed", failed: "FAILED", error: "ERROR", unsupported: "unsupported" } as const;

const paint = (marks: Style, status: ScenarioResult["status"]): string => {
  const colour = { passed: marks.green, failed: marks.red, error: marks.red, unsupported: marks.yellow }[status];
  return colour(WORDS[status]);
};

/** The pause that is nearest to its limit, or furthest beyond it, with the limit. */
function worstPause({ interruptions }: ScenarioResult): string {
  const paused = interruptions.flatMap(({ pauseSeconds, limits }) => (pauseSeconds === null ? [] : [{ pauseSeconds, limit: limits.pauseSeconds }]));
  const share = ({ pauseSeconds, limit }: (typeof paused)[number]): number => (limit === null ? 0 : pauseSeconds / Math.max(limit, 0.1));
  const worst = paused.sort((a, b) => share(b) - share(a) || b.pauseSeconds - a.pauseSeconds)[0];
  return worst === undefined ? "-" : besideLimit(worst.pauseSeconds, worst.limit);
}

/** All that was lost, beside all that might have been. */
const lostWork = ({ lostWorkSeconds, interruptions }: ScenarioResult): string =>
  interruptions.length === 0 ? duration(lostWorkSeconds) : besideLimit(lostWorkSeconds, interruptions.reduce((sum, { limits }) => sum + (limits.lostWorkSeconds ?? 0), 0));

const besideLimit = (seconds: number, limit: number | null): string => `${duration(seconds)}${limit === null ? "" : ` (${duration(limit)})`}`;

/** A run's interruptions, a line each: what each cost, beside what it may cost and why. */
export function interruptionLines({ interruptions }: ScenarioResult): string[] {
  return interruptions.map(({ kind, job, atSeconds, atPercent, pauseSeconds, lostWorkSeconds, limits }) =>
    `${clockTime(atSeconds).padStart(8)}  ${kind} of ${job} at ${percent(atPercent)}: pause ${pauseSeconds === null ? "none" : besideLimit(pauseSeconds, limits.pauseSeconds)}, ` +
    `lost work ${besideLimit(lostWorkSeconds, limits.lostWorkSeconds)}; limits: ${limits.because}`);
}

/** One row a run. */
export function resultTable(results: readonly ScenarioResult[], colours: boolean): string[] {
  const marks = style(colours);
  const heading = ["scenario", "status", "percent", "attempts", "lost work (limit)", "pause (limit)", "virtual", "wall"].map(marks.dim);
  const rows = results.map((result) => {
    const ran = result.status === "passed" || result.status === "failed";
    const figures = ran ? [percent(result.percent), String(result.attempts), lostWork(result), worstPause(result), clockTime(result.virtualSeconds)] : ["-", "-", "-", "-", "-"];
    return [result.name, paint(marks, result.status), ...figures, duration(result.wallSeconds)];
  });
  return table([heading, ...rows], [false, false, true, true, true, true, true, true]);
}

/** A failed run: each failed check with the history around it, and the command that runs it again. */
export function failureLines(result: ScenarioResult, history: History | undefined, colours: boolean): string[] {
  const marks = style(colours);
  const lines = ["", `${paint(marks, result.status)}  ${marks.bold(result.name)}`];
  if (result.reason !== undefined) lines.push(...clean(result.reason).split("\n").map((line) => `  ${line}`));
  for (const check of result.checks.filter((candidate) => candidate.status === "fail")) {
    lines.push(`  ${marks.red(check.name)}: ${clean(check.detail).replaceAll("\n", "\n    ")}`);
    if (history === undefined || check.atSeconds === undefined) continue;
    lines.push(...around(history, check.atSeconds).map((line) => marks.dim(`  ${line}`)));
  }
  lines.push(...interruptionLines(result).map((line) => `  ${line}`));
  if (result.status === "error") lines.push("  This is not the scenario's fault. If nothing above can be mended, please report it with these lines.");
  lines.push(`  run it again: ${result.rerun}`);
  return lines;
}

/** "12 passed, 1 failed": only what there is. */
export function countsText(results: readonly ScenarioResult[]): string {
  return (["passed", "failed", "error", "unsupported"] as const)
    .map((status) => ({ status, count: results.filter((result) => result.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status === "error" ? "could not run" : status}`)
    .join(", ");
}
