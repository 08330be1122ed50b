/**
 * Where records of queued invocations go: destinations for success and failure, and dead-letter queues.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
import { parseArn } from "../../core/arn";
import { AwsError, type Caller, type RegionContext } from "../../core/types";
import type { ErrorPayload } from "./runtime/errors";
import type { Configuration, EventInvokeConfig, LambdaFunction, LambdaStore } from "./store";

export interface AsyncResult {
  condition: "Success" | "RetriesExhausted" | "EventAgeExceeded";
  invokeCount: number;
  /** Absent when the function was never run. */
  payload?: string | Buffer;
  version?: string;
  error?: ErrorPayload;
}

export interface FailedDelivery { metric: "DestinationDeliveryFailures" | "DeadLetterErrors"; target: string; code: string; message: string }

interface Queued { requestId: string; payload: string }

/** The services of AWS that a destination may belong to. */
const KINDS: Record<string, (region: RegionContext, caller: Caller, arn: string, record: object, result: AsyncResult, fn: LambdaFunction) => Promise<unknown>> = {
  sqs: (region, caller, arn, record) => send(region, caller, arn, { MessageBody: JSON.stringify(record) }),
  lambda: (region, caller, arn, record) => region.call(caller, "lambda", "Invoke", { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(JSON.stringify(record)) }),
  events: (region, caller, arn, record, { condition }, fn) => region.call(caller, "eventbridge", "PutEvents", {
    Entries: [{ Source: "lambda", DetailType: `Lambda Function Invocation Result - ${condition === "Success" ? "Success" : "Failure"}`, Resources: [`${fn.arn}:$LATEST`, arn], Detail: JSON.stringify(record), EventBusName: arn }],
  }),
};

/** Whether the region can deliver to that ARN. */
export const isDestination = (arn: string): boolean => Object.hasOwn(KINDS, parseArn(arn)?.service ?? "");

/** Delivers what there is to deliver, as the function's role. @returns the deliveries that failed */
export async function deliverResult(store: LambdaStore, fn: LambdaFunction, queued: Queued, config: EventInvokeConfig | undefined, result: AsyncResult): Promise<FailedDelivery[]> {
  const failures: FailedDelivery[] = [];
  const attempt = async (metric: FailedDelivery["metric"], target: string, deliver: (caller: Caller) => Promise<unknown>): Promise<void> => {
    try {
      await deliver(store.region.assumeRole(fn.latest.role, fn.name, { service: "lambda.amazonaws.com", sourceArn: fn.arn }).caller);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failures.push({ metric, target, code: error.code, message: error.message });
    }
  };
  const destination = result.condition === "Success" ? config?.onSuccess : config?.onFailure;
  if (destination) {
    const record = recordOf(store, fn, queued, result);
    await attempt("DestinationDeliveryFailures", destination, (caller) => KINDS[parseArn(destination)!.service]!(store.region, caller, destination, record, result, fn));
  }
  const deadLetters = (fn.latest satisfies Configuration).deadLetterArn;
  if (deadLetters && result.condition !== "Success") {
    await attempt("DeadLetterErrors", deadLetters, (caller) => send(store.region, caller, deadLetters, {
      MessageBody: queued.payload,
      MessageAttributes: {
        RequestID: { DataType: "String", StringValue: queued.requestId },
        ErrorCode: { DataType: "Number", StringValue: "200" },
        ErrorMessage: { DataType: "String", StringValue: (result.error?.errorMessage ?? "").slice(0, 1024) || "none" },
      },
    }));
  }
  return failures;
}

async function send(region: RegionContext, caller: Caller, arn: string, message: object): Promise<unknown> {
  const { resource } = parseArn(arn)!;
  const { QueueUrl } = await region.call<{ QueueUrl: string }>(region.admin, "sqs", "GetQueueUrl", { QueueName: resource });
  return region.call(caller, "sqs", "SendMessage", { QueueUrl, ...message });
}

function recordOf(store: LambdaStore, fn: LambdaFunction, queued: Queued, { condition, invokeCount, payload, version, error }: AsyncResult): object {
  return {
    version: "1.0",
    timestamp: store.now().toISOString(),
    requestContext: { requestId: queued.requestId, functionArn: `${fn.arn}:$LATEST`, condition, approximateInvokeCount: invokeCount },
    requestPayload: JSON.parse(queued.payload) as unknown,
    ...(payload === undefined ? {} : { responseContext: { statusCode: 200, executedVersion: version, ...(error ? { functionError: "Unhandled" } : {}) }, responsePayload: JSON.parse(payload.toString()) as unknown }),
  };
}
