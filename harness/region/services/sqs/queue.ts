/**
 * A standard queue: messages with their visibility on the region's clock. It delivers in order and once, which a
 * standard queue may do and does not promise.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
 */
import { createHash } from "node:crypto";
import { seconds, type Clock, type Gate, type Microseconds, type Random } from "../../../time/clock";

export interface MessageAttribute { DataType: string; StringValue?: string; BinaryValue?: unknown }

export interface Message {
  id: string;
  body: string;
  attributes: Record<string, MessageAttribute>;
  sent: Microseconds;
  /** From when it can be received (again). */
  visibleFrom: Microseconds;
  receiveCount: number;
  firstReceived?: Microseconds;
  /** Of the last receive; an earlier one no longer deletes. */
  receiptHandle?: string;
  senderId: string;
}

/** Attributes with their defaults, as text: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const ATTRIBUTE_DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
  SqsManagedSseEnabled: "true",
};

export const md5 = (text: string): string => createHash("md5").update(text, "utf8").digest("hex");

export class Queue {
  readonly messages: Message[] = [];
  readonly tags = new Map<string, string>();
  readonly attributes: Map<string, string>;
  readonly created: Microseconds;
  modified: Microseconds;
  /** Opened when a message comes. */
  readonly arrival: Gate;

  constructor(readonly name: string, readonly arn: string, readonly url: string, attributes: Record<string, string>, readonly clock: Clock, readonly random: Random) {
    this.attributes = new Map(Object.entries({ ...ATTRIBUTE_DEFAULTS, ...attributes }));
    this.created = this.modified = clock.now();
    this.arrival = clock.gate(`messages for ${name}`);
  }

  setting(name: string): number {
    return Number(this.attributes.get(name));
  }

  send(body: string, attributes: Record<string, MessageAttribute>, senderId: string, delaySeconds = this.setting("DelaySeconds")): Message {
    const now = this.clock.now();
    const message = { id: this.random.uuid(), body, attributes, sent: now, visibleFrom: now + seconds(delaySeconds), receiveCount: 0, senderId };
    this.messages.push(message);
    this.arrival.open();
    return message;
  }

  /** Messages that can be received now, the oldest first; those past their retention are gone. */
  visible(): Message[] {
    this.expire();
    const now = this.clock.now();
    return this.messages.filter(({ visibleFrom }) => visibleFrom <= now);
  }

  /** Marks a message as received: hidden for so long, with a receipt handle of its own. */
  take(message: Message, hiddenSeconds: number): void {
    const now = this.clock.now();
    message.receiveCount += 1;
    message.firstReceived ??= now;
    message.visibleFrom = now + seconds(hiddenSeconds);
    message.receiptHandle = this.random.bytes(48).toString("base64");
  }

  byReceipt(handle: string): Message | undefined {
    return this.messages.find(({ receiptHandle }) => receiptHandle === handle);
  }

  remove(message: Message): void {
    const index = this.messages.indexOf(message);
    if (index >= 0) this.messages.splice(index, 1);
  }

  /** When the next hidden message becomes visible; undefined when there is none. */
  nextVisible(): Microseconds | undefined {
    const now = this.clock.now();
    const times = this.messages.map(({ visibleFrom }) => visibleFrom).filter((time) => time > now);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  expire(): void {
    const oldest = this.clock.now() - seconds(this.setting("MessageRetentionPeriod"));
    for (const message of this.messages.filter(({ sent }) => sent < oldest)) this.remove(message);
  }
}
