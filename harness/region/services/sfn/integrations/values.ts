/** Values between a state machine and an API: names in Pascal case there, as the API has them here; dates and bytes as text. */
import { isObject, put, type Json, type JsonObject } from "../../../../asl/json";
import { isoTime, parseTimestamp } from "../../../../asl/timestamp";
import { fromDate, toDate } from "../../../../time/clock";
import type { IntegratedService } from "./services";

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
/** A state machine's `getParameter` as the API has it. */
export const apiName = upper;

/** Arguments as the API's operation takes them. What is null at their top counts as not given. */
export function toApi(service: IntegratedService, given: JsonObject): unknown {
  const value = writtenOut(service, Object.fromEntries(Object.entries(given).filter(([, item]) => item !== null)));
  if (service.timestamps !== undefined) return withDates(value, new Set(service.timestamps));
  return service.camelCase === true ? rename(value, lower, service.maps ?? [], false) : value;
}

/** With JSON as text where the API takes text. https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html */
function writtenOut(service: IntegratedService, value: Json): Json {
  const { texts = [], blobs = [] } = service;
  if (texts.length + blobs.length === 0) return value;
  if (Array.isArray(value)) return value.map((item) => writtenOut(service, item));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const isText = blobs.includes(key) || (texts.includes(key) && typeof item !== "string");
    put(result, key, isText ? JSON.stringify(item) : writtenOut(service, item));
  }
  return result;
}

function withDates(value: Json, timestamps: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => withDates(item, timestamps));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    const date = timestamps.has(key) && typeof item === "string" ? parseTimestamp(item) : undefined;
    return [key, date === undefined ? withDates(item, timestamps) : toDate(date)];
  }));
}

/** What an operation returned, as JSON. */
export function fromApi(service: IntegratedService, value: unknown): Json {
  const json = toJson(value) ?? {};
  if (isObject(json)) for (const name of service.unasked ?? []) delete json[name];
  return service.camelCase === true ? rename(json, upper, service.maps ?? [], false) : json;
}

function rename(value: Json, change: (name: string) => string, maps: readonly string[], keysAreData: boolean): Json {
  if (Array.isArray(value)) return value.map((item) => rename(item, change, maps, false));
  if (typeof value !== "object" || value === null) return value;
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    put(result, keysAreData ? key : change(key), rename(item, change, maps, !keysAreData && maps.includes(lower(key))));
  }
  return result;
}

/** JSON of what an SDK or an operation gives: dates in ISO 8601, bytes as text, undefined members left out. */
export function toJson(value: unknown): Json | undefined {
  if (value === undefined || typeof value === "function") return undefined;
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) return isoTime(fromDate(value));
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  if (Array.isArray(value)) return value.map((item) => toJson(item) ?? null);
  if (value instanceof Set) return [...value].map((item) => toJson(item) ?? null);
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value as Record<string, unknown>)) {
    const json = toJson(item);
    if (json !== undefined) put(result, key, json);
  }
  return result;
}

/** What optimized integrations add to an answer about the HTTP request that they made; the single headers are in the order of their names. */
export function sdkMetadata(requestId: string, headers: readonly (readonly [string, string])[], status = 200): JsonObject {
  return {
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(headers.map(([name, value]) => [name, [value]])),
      HttpHeaders: Object.fromEntries([...headers].sort(([left], [right]) => (left.toLowerCase() < right.toLowerCase() ? -1 : 1))),
      HttpStatusCode: status,
    },
    SdkResponseMetadata: { RequestId: requestId },
  };
}

/** The members in the order of their names, as optimized integrations write what a service answered. */
export const inOrder = (output: JsonObject): JsonObject => Object.fromEntries(Object.entries(output).sort(([left], [right]) => (left < right ? -1 : 1)));

export const withMetadata = (output: JsonObject, metadata: JsonObject): JsonObject => inOrder({ ...output, ...metadata });

/** `sdkMetadata` of an answer in the JSON protocol. */
export const jsonMetadata = (requestId: string, body: Json, date: Date, version: "1.0" | "1.1" = "1.0"): JsonObject => sdkMetadata(requestId, [
  ["x-amzn-RequestId", requestId], ["connection", "keep-alive"], ["Content-Length", String(Buffer.byteLength(JSON.stringify(body)))], ["Date", date.toUTCString()],
  ["Content-Type", `application/x-amz-json-${version}`],
]);
