/**
 * What was called under which permission. Each run has a record; those of several runs are merged into `permissions.json`.
 * Principals are names of roles, or services of AWS (`events.amazonaws.com`) where a resource's own policy let them in.
 */

/** A statement of a policy. */
export interface StatementRef {
  /** `inline:NAME`, a managed policy's ARN, `trust:ROLE`, or the ARN of the resource whose policy it is. */
  policy: string;
  /** Its place in the document, from 0. */
  index: number;
  sid?: string;
  /** The patterns of it that the request met. */
  actionPattern: string;
  resourcePattern: string;
}

export interface PermissionUse {
  principal: string;
  action: string;
  resource: string;
  statement: StatementRef;
  count: number;
  /** Names of the scenarios that made it; absent in the record of one run. */
  scenarios?: string[];
}

export interface PermissionRefusal {
  principal: string;
  action: string;
  resource: string;
  /** In AWS's words. */
  message: string;
  /** The policy to change: `inline policy X of role Y`. */
  where: string;
  /** The statement to add, as JSON; absent when a deny must go instead. */
  add?: string;
  /** What else there is to know: a deny's statement, a condition that did not hold. */
  note?: string;
  count: number;
  scenarios?: string[];
}

/** A policy as it is deployed. */
export interface GrantedPolicy {
  /** The role's name. */
  principal: string;
  /** As in StatementRef. */
  policy: string;
  statements: readonly GrantedStatement[];
}

export interface GrantedStatement {
  sid?: string;
  effect: "Allow" | "Deny";
  actions: readonly string[];
  resources: readonly string[];
  condition?: unknown;
}

/** One run's record, or that of several. */
export interface PermissionRecord {
  uses: PermissionUse[];
  refusals: PermissionRefusal[];
  granted: GrantedPolicy[];
  /**
   * Why something granted must stay though no run here uses it, as the stacks' outputs say: `POLICY/SID/ACTION` to the
   * reason, where POLICY is an inline or managed policy's name.
   */
  reasons: Readonly<Record<string, string>>;
}

/** An action that a statement grants and nothing used. */
export interface UnusedGrant {
  principal: string;
  policy: string;
  statement: string;
  action: string;
  resources: readonly string[];
  /** Why it must stay; absent: it may go. */
  reason?: string;
}

/** A resource that a statement grants more widely than it was touched. */
export interface WideGrant {
  principal: string;
  policy: string;
  statement: string;
  /** As the policy has it. */
  resource: string;
  /** What of it was touched; empty: nothing. */
  touched: string[];
  condition?: unknown;
}

/** What permissions.json holds. */
export interface Permissions extends PermissionRecord {
  unused: UnusedGrant[];
  wide: WideGrant[];
}

/** Parts of ARNs that are new in every run. */
const PASSING: readonly [RegExp, string][] = [
  [/\b(i|vol|eni|lt|sg|subnet|sir|fleet)-[0-9a-z][0-9a-z-]{7,}/g, "$1-…"],
  [/\bEX([PT])\w{15}\b/g, "EX$1…"],
  [/(:execution:[^:]+:).+$/, "$1…"],
  [/(:log-stream:).+$/, "$1…"],
  [/^(arn:[\w-]+:s3:::[^/]+\/[^/]+\/).+$/, "$1…"],
  [/(:assumed-role\/[^/]+\/)[^ ]+/g, "$1…"],
];

/** An ARN, or a text with ARNs in it, with what is new in every run left out, so that runs can be added up. */
export const lastingArn = (text: string): string => PASSING.reduce((lasting, [pattern, instead]) => lasting.replace(pattern, instead), text);

