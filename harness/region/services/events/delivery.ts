/**
 * From an event to its targets: which rules match, when each target gets it, and what happens when one refuses.
 * Each delivery is an actor of its own, due eventDeliverySeconds after the event; deliveries due together run in the
 * order of publication.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
import { seconds, toSeconds, type Microseconds } from "../../../time/clock";
import { AwsError, type Service } from "../../core/types";
import type { SqsService } from "../sqs";
import { targetInput } from "./input";
import type { EventEnvelope, EventsStore, Rule, Target } from "./store";
import { targetKind } from "./target-kinds";

/** Delivery is tried for so long, and so often, unless the target's RetryPolicy says less. */
const DEFAULT_AGE_SECONDS = 86_400;
const DEFAULT_ATTEMPTS = 185;
/** Waits between tries grow from the first to the last of these; AWS documents exponential backoff without figures. */
const FIRST_RETRY_SECONDS = 1;
const LAST_RETRY_SECONDS = 900;

/** A delivery that was given up: AWS counts these in the metric FailedInvocations; here they can also be read. */
export interface FailedDelivery {
  time: Microseconds;
  rule: string;
  target: string;
  event: EventEnvelope;
  code: string;
  message: string;
}

export class Deliveries {
  readonly failures: FailedDelivery[] = [];

  constructor(readonly store: EventsStore) {}

  /** Hands an event to every enabled rule of its bus that matches it. */
  send(event: EventEnvelope, busName: string): void {
    for (const rule of this.store.buses.get(busName)?.rules.values() ?? []) {
      if (rule.state !== "DISABLED" && rule.matches?.(event)) this.sendTo(rule, event);
    }
  }

  /** Hands an event to every target of a rule. */
  sendTo(rule: Rule, event: EventEnvelope): void {
    const { clock, settings } = this.store.region;
    const published = clock.now();
    for (const target of rule.targets.values()) {
      clock.spawn(`eventbridge delivers to ${rule.name}/${target.Id}`, async () => {
        await clock.sleep(seconds(settings.eventDeliverySeconds));
        await this.#deliver(event, rule, target, published);
      });
    }
  }

  async #deliver(event: EventEnvelope, rule: Rule, target: Target, published: Microseconds): Promise<void> {
    const { region } = this.store;
    const input = targetInput(event, rule, target, new Date(published / 1000).toISOString());
    const giveUpAt = published + seconds(target.RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS);
    const mostRetries = target.RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_ATTEMPTS;
    for (let retries = 0, waitSeconds = FIRST_RETRY_SECONDS; ; retries++, waitSeconds = Math.min(waitSeconds * 2, LAST_RETRY_SECONDS)) {
      try {
        await targetKind(target.Arn).deliver({ region, event, rule, target, input });
        return;
      } catch (error) {
        if (!(error instanceof AwsError)) {
          region.reportDefect?.(`eventbridge target ${target.Arn}`, error);
          return;
        }
        const tooOften = retries >= mostRetries;
        if (!isTransient(error) || tooOften || region.clock.now() + seconds(waitSeconds) > giveUpAt) {
          const condition = !isTransient(error) ? undefined : tooOften ? "MaximumRetryAttempts" : "MaximumEventAgeInSeconds";
          return this.#giveUp({ time: region.clock.now(), rule: rule.name, target: target.Arn, event, code: error.code, message: error.message }, rule, target, { retries, condition });
        }
        await region.clock.sleep(seconds(waitSeconds));
      }
    }
  }

  /** What cannot be delivered goes to the target's queue of dead letters, if it has one that lets it in. */
  #giveUp(failure: FailedDelivery, rule: Rule, target: Target, { retries, condition }: { retries: number; condition?: string }): void {
    this.failures.push(failure);
    this.#count("FailedInvocations", failure);
    const queueArn = target.DeadLetterConfig?.Arn;
    if (queueArn === undefined) return;
    const told: Record<string, string | undefined> = {
      RULE_ARN: rule.arn, TARGET_ARN: target.Arn, ERROR_CODE: failure.code, ERROR_MESSAGE: failure.message, EXHAUSTED_RETRY_CONDITION: condition, RETRY_ATTEMPTS: String(retries),
    };
    const attributes = Object.fromEntries(Object.entries(told).flatMap(([name, text]) => (text === undefined ? [] : [[name, { DataType: "String", StringValue: text }]])));
    try {
      this.store.region.service<SqsService>("sqs").putForService({ queueArn, body: JSON.stringify(failure.event), attributes, principal: "events.amazonaws.com", sourceArn: rule.arn });
      this.#count("InvocationsSentToDlq", failure);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.failures.push({ ...failure, target: queueArn, code: error.code, message: error.message });
      this.#count("InvocationsFailedToBeSentToDlq", failure);
    }
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
  #count(MetricName: string, { rule, time }: FailedDelivery): void {
    this.store.region.service<MetricSink>("cloudwatch").putServiceMetrics("AWS/Events", [{ MetricName, Dimensions: [{ Name: "RuleName", Value: rule }], Value: 1, Timestamp: new Date(toSeconds(time) * 1000) }]);
  }
}

/** What the cloudwatch service offers to other services of AWS. */
interface MetricSink extends Service { putServiceMetrics(namespace: string, data: readonly object[]): void }

/** Throttling and faults of the target are retried; a missing permission or target is not. */
const isTransient = (error: AwsError): boolean => error.status >= 500 || error.status === 429 || /Throttl|TooManyRequests|LimitExceeded/.test(error.code);
