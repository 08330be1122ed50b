/**
 * Bodies in aws-chunked encoding, signed or not, with or without trailing headers.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { createHash } from "node:crypto";
import { s3Error } from "./errors";

export interface Decoded { body: Buffer; /** The request's headers, with the trailer's among them. */ headers: Record<string, string> }

/** The body as it was before the encoding; others are given back as they are. @throws AwsError IncompleteBody, XAmzContentSHA256Mismatch */
export function decodeBody(headers: Record<string, string>, body: Buffer): Decoded {
  const sha256 = headers["x-amz-content-sha256"];
  if (sha256?.startsWith("STREAMING-") || /\baws-chunked\b/.test(headers["content-encoding"] ?? "")) return decodeChunks(headers, body);
  if (sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256)) {
    const calculated = createHash("sha256").update(body).digest("hex");
    if (calculated !== sha256) throw s3Error("XAmzContentSHA256Mismatch", { ClientComputedContentSHA256: sha256, S3ComputedContentSHA256: calculated });
  }
  return { body, headers };
}

function decodeChunks(headers: Record<string, string>, encoded: Buffer): Decoded {
  const chunks: Buffer[] = [];
  let position = 0;
  const line = (): string => {
    const end = encoded.indexOf("\r\n", position);
    if (end < 0) throw s3Error("IncompleteBody");
    const text = encoded.toString("latin1", position, end);
    position = end + 2;
    return text;
  };
  for (;;) {
    const size = parseInt(line().split(";")[0]!, 16);
    if (!Number.isInteger(size)) throw s3Error("IncompleteBody");
    if (size === 0) break;
    if (position + size + 2 > encoded.length) throw s3Error("IncompleteBody");
    chunks.push(encoded.subarray(position, position + size));
    position += size + 2;
  }
  const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  const expected = headers["x-amz-decoded-content-length"];
  if (expected !== undefined && Number(expected) !== body.length) throw s3Error("IncompleteBody", {}, "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header");
  const trailed: Record<string, string> = { ...headers };
  while (position < encoded.length) {
    const text = line();
    if (text === "") break;
    const colon = text.indexOf(":");
    if (colon > 0) trailed[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
  }
  for (const name of (headers["x-amz-trailer"] ?? "").split(",").map((part) => part.trim().toLowerCase()).filter(Boolean)) {
    if (trailed[name] === undefined) throw s3Error("IncompleteBody", {}, `The trailing header ${name} is missing.`);
  }
  return { body, headers: trailed };
}
