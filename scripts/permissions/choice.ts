/** Which scenario is to fail of a removal: the shortest of those that were seen to need the permission. Pure. */
import type { Permissions } from "../../harness/model/permissions";
import type { ScenarioResult } from "../../harness/model/result";
import type { Removal } from "./removals";

/** The record's name of a policy: `inline:NAME`, an ARN that ends in the name, `trust:ROLE`, a resource's ARN. */
function isOf(policy: string, { address, name, action }: Removal): boolean {
  const [type] = address.split(".");
  if (type === "aws_iam_role_policy") return policy === `inline:${name}`;
  if (type === "aws_iam_policy") return policy.endsWith(`:policy/${name}`);
  if (type === "aws_iam_role") return policy === `trust:${name}`;
  // Policies of resources: the only ones of their services.
  return policy.startsWith("arn:") && policy.split(":")[2] === action.split(":")[0];
}

/** The names of the scenarios that used a permission, the shortest first. */
export function scenariosUsing(removal: Removal, { uses }: Permissions, results: readonly ScenarioResult[]): string[] {
  const names = new Set(uses
    .filter(({ statement, action }) => isOf(statement.policy, removal) && action === removal.action && (removal.argument === undefined ? statement.sid === removal.statement : statement.index === removal.index))
    .flatMap(({ scenarios = [] }) => scenarios));
  return results.filter(({ name }) => names.has(name)).sort((a, b) => a.virtualSeconds - b.virtualSeconds).map(({ name }) => name);
}
