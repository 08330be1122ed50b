/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
import type { S3Store } from "../store";
import type { S3Operation } from "../types";

export const abortMultipartUpload = (store: S3Store): S3Operation => ({ Bucket, Key, query }) => {
  const bucket = store.bucket(Bucket);
  const upload = store.upload(bucket, Key, query.get("uploadId"));
  for (const part of upload.parts.values()) part.body.release();
  bucket.uploads.delete(upload.id);
  return { status: 204 };
};
