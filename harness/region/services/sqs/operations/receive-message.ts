/**
 * Receives up to ten messages, waiting for the first as long as it is asked to. A message that was received too often
 * goes to the dead-letter queue instead.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
import { seconds } from "../../../../time/clock";
import { AwsError, type Operation } from "../../../core/types";
import { md5, type Message, type Queue } from "../queue";
import type { SqsState } from "../state";

interface Input {
  QueueUrl?: string;
  MaxNumberOfMessages?: number;
  WaitTimeSeconds?: number;
  VisibilityTimeout?: number;
  AttributeNames?: string[];
  MessageSystemAttributeNames?: string[];
  MessageAttributeNames?: string[];
}

export const receiveMessage = (state: SqsState): Operation<Input> => async (input) => {
  const queue = state.byUrl(input.QueueUrl);
  const most = input.MaxNumberOfMessages ?? 1;
  if (most < 1 || most > 10) throw new AwsError("InvalidParameterValue", `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`);
  await waitForOne(queue, input.WaitTimeSeconds ?? queue.setting("ReceiveMessageWaitTimeSeconds"));
  moveUndeliverable(state, queue);
  const hidden = input.VisibilityTimeout ?? queue.setting("VisibilityTimeout");
  const taken = queue.visible().slice(0, most);
  for (const message of taken) queue.take(message, hidden);
  if (taken.length > 0) state.report(queue);
  const system = [...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])];
  return { Messages: taken.length > 0 ? taken.map((message) => describe(message, system, input.MessageAttributeNames ?? [])) : undefined };
};

async function waitForOne(queue: Queue, waitSeconds: number): Promise<void> {
  const until = queue.clock.now() + seconds(waitSeconds);
  while (queue.visible().length === 0 && queue.clock.now() < until) {
    await queue.arrival.wait(Math.min(until, queue.nextVisible() ?? until) - queue.clock.now());
  }
}

function moveUndeliverable(state: SqsState, queue: Queue): void {
  const policy = queue.attributes.get("RedrivePolicy");
  if (!policy) return;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as { deadLetterTargetArn?: string; maxReceiveCount?: number | string };
  if (deadLetterTargetArn === undefined || maxReceiveCount === undefined) return;
  const target = state.byArn(deadLetterTargetArn);
  for (const message of queue.visible().filter(({ receiveCount }) => receiveCount >= Number(maxReceiveCount))) {
    queue.remove(message);
    target.messages.push(message);
    target.arrival.open();
    state.report(target);
  }
}

function describe(message: Message, system: string[], custom: string[]): object {
  const all: Record<string, string> = {
    SenderId: message.senderId,
    SentTimestamp: String(Math.floor(message.sent / 1000)),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(Math.floor((message.firstReceived ?? 0) / 1000)),
  };
  const chosen = Object.entries(all).filter(([name]) => system.includes("All") || system.includes(name));
  const attributes = Object.entries(message.attributes).filter(([name]) => custom.some((pattern) => pattern === "All" || pattern === ".*" || pattern === name || (pattern.endsWith(".*") && name.startsWith(pattern.slice(0, -1)))));
  return {
    MessageId: message.id,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(chosen.length > 0 ? { Attributes: Object.fromEntries(chosen) } : {}),
    ...(attributes.length > 0 ? { MessageAttributes: Object.fromEntries(attributes) } : {}),
  };
}
