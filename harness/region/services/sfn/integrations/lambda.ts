/**
 * Functions: `arn:aws:states:::lambda:invoke`, and a function's own ARN as the resource.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
import { TaskError } from "../../../../asl/errors";
import { isObject, type Json, type JsonObject } from "../../../../asl/json";
import { AwsError } from "../../../core/types";
import { optimizedError } from "./errors";
import { objectOf, type Integration, type IntegrationCall } from "./integration";
import { serviceByArnName, type IntegratedService } from "./services";
import { sdkMetadata } from "./values";

const NAMES = { prefix: "Lambda", serviceName: "AWSLambda", generalException: "AWSLambdaException" };

interface InvokeOutput { StatusCode?: number; FunctionError?: string; ExecutedVersion?: string; Payload?: Uint8Array | string; LogResult?: string }

export const lambdaInvoke: Integration = async (call) => {
  const { Payload: payload, ...others } = objectOf(call.request.arguments);
  const { answer, body } = await invoke(call, { ...others, ...(payload === undefined || payload === null ? {} : { Payload: payloadText(payload) }) }, true);
  const requestId = call.random.uuid();
  const { ExecutedVersion: version, LogResult: log, StatusCode: status = 200 } = answer;
  const metadata = sdkMetadata(requestId, [
    ...(log === undefined ? [] : [["X-Amz-Log-Result", log] as const]), ...(version === undefined ? [] : [["X-Amz-Executed-Version", version] as const]), ["x-amzn-Remapped-Content-Length", "0"], ["Connection", "keep-alive"], ["x-amzn-RequestId", requestId],
    ["Content-Length", String(Buffer.byteLength(body))], ["Date", call.store.now().toUTCString()], ["X-Amzn-Trace-Id", traceId(call)], ["Content-Type", "application/json"],
  ], status);
  // What is invoked asynchronously, or only tried, has no version that was executed, and no result.
  return {
    ...(version === undefined ? {} : { ExecutedVersion: version }),
    ...(body === "" ? {} : { Payload: parse(body) }),
    ...(log === undefined ? {} : { LogResult: log }),
    ...metadata,
    StatusCode: status,
  };
};

export const lambdaFunction: Integration = async (call) => {
  const { body } = await invoke(call, { FunctionName: call.request.resource.arn, Payload: JSON.stringify(call.request.arguments) }, false);
  return body === "" ? null : parse(body);
};

/** A text that is JSON is the payload itself; any other value is written as JSON. */
function payloadText(payload: Json): string {
  if (typeof payload !== "string") return JSON.stringify(payload);
  try {
    JSON.parse(payload);
    return payload;
  } catch {
    return JSON.stringify(payload);
  }
}

/** As the service makes them up for a request that is not traced. */
const traceId = ({ random, store }: IntegrationCall): string =>
  `Root=1-${Math.floor(store.now().getTime() / 1000).toString(16).padStart(8, "0")}-${random.hex(24)};Parent=${random.hex(16)};Sampled=0;Lineage=1:${random.hex(8)}:0`;

async function invoke({ region, caller, random }: IntegrationCall, input: JsonObject, isRewritten: boolean): Promise<{ answer: InvokeOutput; body: string }> {
  const { Payload: payload, ...others } = input;
  let answer: InvokeOutput;
  try {
    answer = await region.call<InvokeOutput>(caller, "lambda", "Invoke", { ...others, ...(typeof payload === "string" ? { Payload: Buffer.from(payload, "utf8") } : {}) });
  } catch (error) {
    if (error instanceof AwsError) throw optimizedError(serviceByArnName.get("lambda") as IntegratedService, NAMES, error, random);
    throw error;
  }
  const body = answer.Payload === undefined ? "" : typeof answer.Payload === "string" ? answer.Payload : Buffer.from(answer.Payload).toString("utf8");
  if (answer.FunctionError !== undefined) throw functionError(isRewritten ? JSON.stringify(parse(body)) : body);
  return { answer, body };
}

/** What a function threw: its error's type is the name, its payload the cause; the optimized integration writes that anew. */
function functionError(body: string): TaskError {
  const payload = parse(body);
  const type = isObject(payload) ? payload["errorType"] : undefined;
  if (typeof type === "string") return new TaskError(type, body);
  return new TaskError("Lambda.Unknown", `The cause could not be determined because Lambda did not return an error type. Returned payload: ${body}`);
}

function parse(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return body;
  }
}
