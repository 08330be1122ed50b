/** The sweeper function: its role and its schedule. */
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import type { Bundle } from "../bundle";
import { METRICS_NAMESPACE, TAG } from "../names";
import { allow, allowOnAnything } from "../policy";
import type { StackContext } from "./context";
import { callsFunction, lambdaFunction } from "./function";

export function sweeper(context: StackContext, bundle: Bundle): LambdaFunction {
  const { scope, config, names } = context;
  const lambda = lambdaFunction(context, {
    id: "sweeper",
    name: names.sweeper,
    logGroup: names.sweeperLogs,
    description: "Ends instances that nobody answers for, and counts the jobs with which something is wrong.",
    bundle,
    statements: statements(context),
    environment: { SPOTPROOF_NAME: config.name, SPOTPROOF_TABLE: names.ledger, SPOTPROOF_NAMESPACE: METRICS_NAMESPACE },
  });
  // The next sweep is soon enough to try again.
  new LambdaFunctionEventInvokeConfig(scope, "sweeper_retries", { functionName: lambda.functionName, maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 * config.sweepMinutes });
  const rule = new CloudwatchEventRule(scope, "sweep", {
    name: `${config.name}-sweep`,
    description: "It is time to look for instances that nobody answers for",
    scheduleExpression: `rate(${config.sweepMinutes} ${config.sweepMinutes === 1 ? "minute" : "minutes"})`,
  });
  callsFunction(context, "sweep", rule, lambda, "sweeper");
  return lambda;
}

function statements({ config, arns }: StackContext): object[] {
  return [
    allow("Ledger", ["dynamodb:GetItem"], [arns.ledger]),
    allow("AskAfterExecutions", ["states:DescribeExecution"], [arns.executions]),
    allow("TerminateOurInstances", ["ec2:TerminateInstances"], [arns.instances], { StringEquals: { [`aws:ResourceTag/${TAG.name}`]: config.name } }),
    allowOnAnything(
      "FindInstances",
      ["ec2:DescribeInstances"],
      "EC2's Describe actions have no resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
    ),
    allowOnAnything(
      "CountWhatItFinds",
      ["cloudwatch:PutMetricData"],
      "the action has no resource type; the namespace narrows it: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html",
      { StringEquals: { "cloudwatch:namespace": METRICS_NAMESPACE } },
    ),
  ];
}
