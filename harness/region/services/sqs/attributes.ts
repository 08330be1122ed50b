/** Queue attributes: which can be set, and within what. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
import { AwsError } from "../../core/types";
import { toSeconds } from "../../../time/clock";
import type { Queue } from "./queue";

const RANGES: Readonly<Record<string, [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
  KmsDataKeyReusePeriodSeconds: [60, 86_400],
};
const OTHERS = new Set(["Policy", "RedrivePolicy", "SqsManagedSseEnabled", "KmsMasterKeyId"]);

/** @throws AwsError InvalidAttributeName, InvalidAttributeValue */
export function checkAttributes(attributes: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(attributes)) {
    const range = RANGES[name];
    if (!range && !OTHERS.has(name)) throw new AwsError("InvalidAttributeName", `The embedded region does not support the queue attribute ${name}.`);
    if (range && !(Number.isInteger(Number(value)) && Number(value) >= range[0] && Number(value) <= range[1])) throw new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
    if (name === "Policy" || name === "RedrivePolicy") {
      try {
        if (value !== "") JSON.parse(value);
      } catch {
        throw new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
      }
    }
  }
  return attributes;
}

/** All of a queue's attributes as GetQueueAttributes tells them. */
export function describeAttributes(queue: Queue): Record<string, string> {
  const visible = queue.visible();
  const now = queue.clock.now();
  const hidden = queue.messages.filter(({ visibleFrom }) => visibleFrom > now);
  return {
    ...Object.fromEntries([...queue.attributes].filter(([, value]) => value !== "")),
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(toSeconds(queue.created))),
    LastModifiedTimestamp: String(Math.floor(toSeconds(queue.modified))),
    ApproximateNumberOfMessages: String(visible.length),
    ApproximateNumberOfMessagesNotVisible: String(hidden.filter(({ receiveCount }) => receiveCount > 0).length),
    ApproximateNumberOfMessagesDelayed: String(hidden.filter(({ receiveCount }) => receiveCount === 0).length),
  };
}
