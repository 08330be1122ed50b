/** report.html: one page that needs nothing but itself. Pure: results and histories in, text out. */
import type { History } from "../model/history";
import type { Permissions } from "../model/permissions";
import type { CheckResult, Results, ScenarioResult } from "../model/result";
import { chart } from "./chart";
import { escape } from "./escape";
import { clockTime, duration, percent } from "./format";
import { permissionsSection } from "./permissions";
import { seriesOf } from "./series";
import { STYLE } from "./style";

const WIDE = { width: 860, height: 300 };
const NARROW = { width: 360, height: 250 };

const KEY = (shape: string) => `<svg class="key" width="16" height="14" viewBox="0 0 16 14" aria-hidden="true">${shape}</svg>`;
const LEGEND: [string, string][] = [
  [`<rect class="committed" width="16" height="14"/>`, "checkpointed"],
  [`<rect class="unsaved" width="16" height="14"/>`, "unsaved"],
  [`<rect class="loss" x="1" y="1" width="14" height="12"/>`, "lost work"],
  [`<circle class="mark checkpoint" cx="8" cy="7" r="4"/>`, "checkpoint committed"],
  [`<path class="sign notice" d="M8 1l6 11h-12z"/>`, "notice"],
  [`<path class="mark kill" d="M3 2l10 10m0 -10l-10 10"/>`, "terminated or vanished"],
  [`<rect class="sign fault" x="3" y="2" width="10" height="10"/>`, "other fault"],
  [`<rect class="band" width="16" height="14"/><rect class="boot" width="8" height="14"/>`, "attempt (darker: launch and boot)"],
];

