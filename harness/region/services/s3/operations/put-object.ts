/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
import { md5Of, verifyBody } from "../integrity";
import { checkWrite } from "../conditions";
import { describe, putHeaders } from "../description";
import { s3Error } from "../errors";
import type { S3Store } from "../store";
import type { StoredVersion } from "../versions";
import type { S3Operation } from "../types";

const LARGEST_BYTES = 5 * 1024 ** 3;

export const putObject = (store: S3Store): S3Operation => ({ Bucket, Key: key = "", headers, body }) => {
  const bucket = store.bucket(Bucket);
  checkKey(key);
  if (body.length > LARGEST_BYTES) throw s3Error("EntityTooLarge", { ProposedSize: body.length, MaxSizeAllowed: LARGEST_BYTES });
  const checksum = verifyBody(headers, body);
  const description = describe(headers, bucket);
  checkWrite(headers, key, bucket.current(key));
  const version: StoredVersion = {
    ...description,
    key,
    versionId: bucket.newVersionId(),
    etag: `"${md5Of(body).toString("hex")}"`,
    lastModified: store.now(),
    body: store.bodies.of(body),
    checksum,
    isDeleteMarker: false,
  };
  bucket.put(version);
  return { headers: putHeaders(version, bucket) };
};

/** @throws AwsError KeyTooLongError */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > 1024) throw s3Error("KeyTooLongError", { Size: size, MaxSizeAllowed: 1024 });
}
