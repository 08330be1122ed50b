/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lambda_permission */
import type { ResourceType } from "../resource";

export const awsLambdaPermission: ResourceType = (args) => {
  const input = {
    StatementId: args.text("statement_id"),
    Action: args.text("action"),
    FunctionName: args.text("function_name"),
    Principal: args.text("principal"),
    SourceArn: args.optionalText("source_arn"),
    SourceAccount: args.optionalText("source_account"),
    Qualifier: args.optionalText("qualifier"),
  };
  return async ({ call }) => {
    await call("lambda", "AddPermission", input);
    return { id: input.StatementId };
  };
};
