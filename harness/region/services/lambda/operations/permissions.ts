/**
 * A function's own policy: who may invoke it besides the account's roles.
 * https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html, https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
 */
import { AwsError, type Operation } from "../../../core/types";
import { conflict, constraint, notFound, unsupported } from "../errors";
import { REFUSED } from "../limits";
import type { LambdaFunction, LambdaStore, Statement } from "../store";

interface Input {
  FunctionName: string; Qualifier?: string; StatementId: string; Action: string; Principal: string; SourceArn?: string; SourceAccount?: string;
  PrincipalOrgID?: string; EventSourceToken?: string; FunctionUrlAuthType?: string; InvokedViaFunctionUrl?: boolean;
}

export const addPermission = (store: LambdaStore): Operation<Input> => (input) => {
  const { fn, qualifier } = store.resolve(input.FunctionName, input.Qualifier);
  if (input.FunctionUrlAuthType !== undefined || input.InvokedViaFunctionUrl) throw unsupported(REFUSED.functionUrls);
  if (input.EventSourceToken !== undefined) throw unsupported(REFUSED.eventSourceToken);
  if (!/^[a-zA-Z0-9_-]{1,100}$/.test(input.StatementId ?? "")) throw constraint(input.StatementId ?? "null", "statementId", "Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)");
  if (!/^(lambda:[*]|lambda:[a-zA-Z]+|[*])$/.test(input.Action ?? "")) throw constraint(input.Action ?? "null", "action", "Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])");
  if (!input.Principal) throw constraint("null", "principal", "Member must not be null");
  const under = qualifier ?? "";
  const statements = fn.statements.get(under) ?? [];
  if (statements.some(({ Sid }) => Sid === input.StatementId)) throw conflict(`The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`);
  const equals = { ...(input.SourceAccount ? { "AWS:SourceAccount": input.SourceAccount } : {}), ...(input.PrincipalOrgID ? { "aws:PrincipalOrgID": input.PrincipalOrgID } : {}) };
  const condition = { ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}), ...(input.SourceArn ? { ArnLike: { "AWS:SourceArn": input.SourceArn } } : {}) };
  const statement: Statement = {
    Sid: input.StatementId,
    Effect: "Allow",
    Principal: principalOf(store, input.Principal),
    Action: input.Action,
    Resource: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
  fn.statements.set(under, [...statements, statement]);
  return { Statement: JSON.stringify(statement) };
};

function principalOf(store: LambdaStore, principal: string): Statement["Principal"] {
  if (principal === "*") return "*";
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:${store.region.partition}:iam::${principal}:root` };
  return principal.startsWith("arn:") ? { AWS: principal } : { Service: principal };
}

export const removePermission = (store: LambdaStore): Operation<Pick<Input, "FunctionName" | "Qualifier" | "StatementId">> => (input) => {
  const { fn, qualifier } = store.find(input.FunctionName, input.Qualifier);
  const statements = fn.statements.get(qualifier ?? "") ?? [];
  const rest = statements.filter(({ Sid }) => Sid !== input.StatementId);
  if (rest.length === statements.length) throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
  fn.statements.set(qualifier ?? "", rest);
};

export const getPolicy = (store: LambdaStore): Operation<Pick<Input, "FunctionName" | "Qualifier">> => (input) => {
  const { fn, qualifier } = store.find(input.FunctionName, input.Qualifier);
  const policy = policyOf(fn, qualifier);
  if (policy === undefined) throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404, { Type: "User" });
  return { Policy: policy, RevisionId: fn.latest.revisionId };
};

/** The policy of a function, or of one of its qualifiers, as JSON; undefined when it has none. */
export function policyOf(fn: LambdaFunction, qualifier: string | undefined): string | undefined {
  const statements = fn.statements.get(qualifier ?? "") ?? [];
  return statements.length === 0 ? undefined : JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
}
