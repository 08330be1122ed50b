/** What of Systems Manager is refused by name, and what is simpler than on AWS. */
import type { InertMembers } from "../../core/unsupported";

export const REFUSED = {
  keys: "keys other than AWS's own for SecureString parameters (alias/aws/ssm)",
  policies: "Policies of PutParameter",
  dataTypes: "data types of parameters other than text and aws:ec2:image",
  oldFilters: "the deprecated Filters of DescribeParameters; use ParameterFilters",
  shared: "parameters shared with or by other accounts",
  tagsOfOthers: "tags of resources of Systems Manager other than parameters",
  documents: "command documents but AWS-RunShellScript and AWSFIS-Run-Kill-Process; nor can documents be created",
  commandMembers: "of SendCommand: OutputS3BucketName, OutputS3KeyPrefix, OutputS3Region, NotificationConfig, CloudWatchOutputConfig, AlarmConfiguration, ServiceRoleArn, MaxConcurrency, MaxErrors, DocumentHash, DocumentHashType",
  targetKeys: "Targets of SendCommand by any Key but InstanceIds, tag-key and tag:NAME",
  commandFilters: "Filters of ListCommands and ListCommandInvocations",
  nodeFilters: "filters of DescribeInstanceInformation but InstanceIds, PingStatus, PlatformType, ResourceType, tag-key and tag:NAME",
} as const;

export const SIMPLIFIED = {
  encryption: "The value of a SecureString that is asked for without decryption is a text that nothing can decrypt.",
  agent: "An instance has an agent when it runs user data and its profile's role may call ssm:UpdateInstanceInformation, ssmmessages:CreateControlChannel and ssmmessages:OpenControlChannel; it is managed from the moment when its units are started.",
  shell: "Scripts run as real processes of this machine, in the instance's folder: paths of files that exist in the instance are replaced by their places, and pgrep, pkill, killall, kill, sleep, date and the like are the guest's own.",
  events: "A command's changes of status are not told to EventBridge.",
} as const;

export const INERT_MEMBERS: InertMembers = {
  SendCommand: { DocumentHashType: "DocumentHash, whose kind it is, is refused" },
};
