/**
 * The decision on one request: an explicit deny wins, then something must allow it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html,
 * within one account: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
 */
import { matches, type Keys } from "./pattern";
import type { Policy, Principals, Statement } from "./policy";

export interface Request {
  action: string;
  resource: string;
  keys: Keys;
}

/** Who asks, as the policy of a resource may name them. */
export interface Requester {
  accountId: string;
  /** The session's ARN, and the ARN of its role. Empty for a service of AWS. */
  arns: readonly string[];
  /** `events.amazonaws.com`, when a service asks for itself. */
  services: readonly string[];
}

/** The statement that decided. */
export interface Deciding {
  source: string;
  index: number;
  sid?: string;
  /** The patterns of it that the request met. */
  actionPattern: string;
  resourcePattern: string;
}

export type PolicyKind = "identity-based policy" | "resource-based policy" | "permissions boundary";

export type Decision =
  | { allowed: true; by: Deciding; kind: PolicyKind }
  | { allowed: false; explicit: true; by: Deciding; kind: PolicyKind }
  | { allowed: false; explicit: false; missing: PolicyKind };

export interface Policies {
  identity: readonly Policy[];
  boundary?: Policy | undefined;
  resource?: Policy | undefined;
  /** The resource's own policy must allow it: role trust, KMS keys. */
  resourceMustAllow?: boolean | undefined;
}

/** Decides. Who asks matters to resource policies only. */
export function decide(request: Request, requester: Requester, { identity, boundary, resource, resourceMustAllow = false }: Policies): Decision {
  for (const [kind, policies] of [["identity-based policy", identity], ["permissions boundary", boundary ? [boundary] : []], ["resource-based policy", resource ? [resource] : []]] as const) {
    const by = find(policies, "Deny", request, requester);
    if (by) return { allowed: false, explicit: true, by, kind };
  }
  const inResource = resource && findAllowing(resource, request, requester);
  if (inResource?.isDirect) return { allowed: true, by: inResource.by, kind: "resource-based policy" };
  if (resourceMustAllow && !inResource) return { allowed: false, explicit: false, missing: "resource-based policy" };
  const inIdentity = find(identity, "Allow", request, requester);
  if (!inIdentity) return { allowed: false, explicit: false, missing: requester.services.length > 0 ? "resource-based policy" : "identity-based policy" };
  if (boundary && !find([boundary], "Allow", request, requester)) return { allowed: false, explicit: false, missing: "permissions boundary" };
  return { allowed: true, by: inIdentity, kind: "identity-based policy" };
}

/** The first statement of that effect that the request meets. */
function find(policies: readonly Policy[], effect: Statement["effect"], request: Request, requester: Requester): Deciding | undefined {
  for (const policy of policies) {
    for (const statement of policy.statements) {
      if (statement.effect !== effect || (statement.principals && !names(statement.principals, requester))) continue;
      const by = meets(policy, statement, request);
      if (by) return by;
    }
  }
  return undefined;
}

/** An allowing statement; one that names the requester counts by itself, one that names the account leaves it to the requester's own policies. */
function findAllowing(policy: Policy, request: Request, requester: Requester): { by: Deciding; isDirect: boolean } | undefined {
  let delegated: Deciding | undefined;
  for (const statement of policy.statements) {
    const how = statement.effect === "Allow" && statement.principals ? names(statement.principals, requester) : undefined;
    if (!how || (how === "account" && delegated)) continue;
    const by = meets(policy, statement, request);
    if (by && how === "direct") return { by, isDirect: true };
    if (by) delegated = by;
  }
  return delegated && { by: delegated, isDirect: false };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function names(principals: Principals, { accountId, arns, services }: Requester): "direct" | "account" | undefined {
  const direct = principals.everyone || arns.some((arn) => principals.aws.includes(arn)) || services.some((service) => principals.services.includes(service));
  const account = arns.length > 0 && principals.aws.some((named) => named === accountId || (named.startsWith("arn:") && named.endsWith(`:iam::${accountId}:root`)));
  if (principals.isNegated) return direct || account ? undefined : "direct";
  return direct ? "direct" : account ? "account" : undefined;
}

function meets(policy: Policy, statement: Statement, { action, resource, keys }: Request): Deciding | undefined {
  const actionPattern = statement.actions.find((pattern) => matches(pattern, action));
  if ((actionPattern === undefined) !== statement.isNotAction) return undefined;
  const resourcePattern = statement.resources?.find((pattern) => matches(pattern, resource, keys));
  if (statement.resources && (resourcePattern === undefined) !== statement.isNotResource) return undefined;
  if (!statement.conditions.every((condition) => condition.holds(keys))) return undefined;
  return {
    source: policy.source, index: statement.index, ...(statement.sid === undefined ? {} : { sid: statement.sid }),
    actionPattern: actionPattern?.text ?? `all but ${statement.actions.map(({ text }) => text).join(", ")}`,
    resourcePattern: resourcePattern?.text ?? (statement.isNotResource ? `all but ${statement.resources!.map(({ text }) => text).join(", ")}` : "*"),
  };
}
