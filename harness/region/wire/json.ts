/**
 * AWS JSON 1.0 and 1.1: the operation in X-Amz-Target, input and output as JSON bodies.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
import { invoke, unknownOperation } from "../core/invoke";
import { AwsError, type WireResponse } from "../core/types";
import { serviceOf, type ProtocolService, type ServiceOptions } from "./respond";

export interface JsonServiceOptions extends ServiceOptions {
  version: "1.0" | "1.1";
  /** What stands before the dot in X-Amz-Target: `DynamoDB_20120810`, `AWSStepFunctions`. */
  targetPrefix?: string;
  targetPrefixes?: readonly string[];
  /** Where the service once spoke AWS query: what its errors were called there, by their names here. Clients restore those
   * from a header. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait */
  queryErrorCodes?: Readonly<Record<string, string>>;
}

/** Makes a service that speaks AWS JSON. Inputs are handed to operations as parsed: timestamps are epoch seconds, blobs base64 (see scalars.ts). */
export function jsonService(options: JsonServiceOptions): ProtocolService {
  const contentType = `application/x-amz-json-${options.version}`;
  const prefixes = new Set([...(options.targetPrefixes ?? []), ...(options.targetPrefix ? [options.targetPrefix] : [])]);
  const respond = (status: number, body: string, requestId: string, more: Record<string, string> = {}): WireResponse =>
    ({ status, headers: { "content-type": contentType, "x-amzn-requestid": requestId, ...more }, body });
  const queryError = ({ code, status }: AwsError): Record<string, string> =>
    options.queryErrorCodes ? { "x-amzn-query-error": `${options.queryErrorCodes[code] ?? code};${status < 500 ? "Sender" : "Receiver"}` } : {};
  return serviceOf(options, {
    protocol: `AWS JSON ${options.version}`,
    speaks: (request) => request.headers["x-amz-target"] !== undefined,
    async run(request, context) {
      const target = request.headers["x-amz-target"] ?? "";
      const dot = target.lastIndexOf(".");
      if (dot < 0 || !prefixes.has(target.slice(0, dot))) throw unknownOperation(options.name, target);
      const output = await invoke(options, target.slice(dot + 1), parseJsonObject(request.body), context);
      return respond(200, encodeJson(output ?? {}), context.requestId);
    },
    fail: (error, _request, context) => respond(error.status, encodeJson({ __type: error.code, message: error.message, ...error.members }), context.requestId, { "x-amzn-errortype": error.code, ...queryError(error) }),
  });
}

/**
 * A request body as a JSON object; an empty one counts as `{}`.
 * @throws AwsError SerializationException, as the services answer to a body that is not a JSON object
 */
export function parseJsonObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch (error) {
    throw new AwsError("SerializationException", `The request body is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new AwsError("SerializationException", "The request body is not a JSON object");
  return value as Record<string, unknown>;
}

/** An API-shaped value as JSON text: Dates as epoch seconds, bytes as base64, non-finite numbers as the texts that Smithy gives them. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(plain(value)) ?? "null";
}

function plain(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  const copy: Record<string, unknown> = {};
  for (const [key, member] of entries) if (member !== undefined) define(copy, String(key), plain(member));
  return copy;
}

/** Sets a member even when it is called `__proto__`. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
