/**
 * IAM policies as data. Every statement of an identity policy of this deployment is made here, so that the rules hold
 * in one place: no wildcard actions, and `*` as the resource only with the reason beside it.
 */

/** Operators and their keys, as in IAM's JSON: {"StringEquals": {"aws:RequestTag/x": "y"}}. */
export type Conditions = Record<string, Record<string, string | string[]>>;

export interface Statement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: string[];
  Condition?: Conditions;
}

/** Lets these actions on these resources. @throws Error on a wildcard action or a bare `*` resource. */
export function allow(sid: string, actions: string[], resources: string[], conditions?: Conditions): Statement {
  if (actions.some((action) => action.includes("*"))) throw new Error(`statement ${sid}: an action has a wildcard`);
  if (resources.includes("*")) throw new Error(`statement ${sid}: a bare * resource; use allowOnAnything and say why`);
  return { Sid: sid, Effect: "Allow", Action: actions, Resource: resources, ...(conditions === undefined ? {} : { Condition: conditions }) };
}

/**
 * Lets these actions on `*`, because AWS offers nothing narrower.
 *
 * @param _reason what makes `*` unavoidable, with the page that says so.
 */
export function allowOnAnything(sid: string, actions: string[], _reason: string, conditions?: Conditions): Statement {
  if (actions.some((action) => action.includes("*"))) throw new Error(`statement ${sid}: an action has a wildcard`);
  return { Sid: sid, Effect: "Allow", Action: actions, Resource: ["*"], ...(conditions === undefined ? {} : { Condition: conditions }) };
}

/** Why a permission stays though no scenario uses it: `POLICY/SID/ACTION` to the reason. A stack puts them out for whoever reviews its policies. */
export type Reasons = Record<string, string>;

/** A statement, with the reasons why actions of it stay that no scenario uses. @throws Error for an action that it does not have */
export function kept<T extends Pick<Statement, "Sid" | "Action">>(reasons: Reasons, policyName: string, statement: T, why: Record<string, string>): T {
  for (const [action, reason] of Object.entries(why)) {
    if (!statement.Action.includes(action)) throw new Error(`statement ${statement.Sid}: there is no action ${action} to give a reason for`);
    reasons[`${policyName}/${statement.Sid}/${action}`] = reason;
  }
  return statement;
}

/** Why grants on a key of KMS stay, the embedded region having none. */
export const KEY_REASON = "S3 and DynamoDB ask KMS in the caller's name; the embedded region has no keys";

/** A policy document as JSON text. */
export function policyDocument(statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** The trust policy of a role that this service assumes. */
export function trustPolicy(service: string, conditions?: Conditions): string {
  return policyDocument([
    {
      Effect: "Allow",
      Action: ["sts:AssumeRole"],
      Principal: { Service: [service] },
      ...(conditions === undefined ? {} : { Condition: conditions }),
    },
  ]);
}

