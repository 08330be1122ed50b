/** What an instance is and may do: its role, and the launch template with the user data. */
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { AGENT_KEY, METRICS_NAMESPACE, TAG } from "../names";
import { terraformString } from "../terraform-string";
import { allow, allowOnAnything, KEY_REASON, kept, policyDocument, trustPolicy } from "../policy";
import type { StackContext } from "./context";
import type { Network } from "./network";

export interface InstanceParts {
  role: IamRole;
  template: LaunchTemplate;
}

/** @param userData as text, which may refer to what Terraform makes. */
export function instance(context: StackContext, network: Network, userData: string): InstanceParts {
  const { scope, config, names } = context;
  new CloudwatchLogGroup(scope, "agent_log", { name: names.agentLogs, retentionInDays: config.logRetentionDays });
  const role = new IamRole(scope, "instance_role", { name: names.instance, assumeRolePolicy: trustPolicy("ec2.amazonaws.com") });
  new IamRolePolicy(scope, "instance_policy", { name: names.instance, role: role.name, policy: instancePolicy(context) });
  const profile = new IamInstanceProfile(scope, "instance_profile", { name: names.instance, role: role.name });
  const tags = { ...config.tags, [TAG.name]: config.name };
  const template = new LaunchTemplate(scope, "template", {
    name: names.template,
    description: "One instance of the job; the state machine launches it with an instant fleet.",
    imageId: config.amiId,
    updateDefaultVersion: true,
    // No instance type and no market options: the fleet request says them. One-time Spot is all that an instant fleet asks for.
    instanceInitiatedShutdownBehavior: "terminate",
    iamInstanceProfile: { arn: profile.arn },
    vpcSecurityGroupIds: network.securityGroupIds,
    // One hop: the agent runs on the instance itself, not in a container (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html).
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1, instanceMetadataTags: "enabled" },
    blockDeviceMappings: [
      {
        deviceName: config.rootDeviceName,
        ebs: { volumeType: "gp3", volumeSize: config.rootVolumeGiB, encrypted: "true", deleteOnTermination: "true" },
      },
    ],
    // An instant fleet tags only itself and the instance.
    tagSpecifications: [
      { resourceType: "volume", tags },
      { resourceType: "network-interface", tags },
    ],
    userData: `\${base64encode(${terraformString(userData)})}`,
  });
  return { role, template };
}

function instancePolicy({ config, arns, buckets, place, names, reasons }: StackContext): string {
  const bucket = arns.bucket(buckets.checkpoints);
  const statements: object[] = [
    allow("Agent", ["s3:GetObjectVersion"], [`${arns.bucket(buckets.agent)}/${AGENT_KEY}`]),
    allow("Ledger", ["dynamodb:GetItem", "dynamodb:UpdateItem"], [arns.ledger]),
    // Keys begin with the owner's epoch, by which the agent tells what may go (userdata/agent/checkpoints.py).
    kept(reasons, names.instance, allow("Checkpoints", ["s3:GetObject", "s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:AbortMultipartUpload"], [`${bucket}/jobs/*`]), {
      "s3:AbortMultipartUpload": "a save above 16 MiB goes in parts, and those of an upload that failed are taken back; the scenarios' uploads do not fail for good",
    }),
    allow("AgentLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [`${arns.logs(names.agentLogs)}:*`]),
    allow("FinalLogs", ["s3:PutObject"], [`${bucket}/logs/*`]),
    // To find what no commit names. And without it S3 answers 403 instead of 404 for a checkpoint that is gone, which looks like a
    // missing permission (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html); a GetObject has no prefix to narrow it by.
    allow("ListCheckpoints", ["s3:ListBucket"], [bucket]),
    // The Service Authorization Reference names no resource type for these, but what is authorized is the state machine
    // whose token it is (https://github.com/aws/aws-cdk/pull/8486): an agent can answer no other machine's tasks.
    allow("ReportToTheMachine", ["states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"], [arns.machine]),
    allowOnAnything(
      "Metrics",
      ["cloudwatch:PutMetricData"],
      "the action has no resource type; the namespace narrows it: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html",
      { StringEquals: { "cloudwatch:namespace": METRICS_NAMESPACE } },
    ),
  ];
  if (config.jobArtifact !== undefined) {
    statements.push(allow("Artifact", ["s3:GetObject"], [arns.bucket(config.jobArtifact.slice("s3://".length))]));
  }
  if (config.targetGroupArn !== undefined) {
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
    statements.push(allow("ItsTargetGroup", ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"], [config.targetGroupArn]));
  }
  if (config.kmsKeyArn !== undefined) {
    statements.push(
      kept(reasons, names.instance, allow("Key", ["kms:Decrypt", "kms:GenerateDataKey"], [config.kmsKeyArn], {
        StringEquals: { "kms:ViaService": [`s3.${place.region}.amazonaws.com`, `dynamodb.${place.region}.amazonaws.com`] },
      }), { "kms:Decrypt": KEY_REASON, "kms:GenerateDataKey": KEY_REASON }),
    );
  }
  return policyDocument(statements);
}
