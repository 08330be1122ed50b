/** The queues of the account, and how calls name them. */
import { parseArn } from "../../core/arn";
import { AwsError, type RegionContext, type Service } from "../../core/types";
import { Queue } from "./queue";

/** What the cloudwatch service takes from services. */
interface MetricSink extends Service { putServiceMetrics(namespace: string, data: readonly object[]): void }

export class SqsState {
  readonly queues = new Map<string, Queue>();
  readonly #random;

  constructor(readonly region: RegionContext) {
    this.#random = region.random.fork("sqs");
  }

  create(name: string, attributes: Record<string, string>): Queue {
    const { partition, regionName, accountId, clock } = this.region;
    const queue = new Queue(name, `arn:${partition}:sqs:${regionName}:${accountId}:${name}`, this.url(name), attributes, clock, this.#random);
    this.queues.set(name, queue);
    return queue;
  }

  url(name: string): string {
    return `${this.region.endpoint}/${this.region.accountId}/${name}`;
  }

  /** The queue that a URL names (its last part). @throws AwsError QueueDoesNotExist */
  byUrl(url: string | undefined): Queue {
    return this.byName(url?.slice(url.lastIndexOf("/") + 1) ?? "");
  }

  byName(name: string): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.", 400);
    return queue;
  }

  byArn(arn: string): Queue {
    const parsed = parseArn(arn);
    return this.byName(parsed?.service === "sqs" ? parsed.resource : "");
  }

  /** Tells CloudWatch how many messages wait; SQS does so each minute, here it is when the number changes. */
  report(queue: Queue): void {
    if (!this.region.hasService?.("cloudwatch")) return;
    this.region.service<MetricSink>("cloudwatch").putServiceMetrics?.("AWS/SQS", [
      { MetricName: "ApproximateNumberOfMessagesVisible", Dimensions: [{ Name: "QueueName", Value: queue.name }], Value: queue.visible().length, Timestamp: new Date(this.region.clock.now() / 1000) },
    ]);
  }
}
