/**
 * Smithy RPC v2 CBOR: `POST /service/NAME/operation/OPERATION`, input and output as CBOR.
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
import { cbor, dateToTag, tagSymbol } from "@smithy/core/cbor";
import { invoke, unknownOperation } from "../core/invoke";
import { AwsError, type WireResponse } from "../core/types";
import { serviceOf, type ProtocolService, type ServiceOptions } from "./respond";

export const CBOR_PROTOCOL = "rpc-v2-cbor";

/** Makes a service that speaks RPC v2 CBOR. Timestamps are Dates and blobs Buffers, in inputs and outputs. */
export function cborService(options: ServiceOptions): ProtocolService {
  const respond = (status: number, value: unknown, requestId: string): WireResponse => ({
    status,
    headers: { "content-type": "application/cbor", "smithy-protocol": CBOR_PROTOCOL, "x-amzn-requestid": requestId },
    body: encodeCbor(value),
  });
  return serviceOf(options, {
    protocol: "Smithy RPC v2 CBOR",
    speaks: (request) => request.headers["smithy-protocol"] === CBOR_PROTOCOL,
    async run(request, context) {
      const [, , , operation] = /^\/(.*\/)?service\/([^/]+)\/operation\/([^/]+)$/.exec(request.path) ?? [];
      if (!operation) throw unknownOperation(options.name, `${request.method} ${request.path}`, "UnknownOperationException", 404);
      return respond(200, (await invoke(options, operation, decodeCbor(request.body), context)) ?? {}, context.requestId);
    },
    fail: (error, _request, context) => respond(error.status, { __type: error.code, message: error.message, ...error.members }, context.requestId),
  });
}

/** @throws AwsError SerializationException, when the body is not a CBOR map */
export function decodeCbor(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = fromTags(cbor.deserialize(body));
  } catch (error) {
    throw new AwsError("SerializationException", `The request body is not valid CBOR: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new AwsError("SerializationException", "The request body is not a CBOR map");
  return value as Record<string, unknown>;
}

export const encodeCbor = (value: unknown): Buffer => Buffer.from(cbor.serialize(toTags(value)));

/** Tag 1 is a timestamp in epoch seconds (https://www.rfc-editor.org/rfc/rfc8949#section-3.4.2); other tags give their value. */
function fromTags(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return value.map(fromTags);
  if (tagSymbol in value) {
    const { tag, value: inner } = value as unknown as { tag: number; value: unknown };
    return tag === 1 && typeof inner === "number" ? new Date(inner * 1000) : fromTags(inner);
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromTags(member)]));
}

function toTags(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return dateToTag(value);
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(toTags);
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined).map(([key, member]) => [key, toTags(member)]));
}
