/** The job's state machine, its role and its execution log. */
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { definitionText } from "../machine/definition-text";
import { TAG } from "../names";
import { allow, allowOnAnything, KEY_REASON, kept, policyDocument, trustPolicy } from "../policy";
import type { StackContext } from "./context";
import type { InstanceParts } from "./instance";
import type { Network } from "./network";

export interface MachineParts {
  table: DynamodbTable;
  bucket: S3Bucket;
  instance: InstanceParts;
  network: Network;
}

export function machine(context: StackContext, parts: MachineParts): SfnStateMachine {
  const { scope, config, names, place } = context;
  const log = new CloudwatchLogGroup(scope, "machine_log", { name: names.machineLogs, retentionInDays: config.logRetentionDays });
  const role = new IamRole(scope, "machine_role", {
    name: names.machineRole,
    // The confused deputy: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
    assumeRolePolicy: trustPolicy("states.amazonaws.com", { StringEquals: { "aws:SourceAccount": place.accountId } }),
  });
  const policy = new IamRolePolicy(scope, "machine_policy", { name: names.machineRole, role: role.name, policy: machinePolicy(context, parts) });
  return new SfnStateMachine(scope, "machine", {
    name: names.machine,
    type: "STANDARD",
    roleArn: role.arn,
    definition: definitionText(config, {
      table: parts.table.name,
      bucket: parts.bucket.bucket,
      launchTemplateId: parts.instance.template.id,
      launchTemplateVersion: `\${${parts.instance.template.fqn}.latest_version}`,
      partition: `arn:${place.partition}`,
      ...parts.network.places,
    }),
    loggingConfiguration: { level: "ALL", includeExecutionData: config.logExecutionData, logDestination: `${log.arn}:*` },
    dependsOn: [policy],
  });
}

function machinePolicy({ config, arns, names, place, reasons }: StackContext, { instance, network }: MachineParts): string {
  const template = instance.template.arn;
  const fromTemplate = { ArnLike: { "ec2:LaunchTemplate": template } };
  const tagged = { StringEquals: { [`aws:RequestTag/${TAG.name}`]: config.name } };
  const ours = { StringEquals: { [`aws:ResourceTag/${TAG.name}`]: config.name } };
  const image = imageOf(config.amiId);
  const statements: object[] = [
    allow("Ledger", ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], [arns.ledger]),
    allow("AskAfterEarlierExecutions", ["states:DescribeExecution"], [arns.executions]),
    // A launch is a fleet with our tag, made from our template: CreateFleet, and RunInstances for what an instant fleet
    // starts (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html,
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances).
    allow("CreateTaggedFleets", ["ec2:CreateFleet"], [arns.ec2("fleet/*")], tagged),
    allow("UseTheTemplate", ["ec2:CreateFleet", "ec2:RunInstances"], [template]),
    // Optional resource types of CreateFleet. No fleet comes about without the two statements above.
    allow("CreateFleetsOfWhatTheTemplateSays", ["ec2:CreateFleet"], [arns.instances, arns.ec2("volume/*"), arns.ec2("network-interface/*")]),
    allow("RunTaggedInstances", ["ec2:RunInstances"], [arns.instances], { ...fromTemplate, ...tagged }),
    allow("RunWithWhatTheTemplateSays", ["ec2:RunInstances"], [arns.ec2("volume/*"), arns.ec2("network-interface/*")], fromTemplate),
    allow("UseTheSecurityGroups", ["ec2:CreateFleet", "ec2:RunInstances"], network.securityGroupArns),
    allow("UseTheSubnets", ["ec2:CreateFleet", "ec2:RunInstances"], network.subnets.arns, network.subnets.conditions),
    allow("UseTheImage", ["ec2:CreateFleet", "ec2:RunInstances"], [arns.image(image.id ?? "*")], image.ofAmazon ? { StringEquals: { "ec2:Owner": "amazon" } } : undefined),
    allow("TagAtLaunch", ["ec2:CreateTags"], [arns.instances, arns.ec2("fleet/*"), arns.ec2("volume/*"), arns.ec2("network-interface/*")], {
      StringEquals: { "ec2:CreateAction": ["CreateFleet", "RunInstances"] },
    }),
    allow("PassTheInstanceRole", ["iam:PassRole"], [instance.role.arn], { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } }),
    allow("TerminateOurInstances", ["ec2:TerminateInstances"], [arns.instances], ours),
    allowOnAnything(
      "FindLeftOverInstancesAndPrices",
      ["ec2:DescribeInstances", "ec2:DescribeSpotPriceHistory"],
      "EC2's Describe actions have no resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html",
    ),
    allowOnAnything(
      "DeliverExecutionLogs",
      [
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
      ],
      "the log delivery actions have no resource types: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
    ),
  ];
  if (image.parameter !== undefined) {
    // AWS's own parameters have no account.
    const owner = image.parameter.startsWith("aws/service/") ? "" : place.accountId;
    statements.push(allow("ResolveTheImage", ["ssm:GetParameters"], [`arn:${place.partition}:ssm:${place.region}:${owner}:parameter/${image.parameter}`]));
  }
  if (config.kmsKeyArn !== undefined) {
    const viaDynamodb = { StringEquals: { "kms:ViaService": `dynamodb.${place.region}.amazonaws.com` } };
    statements.push(kept(reasons, names.machineRole, allow("Key", ["kms:Decrypt"], [config.kmsKeyArn], viaDynamodb), { "kms:Decrypt": KEY_REASON }));
  }
  return policyDocument(statements);
}

/** What the knob amiId names: an image, or a parameter that holds one, which may be AWS's own. */
function imageOf(amiId: string): { id?: string; parameter?: string; ofAmazon: boolean } {
  const parameter = /^resolve:ssm:\/?([^:]+)/.exec(amiId)?.[1];
  if (parameter === undefined) return { id: amiId, ofAmazon: false };
  return { parameter, ofAmazon: parameter.startsWith("aws/service/ami-amazon-linux-latest/") };
}
