/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
 */
import { checksumElement, checksumHeader, checksumOf, md5Of, refuseCustomerKeys, verifyBody, type Checksum } from "../integrity";
import { checkCopySource } from "../conditions";
import { encryptionHeaders } from "../description";
import { invalidArgument, s3Error } from "../errors";
import type { S3Store } from "../store";
import type { Upload } from "../versions";
import type { S3Input, S3Operation } from "../types";
import { copySource } from "./copy-object";
import { milliseconds } from "./list-objects";

const LARGEST_BYTES = 5 * 1024 ** 3;

function partNumberOf(query: URLSearchParams): number {
  const text = query.get("partNumber") ?? "";
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > 10_000) throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
  return number;
}

function addPart(store: S3Store, upload: Upload, number: number, data: Buffer, checksum: Checksum | undefined): string {
  const md5 = md5Of(data);
  const etag = `"${md5.toString("hex")}"`;
  upload.parts.get(number)?.body.release();
  upload.parts.set(number, { number, md5, etag, body: store.bodies.of(data), lastModified: store.now(), checksum });
  return etag;
}

/** The checksum that a part has: the one given, of the upload's algorithm if that has one. @throws AwsError */
function partChecksum(upload: Upload, given: Checksum | undefined, data: Buffer): Checksum | undefined {
  const { algorithm } = upload;
  if (!algorithm) return given;
  if (given && given.algorithm !== algorithm) throw s3Error("InvalidRequest", {}, `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${given.algorithm.toLowerCase()}`);
  return given ?? { algorithm, value: checksumOf(algorithm, data), type: "FULL_OBJECT" };
}

export const uploadPart = (store: S3Store): S3Operation => ({ Bucket, Key, query, headers, body }: S3Input) => {
  refuseCustomerKeys(headers);
  const upload = store.upload(store.bucket(Bucket), Key, query.get("uploadId"));
  const number = partNumberOf(query);
  if (body.length > LARGEST_BYTES) throw s3Error("EntityTooLarge", { ProposedSize: body.length, MaxSizeAllowed: LARGEST_BYTES });
  const checksum = partChecksum(upload, verifyBody(headers, body), body);
  const etag = addPart(store, upload, number, body, checksum);
  return { headers: { etag, ...encryptionHeaders(upload), ...(checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value } : {}) } };
};

export const uploadPartCopy = (store: S3Store): S3Operation => ({ Bucket, Key, query, headers }: S3Input) => {
  const upload = store.upload(store.bucket(Bucket), Key, query.get("uploadId"));
  const number = partNumberOf(query);
  const { version: source } = copySource(store, headers["x-amz-copy-source"]);
  checkCopySource(headers, source);
  const text = headers["x-amz-copy-source-range"];
  const match = text === undefined ? undefined : /^bytes=(\d+)-(\d+)$/.exec(text);
  if (match === null) throw invalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy", "x-amz-copy-source-range", text);
  const [start, end] = match ? [Number(match[1]), Number(match[2]) + 1] : [0, source.body.size];
  if (end > source.body.size) throw invalidArgument(`Range specified is not valid for source object of size: ${source.body.size}`, "x-amz-copy-source-range", text);
  const data = source.body.read(start, end);
  const checksum = partChecksum(upload, undefined, data);
  const etag = addPart(store, upload, number, data, checksum);
  return { headers: encryptionHeaders(upload), xml: { root: "CopyPartResult", value: { ETag: etag, LastModified: milliseconds(store.now()), ...(checksum ? { [checksumElement(checksum.algorithm)]: checksum.value } : {}) } } };
};
