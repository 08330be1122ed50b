/** Creates a standard queue; one of that name and those attributes is found again. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { checkAttributes } from "../attributes";
import { REFUSED } from "../limits";
import type { SqsState } from "../state";

interface Input { QueueName?: string; Attributes?: Record<string, string>; tags?: Record<string, string> }

export const createQueue = (state: SqsState): Operation<Input> => ({ QueueName: name = "", Attributes: attributes = {}, tags = {} }) => {
  if (!/^[\w-]{1,80}$/.test(name)) {
    throw new AwsError("InvalidParameterValue", name.endsWith(".fifo") ? notSupported(REFUSED.fifo) : "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
  }
  checkAttributes(attributes);
  const existing = state.queues.get(name);
  if (existing) {
    const different = Object.entries(attributes).find(([key, value]) => existing.attributes.get(key) !== value);
    if (different) throw new AwsError("QueueNameExists", `A queue already exists with the same name and a different value for attribute ${different[0]}`);
    return { QueueUrl: existing.url };
  }
  const queue = state.create(name, attributes);
  for (const [key, value] of Object.entries(tags)) queue.tags.set(key, value);
  return { QueueUrl: queue.url };
};
