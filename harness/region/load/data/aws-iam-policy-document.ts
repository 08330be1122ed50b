/**
 * A policy document from blocks; it makes no call.
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/iam_policy_document
 */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

/** One value stands by itself, several as a list. */
const oneOrMany = (values: string[]): string | string[] | undefined => (values.length === 0 ? undefined : values.length === 1 ? values[0] : values);

function principals(blocks: Arguments[]): unknown {
  if (blocks.length === 0) return undefined;
  const byType: Record<string, string | string[] | undefined> = {};
  for (const block of blocks) {
    const type = block.text("type");
    const identifiers = block.texts("identifiers");
    if (type === "*") return "*";
    byType[type] = oneOrMany(identifiers);
  }
  return byType;
}

function statement(args: Arguments): object {
  const condition: Record<string, Record<string, string | string[] | undefined>> = {};
  for (const block of args.blocks("condition")) (condition[block.text("test")] ??= {})[block.text("variable")] = oneOrMany(block.texts("values"));
  return {
    Sid: args.optionalText("sid"),
    Effect: args.optionalText("effect") ?? "Allow",
    Principal: principals(args.blocks("principals")),
    NotPrincipal: principals(args.blocks("not_principals")),
    Action: oneOrMany(args.texts("actions")),
    NotAction: oneOrMany(args.texts("not_actions")),
    Resource: oneOrMany(args.texts("resources")),
    NotResource: oneOrMany(args.texts("not_resources")),
    Condition: Object.keys(condition).length > 0 ? condition : undefined,
  };
}

export const awsIamPolicyDocument: ResourceType = (args) => {
  const document = { Version: args.optionalText("version") ?? "2012-10-17", Id: args.optionalText("policy_id"), Statement: args.blocks("statement").map(statement) };
  return async () => ({ json: JSON.stringify(document, null, 2), minified_json: JSON.stringify(document) });
};
