/** The resource types that can be loaded, by Terraform's names; one file each. */
import type { ResourceType } from "../resource";
import { awsCloudwatchDashboard } from "./aws-cloudwatch-dashboard";
import { awsCloudwatchEventRule } from "./aws-cloudwatch-event-rule";
import { awsCloudwatchEventTarget } from "./aws-cloudwatch-event-target";
import { awsCloudwatchLogGroup } from "./aws-cloudwatch-log-group";
import { awsCloudwatchLogMetricFilter } from "./aws-cloudwatch-log-metric-filter";
import { awsCloudwatchMetricAlarm } from "./aws-cloudwatch-metric-alarm";
import { awsDynamodbTable } from "./aws-dynamodb-table";
import { awsFisExperimentTemplate } from "./aws-fis-experiment-template";
import { awsIamInstanceProfile } from "./aws-iam-instance-profile";
import { awsIamPolicy } from "./aws-iam-policy";
import { awsIamRole } from "./aws-iam-role";
import { awsIamRolePolicy } from "./aws-iam-role-policy";
import { awsIamRolePolicyAttachment } from "./aws-iam-role-policy-attachment";
import { awsLambdaFunction } from "./aws-lambda-function";
import { awsLambdaFunctionEventInvokeConfig } from "./aws-lambda-function-event-invoke-config";
import { awsLambdaPermission } from "./aws-lambda-permission";
import { awsLaunchTemplate } from "./aws-launch-template";
import { awsLb } from "./aws-lb";
import { awsLbListener } from "./aws-lb-listener";
import { awsLbTargetGroup } from "./aws-lb-target-group";
import { awsS3Bucket } from "./aws-s3-bucket";
import { awsS3BucketLifecycleConfiguration } from "./aws-s3-bucket-lifecycle-configuration";
import { awsS3BucketOwnershipControls } from "./aws-s3-bucket-ownership-controls";
import { awsS3BucketPolicy } from "./aws-s3-bucket-policy";
import { awsS3BucketPublicAccessBlock } from "./aws-s3-bucket-public-access-block";
import { awsS3BucketServerSideEncryptionConfiguration } from "./aws-s3-bucket-server-side-encryption-configuration";
import { awsS3BucketVersioning } from "./aws-s3-bucket-versioning";
import { awsS3Object } from "./aws-s3-object";
import { awsSecurityGroup } from "./aws-security-group";
import { awsSfnStateMachine } from "./aws-sfn-state-machine";
import { awsSqsQueue } from "./aws-sqs-queue";
import { awsSqsQueuePolicy } from "./aws-sqs-queue-policy";
import { awsSsmParameter } from "./aws-ssm-parameter";
import { awsVpcSecurityGroupEgressRule } from "./aws-vpc-security-group-egress-rule";
import { awsVpcSecurityGroupIngressRule } from "./aws-vpc-security-group-ingress-rule";

export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  aws_cloudwatch_dashboard: awsCloudwatchDashboard,
  aws_cloudwatch_event_rule: awsCloudwatchEventRule,
  aws_cloudwatch_event_target: awsCloudwatchEventTarget,
  aws_cloudwatch_log_group: awsCloudwatchLogGroup,
  aws_cloudwatch_log_metric_filter: awsCloudwatchLogMetricFilter,
  aws_cloudwatch_metric_alarm: awsCloudwatchMetricAlarm,
  aws_dynamodb_table: awsDynamodbTable,
  aws_fis_experiment_template: awsFisExperimentTemplate,
  aws_iam_instance_profile: awsIamInstanceProfile,
  aws_iam_policy: awsIamPolicy,
  aws_iam_role: awsIamRole,
  aws_iam_role_policy: awsIamRolePolicy,
  aws_iam_role_policy_attachment: awsIamRolePolicyAttachment,
  aws_lambda_function: awsLambdaFunction,
  aws_lambda_function_event_invoke_config: awsLambdaFunctionEventInvokeConfig,
  aws_lambda_permission: awsLambdaPermission,
  aws_launch_template: awsLaunchTemplate,
  aws_lb: awsLb,
  aws_lb_listener: awsLbListener,
  aws_lb_target_group: awsLbTargetGroup,
  aws_s3_bucket: awsS3Bucket,
  aws_s3_bucket_lifecycle_configuration: awsS3BucketLifecycleConfiguration,
  aws_s3_bucket_ownership_controls: awsS3BucketOwnershipControls,
  aws_s3_bucket_policy: awsS3BucketPolicy,
  aws_s3_bucket_public_access_block: awsS3BucketPublicAccessBlock,
  aws_s3_bucket_server_side_encryption_configuration: awsS3BucketServerSideEncryptionConfiguration,
  aws_s3_bucket_versioning: awsS3BucketVersioning,
  aws_s3_object: awsS3Object,
  aws_security_group: awsSecurityGroup,
  aws_sfn_state_machine: awsSfnStateMachine,
  aws_sqs_queue: awsSqsQueue,
  aws_sqs_queue_policy: awsSqsQueuePolicy,
  aws_ssm_parameter: awsSsmParameter,
  aws_vpc_security_group_egress_rule: awsVpcSecurityGroupEgressRule,
  aws_vpc_security_group_ingress_rule: awsVpcSecurityGroupIngressRule,
};
