/** A Lambda function of the deployment: its code, its role, and a log of structured lines. */
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import type { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { AssetType, TerraformAsset } from "cdktf";
import { RUNTIME, type Bundle } from "../bundle";
import { allow, KEY_REASON, kept, policyDocument, trustPolicy } from "../policy";
import type { StackContext } from "./context";

export interface FunctionParts {
  /** What its resources' ids begin with. */
  id: string;
  /** Its name and its role's. */
  name: string;
  logGroup: string;
  description: string;
  bundle: Bundle;
  /** What it may do, besides writing its log and decrypting what DynamoDB holds. */
  statements: object[];
  environment: Record<string, string>;
}

export function lambdaFunction(context: StackContext, { id, name, logGroup, description, bundle, statements, environment }: FunctionParts): LambdaFunction {
  const { scope, config, arns, place, reasons } = context;
  const log = new CloudwatchLogGroup(scope, `${id}_log`, { name: logGroup, retentionInDays: config.logRetentionDays });
  const role = new IamRole(scope, `${id}_role`, {
    name,
    // Lambda only uses execution roles of the function's own account: https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    assumeRolePolicy: trustPolicy("lambda.amazonaws.com"),
  });
  const all = [allow("OwnLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [`${arns.logs(logGroup)}:*`]), ...statements];
  if (config.kmsKeyArn !== undefined) {
    const viaDynamodb = { StringEquals: { "kms:ViaService": `dynamodb.${place.region}.amazonaws.com` } };
    all.push(kept(reasons, name, allow("Key", ["kms:Decrypt"], [config.kmsKeyArn], viaDynamodb), { "kms:Decrypt": KEY_REASON }));
  }
  const policy = new IamRolePolicy(scope, `${id}_policy`, { name, role: role.name, policy: policyDocument(all) });
  const asset = new TerraformAsset(scope, `${id}_code`, { path: bundle.path, type: AssetType.FILE });
  return new LambdaFunction(scope, id, {
    functionName: name,
    description,
    role: role.arn,
    runtime: RUNTIME,
    architectures: ["arm64"],
    handler: bundle.handler,
    filename: asset.path,
    sourceCodeHash: bundle.sha256,
    memorySize: 256,
    timeout: 60,
    environment: { variables: environment },
    loggingConfig: { logFormat: "JSON", logGroup: log.name },
    dependsOn: [policy],
  });
}

/** Has a rule call a function. @param id of the rule, with which the ids of both resources begin */
export function callsFunction({ scope }: StackContext, id: string, rule: CloudwatchEventRule, lambda: LambdaFunction, targetId: string, deadLetterArn?: string): void {
  new CloudwatchEventTarget(scope, `${id}_target`, {
    rule: rule.name, targetId, arn: lambda.arn, ...(deadLetterArn === undefined ? {} : { deadLetterConfig: { arn: deadLetterArn } }),
  });
  new LambdaPermission(scope, `${id}_permission`, {
    statementId: id,
    action: "lambda:InvokeFunction",
    functionName: lambda.functionName,
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });
}