/** The whole page. `histories` may lack runs that never started. */
export function reportHtml(results: Results, histories: readonly History[], permissions?: Permissions): string {
  const byId = new Map(histories.map((history) => [history.run.id, history]));
  const sections = results.scenarios.map((result, index) => section(result, index, byId.get(result.name)));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>spotproof: ${escape(headline(results))}</title><style>${STYLE}</style></head><body>
<h1>spotproof</h1><p><b>${escape(headline(results))}</b>${provenance(histories)}</p>
${overview(results)}
<div class="legend">${LEGEND.map(([shape, text]) => `<span>${KEY(shape)}${escape(text)}</span>`).join("")}</div>
<main>${sections.join("\n")}${permissions === undefined ? "" : permissionsSection(permissions)}</main></body></html>
`;
}

function headline(results: Results): string {
  const counts = new Map<string, number>();
  for (const { status } of results.scenarios) counts.set(status, (counts.get(status) ?? 0) + 1);
  if (counts.size === 0) return "no run";
  return ["failed", "error", "unsupported", "passed"].filter((status) => counts.has(status)).map((status) => `${counts.get(status)} ${status}`).join(", ");
}

function provenance(histories: readonly History[]): string {
  const first = histories[0];
  if (first === undefined) return "";
  const where = first.target === "aws" ? "on AWS" : "in the embedded region, on virtual time";
  return ` <span class="soft">${escape(where)}; seed ${escape(first.seed)}</span>`;
}

/** Pauses that were measured; an interruption that no attempt followed has none. */
const longestPause = (result: ScenarioResult): string => {
  const pauses = result.interruptions.map(({ pauseSeconds }) => pauseSeconds).filter((pause) => pause !== null);
  return pauses.length === 0 ? "–" : duration(Math.max(...pauses));
};

function overview(results: Results): string {
  const rows = results.scenarios.map((result, index) => `<tr><td><a href="#run-${index}">${escape(result.name)}</a></td>` +
    `<td class="status ${result.status}">${result.status}</td><td class="n">${percent(result.percent)}</td><td class="n">${result.attempts}</td>` +
    `<td class="n nowrap">${duration(result.lostWorkSeconds)}</td><td class="n nowrap">${longestPause(result)}</td><td class="n">${clockTime(result.virtualSeconds)}</td></tr>`);
  return `<div class="scroll"><table><thead><tr><th>scenario</th><th>status</th><th class="n">done</th><th class="n">attempts</th>` +
    `<th class="n">lost work</th><th class="n">longest pause</th><th class="n">time</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function section(result: ScenarioResult, index: number, history: History | undefined): string {
  const jobs = history?.run.jobs ?? [];
  const charts = history === undefined ? "" : jobs.map(({ name }) => {
    const series = seriesOf(history, name, result.interruptions);
    const heading = jobs.length > 1 ? `<h3>${escape(name)}</h3>` : "";
    return `${heading}<div class="wide">${chart(series, WIDE)}</div><div class="narrow">${chart(series, NARROW)}</div>`;
  }).join("");
  const reason = result.reason === undefined ? "" : `<p class="reason">${escape(result.reason)}</p>`;
  return `<article id="run-${index}"><header><h2>${escape(result.name)}</h2><span class="status ${result.status}">${result.status}</span></header>
<p class="soft">${escape(history?.run.description ?? "")}</p>${reason}
<div class="body"><div>${charts}</div>${figures(result)}</div>
${interruptions(result)}${checks(result.checks)}
<p class="soft">Run it again: <code>${escape(result.rerun)}</code></p></article>`;
}

/** Cents and their fractions: a scenario's job is short. */
const money = (dollars: number | null): string => (dollars === null ? "not known" : `$${dollars.toFixed(4)}`);

function figures(result: ScenarioResult): string {
  const rows: [string, string][] = [
    ["reached", percent(result.percent)],
    ["attempts", String(result.attempts)],
    ["lost work", duration(result.lostWorkSeconds)],
    ["longest pause", longestPause(result)],
    ["virtual time", clockTime(result.virtualSeconds)],
    ["wall time", duration(result.wallSeconds)],
    ...(result.costDollars === undefined ? [] : [["cost", money(result.costDollars.spot)], ["on demand", money(result.costDollars.onDemand)]] as [string, string][]),
  ];
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`).join("")}</dl>${whyNoCost(result)}`;
}

function whyNoCost({ costDollars: cost }: ScenarioResult): string {
  const reasons = [
    ...(cost?.spot === null ? ["The cost is not known: an instance ran On-Demand, or EC2 told no Spot price of its pool."] : []),
    ...(cost?.onDemand === null ? ["EC2 tells Spot prices alone: compare with the On-Demand prices of these instance types at aws.amazon.com/ec2/pricing."] : []),
  ];
  return reasons.map((reason) => `<p class="soft">${escape(reason)}</p>`).join("");
}

function interruptions(result: ScenarioResult): string {
  if (result.interruptions.length === 0) return "";
  const rows = result.interruptions.map((each) => `<tr><td>${escape(each.kind)}</td><td>${escape(each.job)}</td><td class="n">${clockTime(each.atSeconds)}</td>` +
    `<td class="n">${percent(each.atPercent)}</td>${figure(each.pauseSeconds, each.limits.pauseSeconds)}${figure(each.lostWorkSeconds, each.limits.lostWorkSeconds)}<td class="soft">${escape(each.limits.because)}</td></tr>`);
  return `<h3>Interruptions</h3><div class="scroll"><table><thead><tr><th>kind</th><th>job</th><th class="n">at</th><th class="n">progress</th><th class="n">pause</th><th class="n">at most</th><th class="n">lost work</th><th class="n">at most</th><th>limits</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** What an interruption cost, beside what it may cost. */
const figure = (seconds: number | null, limit: number | null): string =>
  [seconds, limit].map((value) => `<td class="n nowrap">${value === null ? "–" : duration(value)}</td>`).join("");

function checks(list: readonly CheckResult[]): string {
  if (list.length === 0) return "";
  const rows = list.map((check) => `<tr><td class="status ${check.status}">${check.status}</td><td class="nowrap">${escape(check.name)}</td><td class="detail">${escape(check.detail)}</td></tr>`);
  return `<h3>Checks</h3><div class="scroll"><table><tbody>${rows.join("")}</tbody></table></div>`;
}
