/**
 * Whether a resource's own policy lets a service of AWS in: queues, functions, log groups.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html
 */
export interface ServiceRequest {
  /** As policies name it: `events.amazonaws.com`. */
  principal: string;
  action: string;
  resource: string;
  /** On whose behalf: the rule, say. */
  sourceArn: string;
  sourceAccount: string;
  /** Values of further condition keys. */
  values?: Readonly<Record<string, string>>;
}

interface Statement {
  Effect?: string;
  Principal?: string | { Service?: string | string[] };
  Action?: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

const list = <T>(value: T | T[] | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** IAM's wildcards: `*` for any text, `?` for one character. */
export const wildcard = (pattern: string, flags = "s"): RegExp => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".")}$`, flags);

/** Whether the policy (JSON text) allows the request and nothing in it denies it. A policy that is not there allows nothing. */
export function allowsService(policy: string | undefined, request: ServiceRequest): boolean {
  if (policy === undefined) return false;
  const statements = list((JSON.parse(policy) as { Statement?: Statement | Statement[] }).Statement).filter((statement) => fits(statement, request));
  return statements.some(({ Effect }) => Effect === "Allow") && !statements.some(({ Effect }) => Effect === "Deny");
}

function fits(statement: Statement, request: ServiceRequest): boolean {
  const principals = typeof statement.Principal === "string" ? [statement.Principal] : list(statement.Principal?.Service);
  return principals.some((principal) => principal === "*" || principal === request.principal)
    && list(statement.Action).some((pattern) => wildcard(pattern, "is").test(request.action))
    && list(statement.Resource).some((pattern) => wildcard(pattern).test(request.resource))
    && Object.entries(statement.Condition ?? {}).every(([operator, tests]) => Object.entries(tests).every(([key, wanted]) => holds(operator, key, list(wanted), request)));
}

/** The operators on the source that such policies use; any other does not hold. */
function holds(operator: string, key: string, wanted: string[], request: ServiceRequest): boolean {
  const values: Record<string, string> = { ...request.values, "aws:sourcearn": request.sourceArn, "aws:sourceaccount": request.sourceAccount };
  const value = values[key.toLowerCase()];
  if (value === undefined) return false;
  if (operator === "ArnLike" || operator === "ArnEquals" || operator === "StringLike") return wanted.some((pattern) => wildcard(pattern).test(value));
  return operator === "StringEquals" && wanted.includes(value);
}
