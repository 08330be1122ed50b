/** The watcher function: its role, the four EventBridge rules that call it, and what becomes of an event that it cannot handle. */
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import type { Bundle } from "../bundle";
import { TAG } from "../names";
import { allow, allowOnAnything, kept, policyDocument } from "../policy";
import type { StackContext } from "./context";
import { callsFunction, lambdaFunction } from "./function";

export interface WatcherParts {
  function: LambdaFunction;
  deadLetters: SqsQueue;
}

/**
 * The rules, by their ids; their names end likewise. `machineArn` is only needed by the last.
 *
 * Patterns: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/rebalance-recommendations.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html.
 */
function patterns(machineArn: string): Record<string, { description: string; pattern: object }> {
  return {
    spot_interruption: {
      description: "Spot will take an instance back in two minutes",
      pattern: { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
    },
    spot_rebalance: {
      description: "An instance is at elevated risk of interruption",
      pattern: { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
    },
    instance_state: {
      description: "An instance runs, or is going",
      pattern: { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"], detail: { state: ["running", "shutting-down", "terminated"] } },
    },
    execution_ended: {
      description: "An execution of the job's state machine has ended",
      pattern: {
        source: ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        detail: { status: ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"], stateMachineArn: [machineArn] },
      },
    },
  };
}

export function watcher(context: StackContext, bundle: Bundle, machineArn: string): WatcherParts {
  const { scope, config, names } = context;
  const deadLetters = new SqsQueue(scope, "watcher_dead_letters", { name: names.deadLetters, messageRetentionSeconds: 14 * 86_400, sqsManagedSseEnabled: true });
  const lambda = lambdaFunction(context, {
    id: "watcher",
    name: names.watcher,
    logGroup: names.watcherLogs,
    description: "Records Spot notices, ends the wait for instances that are going, sweeps up after executions.",
    bundle,
    statements: statements(context, deadLetters.arn),
    environment: { SPOTPROOF_NAME: config.name, SPOTPROOF_TABLE: names.ledger },
  });
  new LambdaFunctionEventInvokeConfig(scope, "watcher_retries", {
    functionName: lambda.functionName,
    maximumRetryAttempts: 2,
    // A notice is of no use an hour later; a sweep still is.
    maximumEventAgeInSeconds: 21_600,
    destinationConfig: { onFailure: { destination: deadLetters.arn } },
  });
  const ruleArns = Object.entries(patterns(machineArn)).map(([id, { description, pattern }]) => {
    const rule = new CloudwatchEventRule(scope, id, { name: `${config.name}-${id.replaceAll("_", "-")}`, description, eventPattern: JSON.stringify(pattern) });
    callsFunction(context, id, rule, lambda, "watcher", deadLetters.arn);
    return rule.arn;
  });
  new SqsQueuePolicy(scope, "watcher_dead_letters_policy", {
    queueUrl: deadLetters.id,
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    policy: policyDocument([
      kept(context.reasons, "watcher_dead_letters_policy", {
        Sid: "FromTheRules",
        Effect: "Allow",
        Principal: { Service: ["events.amazonaws.com"] },
        Action: ["sqs:SendMessage"],
        Resource: [deadLetters.arn],
        Condition: { ArnEquals: { "aws:SourceArn": ruleArns } },
      }, { "sqs:SendMessage": "EventBridge puts an event that it could not deliver into the queue; in no scenario is the watcher out of its reach" }),
    ]),
  });
  return { function: lambda, deadLetters };
}

function statements({ config, names, arns, reasons }: StackContext, deadLettersArn: string): object[] {
  return [
    allow("Ledger", ["dynamodb:GetItem", "dynamodb:UpdateItem"], [arns.ledger]),
    // As for the instance's role: the token's machine is what is authorized.
    allow("EndTheWait", ["states:SendTaskSuccess", "states:SendTaskFailure"], [arns.machine]),
    allow("AskAfterExecutions", ["states:DescribeExecution"], [arns.executions]),
    allow("TerminateOurInstances", ["ec2:TerminateInstances"], [arns.instances], { StringEquals: { [`aws:ResourceTag/${TAG.name}`]: config.name } }),
    kept(reasons, names.watcher, allow("KeepWhatFailed", ["sqs:SendMessage"], [deadLettersArn]), {
      "sqs:SendMessage": "Lambda puts an event that failed three times into the dead-letter queue in the function's name; in no scenario does the watcher fail so often",
    }),
    allowOnAnything(
      "FindInstances",
      ["ec2:DescribeInstances"],
      "EC2's Describe actions have no resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
    ),
  ];
}
