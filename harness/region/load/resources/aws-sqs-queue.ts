/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/sqs_queue */
import type { ResourceType } from "../resource";

/** Arguments and the queue attributes that they are. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  delay_seconds: "DelaySeconds",
  kms_data_key_reuse_period_seconds: "KmsDataKeyReusePeriodSeconds",
  kms_master_key_id: "KmsMasterKeyId",
  max_message_size: "MaximumMessageSize",
  message_retention_seconds: "MessageRetentionPeriod",
  policy: "Policy",
  receive_wait_time_seconds: "ReceiveMessageWaitTimeSeconds",
  redrive_policy: "RedrivePolicy",
  sqs_managed_sse_enabled: "SqsManagedSseEnabled",
  visibility_timeout_seconds: "VisibilityTimeout",
};

export const awsSqsQueue: ResourceType = (args) => {
  const name = args.text("name");
  args.only("fifo_queue", false);
  const attributes = Object.fromEntries(Object.entries(ATTRIBUTES).flatMap(([argument, attribute]) => {
    const value = args.optionalText(argument);
    return value === undefined ? [] : [[attribute, value]];
  }));
  const tags = args.tags();
  return async ({ call }) => {
    const { QueueUrl } = await call<{ QueueUrl: string }>("sqs", "CreateQueue", { QueueName: name, Attributes: attributes, tags });
    const { Attributes } = await call<{ Attributes: { QueueArn: string } }>("sqs", "GetQueueAttributes", { QueueUrl, AttributeNames: ["QueueArn"] });
    return { id: QueueUrl, url: QueueUrl, arn: Attributes.QueueArn, name };
  };
};
