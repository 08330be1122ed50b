/**
 * What was called under which permission. One record a run; records of several runs are merged into `permissions.json`.
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
  /** Names of the scenarios that made it, sorted; absent in the record of one run. */
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
  /** Why a grant that nothing here uses must stay: `ROLE or POLICY/Sid`, or `…/Sid/action`, to the reason. */
  reasons: Readonly<Record<string, string>>;
}
