/**
 * AWS's own managed policies that a Spot job's deployment may try, by their names below `arn:aws:iam::aws:policy/`. Their
 * statements for services that are not here are there too. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
interface Statement {
  Sid?: string;
  Effect: "Allow";
  Action?: string | string[];
  NotAction?: string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

const allow = (actions: string, resource: string | string[] = "*", condition?: Statement["Condition"]): Statement =>
  ({ Effect: "Allow", Action: actions.split(" "), Resource: resource, ...(condition ? { Condition: condition } : {}) });
const linkedRoles = (...services: string[]): Statement => allow("iam:CreateServiceLinkedRole", "*", { StringEquals: { "iam:AWSServiceName": services } });
const LOG_WRITES = "logs:CreateLogGroup logs:CreateLogStream logs:PutLogEvents";

export const AWS_MANAGED_POLICIES: Readonly<Record<string, readonly Statement[]>> = {
  AdministratorAccess: [allow("*")],
  PowerUserAccess: [
    { Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" },
    allow("account:GetAccountInformation account:GetGovCloudAccountInformation account:GetPrimaryEmail account:ListRegions iam:CreateServiceLinkedRole iam:DeleteServiceLinkedRole iam:ListRoles "
      + "organizations:DescribeEffectivePolicy organizations:DescribeOrganization"),
  ],
  IAMFullAccess: [allow("iam:* organizations:DescribeAccount organizations:DescribeOrganization organizations:DescribeOrganizationalUnit organizations:DescribePolicy organizations:ListChildren "
    + "organizations:ListParents organizations:ListPoliciesForTarget organizations:ListRoots organizations:ListPolicies organizations:ListTargetsForPolicy")],
  IAMReadOnlyAccess: [allow("iam:GenerateCredentialReport iam:GenerateServiceLastAccessedDetails iam:Get* iam:List* iam:SimulateCustomPolicy iam:SimulatePrincipalPolicy")],
  AmazonEC2FullAccess: [
    allow("ec2:*"), allow("elasticloadbalancing:*"), allow("cloudwatch:*"), allow("autoscaling:*"),
    linkedRoles("autoscaling.amazonaws.com", "ec2scheduled.amazonaws.com", "elasticloadbalancing.amazonaws.com", "spot.amazonaws.com", "spotfleet.amazonaws.com", "transitgateway.amazonaws.com"),
  ],
  AmazonEC2ReadOnlyAccess: [
    allow("ec2:Describe* ec2:GetSecurityGroupsForVpc"), allow("elasticloadbalancing:Describe*"), allow("cloudwatch:ListMetrics cloudwatch:GetMetricStatistics cloudwatch:Describe*"), allow("autoscaling:Describe*"),
  ],
  AmazonS3FullAccess: [allow("s3:* s3-object-lambda:*")],
  AmazonS3ReadOnlyAccess: [allow("s3:Get* s3:List* s3:Describe* s3-object-lambda:Get* s3-object-lambda:List*")],
  AmazonDynamoDBFullAccess: [
    allow("dynamodb:* dax:* application-autoscaling:DeleteScalingPolicy application-autoscaling:DeregisterScalableTarget application-autoscaling:DescribeScalableTargets "
      + "application-autoscaling:DescribeScalingActivities application-autoscaling:DescribeScalingPolicies application-autoscaling:PutScalingPolicy application-autoscaling:RegisterScalableTarget "
      + "cloudwatch:DeleteAlarms cloudwatch:DescribeAlarmHistory cloudwatch:DescribeAlarms cloudwatch:DescribeAlarmsForMetric cloudwatch:GetMetricStatistics cloudwatch:ListMetrics cloudwatch:PutMetricAlarm "
      + "cloudwatch:GetMetricData datapipeline:ActivatePipeline datapipeline:CreatePipeline datapipeline:DeletePipeline datapipeline:DescribeObjects datapipeline:DescribePipelines "
      + "datapipeline:GetPipelineDefinition datapipeline:ListPipelines datapipeline:PutPipelineDefinition datapipeline:QueryObjects ec2:DescribeVpcs ec2:DescribeSubnets ec2:DescribeSecurityGroups "
      + "iam:GetRole iam:ListRoles kms:DescribeKey kms:ListAliases sns:CreateTopic sns:DeleteTopic sns:ListSubscriptions sns:ListSubscriptionsByTopic sns:ListTopics sns:Subscribe sns:Unsubscribe "
      + "sns:SetTopicAttributes lambda:CreateFunction lambda:ListFunctions lambda:ListEventSourceMappings lambda:CreateEventSourceMapping lambda:DeleteEventSourceMapping "
      + "lambda:GetFunctionConfiguration lambda:DeleteFunction resource-groups:ListGroups resource-groups:ListGroupResources resource-groups:GetGroup resource-groups:GetGroupQuery "
      + "resource-groups:DeleteGroup resource-groups:CreateGroup tag:GetResources kinesis:ListStreams kinesis:DescribeStream kinesis:DescribeStreamSummary"),
    allow("cloudwatch:GetInsightRuleReport", "arn:aws:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*"),
    allow("iam:PassRole", "*", { StringLike: { "iam:PassedToService": ["application-autoscaling.amazonaws.com", "application-autoscaling.amazonaws.com.cn", "dax.amazonaws.com"] } }),
    linkedRoles("replication.dynamodb.amazonaws.com", "dax.amazonaws.com", "dynamodb.application-autoscaling.amazonaws.com", "contributorinsights.dynamodb.amazonaws.com", "kinesisreplication.dynamodb.amazonaws.com"),
  ],
  AmazonSQSFullAccess: [allow("sqs:*")],
  AmazonEventBridgeFullAccess: [allow("events:* schemas:* scheduler:* pipes:*")],
  CloudWatchFullAccess: [
    allow("autoscaling:Describe* cloudwatch:* logs:* sns:* iam:GetPolicy iam:GetPolicyVersion iam:GetRole oam:ListSinks"),
    allow("iam:CreateServiceLinkedRole", "arn:aws:iam::*:role/aws-service-role/events.amazonaws.com/AWSServiceRoleForCloudWatchEvents*", { StringLike: { "iam:AWSServiceName": "events.amazonaws.com" } }),
    allow("oam:ListAttachedLinks", "arn:aws:oam:*:*:sink/*"),
  ],
  CloudWatchLogsFullAccess: [allow("logs:* cloudwatch:GenerateQuery cloudwatch:GenerateQueryResultsSummary")],
  CloudWatchAgentServerPolicy: [
    allow("cloudwatch:PutMetricData ec2:DescribeVolumes ec2:DescribeTags logs:PutLogEvents logs:PutRetentionPolicy logs:DescribeLogStreams logs:DescribeLogGroups logs:CreateLogStream logs:CreateLogGroup "
      + "xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules xray:GetSamplingTargets xray:GetSamplingStatisticSummaries"),
    allow("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*"),
  ],
  AmazonSSMFullAccess: [allow("cloudwatch:PutMetricData ds:CreateComputer ds:DescribeDirectories ec2:DescribeInstanceStatus logs:* ssm:* ec2messages:*")],
  AmazonSSMManagedInstanceCore: [
    allow("ssm:DescribeAssociation ssm:GetDeployablePatchSnapshotForInstance ssm:GetDocument ssm:DescribeDocument ssm:GetManifest ssm:GetParameter ssm:GetParameters ssm:ListAssociations "
      + "ssm:ListInstanceAssociations ssm:PutInventory ssm:PutComplianceItems ssm:PutConfigurePackageResult ssm:UpdateAssociationStatus ssm:UpdateInstanceAssociationStatus ssm:UpdateInstanceInformation"),
    allow("ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel"),
    allow("ec2messages:AcknowledgeMessage ec2messages:DeleteMessage ec2messages:FailMessage ec2messages:GetEndpoint ec2messages:GetMessages ec2messages:SendReply"),
  ],
  AWSLambda_FullAccess: [
    allow("cloudformation:DescribeStacks cloudformation:ListStackResources cloudwatch:ListMetrics cloudwatch:GetMetricData ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs kms:DescribeKey "
      + "kms:ListAliases iam:GetPolicy iam:GetPolicyVersion iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies iam:ListRolePolicies iam:ListRoles lambda:* logs:DescribeLogGroups "
      + "states:DescribeStateMachine states:ListStateMachines tag:GetResources xray:GetTraceSummaries xray:BatchGetTraces"),
    allow("iam:PassRole", "*", { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } }),
    allow("logs:DescribeLogStreams logs:GetLogEvents logs:FilterLogEvents logs:StartLiveTail logs:StopLiveTail", "arn:aws:logs:*:*:log-group:/aws/lambda/*"),
    allow("iam:CreateServiceLinkedRole", "arn:aws:iam::*:role/aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda", { StringEquals: { "iam:AWSServiceName": "lambda.amazonaws.com" } }),
  ],
  AWSStepFunctionsFullAccess: [allow("states:*")],
  AWSStepFunctionsReadOnlyAccess: [allow("states:ListStateMachines states:ListActivities states:DescribeStateMachine states:DescribeStateMachineForExecution states:ListExecutions states:DescribeExecution "
    + "states:GetExecutionHistory states:DescribeActivity states:DescribeMapRun states:ListMapRuns states:DescribeStateMachineAlias states:ListStateMachineAliases states:ListStateMachineVersions "
    + "states:ValidateStateMachineDefinition")],
  AWSXRayDaemonWriteAccess: [{
    Sid: "AWSXRayDaemonWriteAccess",
    ...allow("xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules xray:GetSamplingTargets xray:GetSamplingStatisticSummaries", ["*"]),
  }],
  "service-role/AWSLambdaBasicExecutionRole": [allow(LOG_WRITES)],
  "service-role/AWSLambdaRole": [allow("lambda:InvokeFunction", ["*"])],
  "service-role/AWSFaultInjectionSimulatorEC2Access": [
    allow("ec2:RebootInstances ec2:SendSpotInstanceInterruptions ec2:StartInstances ec2:StopInstances ec2:TerminateInstances", "arn:aws:ec2:*:*:instance/*"),
    allow("kms:CreateGrant", ["arn:aws:kms:*:*:key/*"], { StringLike: { "kms:ViaService": "ec2.*.amazonaws.com" }, Bool: { "kms:GrantIsForAWSResource": "true" } }),
    allow("ssm:SendCommand", ["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*:*:document/*"]),
    allow("ssm:CancelCommand ssm:ListCommands"),
  ],
};