const nameOf = (policy: string): string => policy.replace(/^inline:/, "").replace(/^arn:.*:policy\/(?:.*\/)?/, "");
const statementName = (sid: string | undefined, index: number): string => sid ?? `statement ${index + 1}`;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The records of several runs as one, and what follows from them. */
export function mergePermissions(runs: readonly { scenario: string; record: PermissionRecord }[]): Permissions {
  const uses = new Map<string, PermissionUse & { scenarios: string[] }>();
  const refusals = new Map<string, PermissionRefusal & { scenarios: string[] }>();
  const granted = new Map<string, GrantedPolicy>();
  const reasons: Record<string, string> = {};
  const add = <T extends { count: number; scenarios: string[] }>(into: Map<string, T>, key: string, entry: T, scenario: string): void => {
    const known = into.get(key);
    if (!known) into.set(key, entry);
    else {
      known.count += entry.count;
      if (!known.scenarios.includes(scenario)) known.scenarios.push(scenario);
    }
  };
  for (const { scenario, record } of runs) {
    for (const use of record.uses) {
      const lasting = { ...use, resource: lastingArn(use.resource), statement: { ...use.statement, policy: lastingArn(use.statement.policy), resourcePattern: lastingArn(use.statement.resourcePattern) }, scenarios: [scenario] };
      add(uses, [use.principal, use.action, lasting.resource, lasting.statement.policy, use.statement.index, lasting.statement.resourcePattern].join("\n"), lasting, scenario);
    }
    for (const refusal of record.refusals) {
      const lasting = { ...refusal, resource: lastingArn(refusal.resource), message: lastingArn(refusal.message), scenarios: [scenario] };
      add(refusals, [refusal.principal, refusal.action, lasting.resource].join("\n"), lasting, scenario);
    }
    for (const { principal, policy, statements } of record.granted) {
      granted.set(`${principal}\n${policy}`, { principal, policy, statements: statements.map((statement) => ({ ...statement, resources: [...new Set(statement.resources.map(lastingArn))] })) });
    }
    Object.assign(reasons, record.reasons);
  }
  const sorted = <T extends { principal: string; action: string; resource: string; scenarios: string[] }>(entries: Iterable<T>): T[] =>
    [...entries].map((entry) => ({ ...entry, scenarios: [...entry.scenarios].sort(byText) })).sort((a, b) => byText(a.principal, b.principal) || byText(a.action, b.action) || byText(a.resource, b.resource));
  const merged: PermissionRecord = { uses: sorted(uses.values()), refusals: sorted(refusals.values()), granted: [...granted.values()].sort((a, b) => byText(a.principal, b.principal) || byText(a.policy, b.policy)), reasons };
  return { ...merged, unused: unusedGrants(merged), wide: wideGrants(merged) };
}

/** Every action of an allowing statement that no call was allowed by. */
function unusedGrants({ uses, granted, reasons }: PermissionRecord): UnusedGrant[] {
  return granted.flatMap(({ principal, policy, statements }) => statements.flatMap(({ sid, effect, actions, resources }, index) => (effect === "Deny" ? [] : actions
    .filter((action) => !uses.some((use) => use.principal === principal && use.statement.policy === policy && use.statement.index === index && use.statement.actionPattern === action))
    .map((action): UnusedGrant => {
      const statement = statementName(sid, index);
      const reason = reasons[`${nameOf(policy)}/${statement}/${action}`] ?? reasons[`${nameOf(policy)}/${statement}`];
      return { principal, policy, statement, action, resources, ...(reason === undefined ? {} : { reason }) };
    }))));
}

/** Every resource with a wildcard, but for `*` where the action has no resource types and nothing narrower can be asked for. */
function wideGrants({ uses, granted }: PermissionRecord): WideGrant[] {
  return granted.flatMap(({ principal, policy, statements }) => statements.flatMap(({ sid, effect, resources, condition }, index) => (effect === "Deny" ? [] : resources
    .filter((resource) => resource.includes("*") || resource.includes("?"))
    .flatMap((resource): WideGrant[] => {
      const touched = [...new Set(uses.filter((use) => use.principal === principal && use.statement.policy === policy && use.statement.index === index && use.statement.resourcePattern === resource).map((use) => use.resource))].sort(byText);
      if (touched.length > 0 && touched.every((one) => one === resource)) return [];
      return [{ principal, policy, statement: statementName(sid, index), resource, touched, ...(condition === undefined ? {} : { condition }) }];
    }))));
}

/** What a person is told of a refusal, line by line. */
export function refusalLines({ principal, action, resource, where, add, note, count }: PermissionRefusal): string[] {
  return [
    `AccessDenied: ${principal} may not ${action} on ${resource}${count > 1 ? ` (${count} times)` : ""}`,
    ...(note === undefined ? [] : [`  ${note}`]),
    add === undefined ? `  change the ${where}` : `  add to the ${where}: ${add}`,
  ];
}
