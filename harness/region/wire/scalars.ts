/**
 * Reading scalars whose wire form depends on the protocol: an operation that several protocols reach (or that is
 * called from inside the region with Dates and Buffers) reads its timestamps, numbers and blobs through these.
 */
import { AwsError } from "../core/types";

/**
 * A timestamp as a Date: from a Date (CBOR, the SDK), epoch seconds (JSON) or ISO 8601 text (query). Undefined stays undefined.
 * @throws AwsError ValidationException, when it is none of these
 */
export function dateOf(value: unknown, name = "timestamp"): Date | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const date = value instanceof Date ? value
    : typeof value === "number" ? new Date(value * 1000)
    : typeof value === "string" ? new Date(/^-?\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : value)
    : new Date(NaN);
  if (Number.isNaN(date.getTime())) throw new AwsError("ValidationException", `Value ${JSON.stringify(value)} at '${name}' is not a timestamp`);
  return date;
}

/** A number from a number or its decimal text. @throws AwsError ValidationException */
export function numberOf(value: unknown, name = "number"): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const number = typeof value === "number" ? value : typeof value === "bigint" || typeof value === "string" ? Number(value) : NaN;
  if (Number.isNaN(number) && value !== "NaN") throw new AwsError("ValidationException", `Value ${JSON.stringify(value)} at '${name}' is not a number`);
  return number;
}

/** A boolean from a boolean or the texts `true` and `false`. @throws AwsError ValidationException */
export function booleanOf(value: unknown, name = "boolean"): boolean | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "True" || value === "1") return true;
  if (value === "false" || value === "False" || value === "0") return false;
  throw new AwsError("ValidationException", `Value ${JSON.stringify(value)} at '${name}' is not a boolean`);
}

/** A blob as a Buffer: from bytes (the SDK, CBOR) or base64 text (JSON, query). */
export function bufferOf(value: unknown): Buffer | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Buffer.from(String(value), "base64");
}

/** ISO 8601 in UTC, milliseconds only when there are any: how the XML protocols write timestamps. */
export function isoText(date: Date): string {
  const text = date.toISOString();
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}Z` : text;
}
