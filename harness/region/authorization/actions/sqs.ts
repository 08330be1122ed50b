/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
import type { Need } from "../../core/types";
import { anywhere, each, requestTags, tagKeys, type Call, type Described, type Rule, type RuleTable } from "../need";

const queue = (action: string, keys?: (call: Call) => Need["keys"]): Rule => (call) => {
  const { QueueUrl: url, QueueName: name } = call.input as { QueueUrl?: string; QueueName?: string };
  const resource = call.arn("sqs", name ?? String(url ?? "").slice(String(url ?? "").lastIndexOf("/") + 1));
  const asked = keys?.(call);
  return [{ action, resource, policy: () => call.region.service<Described>("sqs").resourcePolicy?.(resource), ...(asked ? { keys: asked } : {}) }];
};

export const SQS: RuleTable = {
  CreateQueue: queue("sqs:CreateQueue", ({ input }) => requestTags(input.tags)),
  UntagQueue: queue("sqs:UntagQueue", ({ input }) => tagKeys(input.TagKeys)),
  TagQueue: queue("sqs:TagQueue", ({ input }) => requestTags(input.Tags)),
  ...each("DeleteMessage DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags PurgeQueue ReceiveMessage SendMessage SetQueueAttributes", (name) => queue(`sqs:${name}`)),
  ListQueues: anywhere("sqs:ListQueues"),
};
