/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
import { AwsError } from "../../../core/types";
import { parseXml } from "../../../wire/xml";
import { ALGORITHMS, checksumHeader, verifyBody } from "../integrity";
import { checkDelete } from "../conditions";
import { s3Error } from "../errors";
import { deleteMarker } from "../lifecycle";
import type { Bucket, S3Store } from "../store";
import type { S3Operation } from "../types";

interface Deleted { versionId?: string; isMarker: boolean }

/** Removes a version for good, or (without one, in a versioned bucket) puts a delete marker over what is there. */
function remove(store: S3Store, bucket: Bucket, key: string, versionId: string | undefined, headers: Record<string, string>): Deleted {
  checkDelete(headers, bucket.current(key));
  if (versionId !== undefined) return { versionId, isMarker: bucket.remove(key, versionId)?.isDeleteMarker ?? false };
  if (bucket.versioning === undefined) {
    bucket.remove(key, "null");
    return { isMarker: false };
  }
  const marker = deleteMarker({ key }, bucket.newVersionId(), store.now());
  bucket.put(marker);
  return { versionId: marker.versionId, isMarker: true };
}

export const deleteObject = (store: S3Store): S3Operation => ({ Bucket, Key: key = "", VersionId, headers }) => {
  const { versionId, isMarker } = remove(store, store.bucket(Bucket), key, VersionId, headers);
  return { status: 204, headers: { "x-amz-version-id": versionId, "x-amz-delete-marker": isMarker ? "true" : undefined } };
};

interface DeleteDocument { Quiet?: string; Object?: { Key?: string; VersionId?: string; ETag?: string }[] }

export const deleteObjects = (store: S3Store): S3Operation => ({ Bucket, headers, body }) => {
  const bucket = store.bucket(Bucket);
  if (headers["content-md5"] === undefined && !ALGORITHMS.some((algorithm) => headers[checksumHeader(algorithm)] !== undefined)) throw s3Error("InvalidRequest", {}, "Missing required header for this request: Content-MD5");
  verifyBody(headers, body);
  const document = parseXml(body.toString("utf8"), ["Object"])["Delete"] as DeleteDocument | undefined;
  const objects = document?.Object ?? [];
  if (objects.length === 0 || objects.length > 1000 || objects.some(({ Key }) => !Key)) throw s3Error("MalformedXML");
  const deleted: object[] = [];
  const errors: object[] = [];
  for (const { Key, VersionId, ETag } of objects) {
    try {
      const result = remove(store, bucket, Key!, VersionId, ETag === undefined ? {} : { "if-match": ETag });
      deleted.push({ Key, VersionId, ...(result.isMarker ? { DeleteMarker: true, DeleteMarkerVersionId: result.versionId } : {}) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ Key, VersionId, Code: error.code, Message: error.message });
    }
  }
  return { xml: { root: "DeleteResult", value: { ...(document?.Quiet === "true" ? {} : { Deleted: deleted }), Error: errors } } };
};
