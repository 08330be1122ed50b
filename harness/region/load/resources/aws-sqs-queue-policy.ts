/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/sqs_queue_policy */
import type { ResourceType } from "../resource";

export const awsSqsQueuePolicy: ResourceType = (args) => {
  const url = args.text("queue_url");
  const policy = args.text("policy");
  return async ({ call }) => {
    await call("sqs", "SetQueueAttributes", { QueueUrl: url, Attributes: { Policy: policy } });
    return { id: url };
  };
};
