/** The report's section on permissions: what was refused, what is granted and unused, what is wider than it was touched, and every use. */
import type { PermissionRefusal, Permissions } from "../model/permissions";
import { escape } from "./escape";

const code = (text: string): string => `<code>${escape(text)}</code>`;
/** Not broken in its middle, where a column is narrow. */
const wholeCode = (text: string): string => `<code class="whole">${escape(text)}</code>`;
/** A managed policy by its name: the rest of its ARN is the same for all. */
const policyName = (policy: string): string => escape(policy.replace(/^arn:[^/]*:policy\//, ""));
const row = (cells: readonly string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
const table = (heading: readonly string[], rows: readonly string[]): string =>
  `<div class="scroll"><table><thead><tr>${heading.map((name) => `<th>${name}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
const scenarios = (names: readonly string[] = []): string => escape(names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", "));

export function permissionsSection(permissions: Permissions): string {
  const { uses, refusals, unused, wide } = permissions;
  const calls = uses.reduce((sum, { count }) => sum + count, 0);
  const kept = unused.filter(({ reason }) => reason !== undefined).length;
  return `<article id="permissions"><header><h2>Permissions</h2><span class="status ${refusals.length > 0 ? "fail" : "pass"}">${refusals.length} refused</span></header>
<p class="soft">${calls} calls by ${new Set(uses.map(({ principal }) => principal)).size} principals; ${unused.length - kept} granted actions were not used, ${kept} more stay for a reason. All of it: permissions.json.</p>
${refusals.length === 0 ? "" : `<h3>Refused</h3>${table(["who", "action", "resource", "what to add", "scenarios"], refusals.map(refused))}`}
${unused.length === 0 ? "" : `<h3>Granted, and not used by these runs</h3>${table(["policy", "statement", "action", "why it stays"], unused.map((grant) =>
    row([policyName(grant.policy), escape(grant.statement), wholeCode(grant.action), grant.reason === undefined ? `<span class="status unknown">none is given: it can go, if these were all the scenarios</span>` : escape(grant.reason)])))}`}
${wide.length === 0 ? "" : `<details><summary>Wider than what was touched (${wide.length})</summary>${table(["policy", "statement", "granted", "touched", "condition"], wide.map((grant) =>
    row([policyName(grant.policy), escape(grant.statement), code(grant.resource), grant.touched.length === 0 ? "nothing" : grant.touched.map(code).join("<br>"), grant.condition === undefined ? "" : code(JSON.stringify(grant.condition))])))}</details>`}
<details><summary>Every call (${uses.length})</summary>${table(["who", "action", "resource", "times", "allowed by", "scenarios"], uses.map((use) =>
    row([escape(use.principal), code(use.action), code(use.resource), String(use.count), escape(`${use.statement.sid ?? `statement ${use.statement.index + 1}`} of ${use.statement.policy}`), scenarios(use.scenarios)])))}</details>
</article>`;
}

const refused = (refusal: PermissionRefusal): string => row([
  escape(refusal.principal), code(refusal.action), code(refusal.resource),
  `${refusal.add === undefined ? "change the" : "to the"} ${escape(refusal.where)}${refusal.add === undefined ? "" : `: ${code(refusal.add)}`}${refusal.note === undefined ? "" : `<br><span class="soft">${escape(refusal.note)}</span>`}`,
  scenarios(refusal.scenarios),
]);
