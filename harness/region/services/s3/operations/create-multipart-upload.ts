/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
import { checksumTypeOf, parseAlgorithm } from "../integrity";
import { describe, encryptionHeaders } from "../description";
import { s3Error } from "../errors";
import type { S3Store } from "../store";
import type { Upload } from "../versions";
import type { S3Operation } from "../types";
import { checkKey } from "./put-object";

export const createMultipartUpload = (store: S3Store): S3Operation => ({ Bucket, Key: key = "", headers }) => {
  const bucket = store.bucket(Bucket);
  checkKey(key);
  const named = headers["x-amz-checksum-algorithm"];
  if (named === undefined && headers["x-amz-checksum-type"] !== undefined) throw s3Error("InvalidRequest", {}, "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
  const algorithm = named === undefined ? undefined : parseAlgorithm(named);
  const upload: Upload = {
    ...describe(headers, bucket),
    id: bucket.random.bytes(48).toString("base64url"),
    key,
    initiated: store.now(),
    parts: new Map(),
    ...(algorithm ? { algorithm, checksumType: checksumTypeOf(algorithm, headers["x-amz-checksum-type"]) } : {}),
  };
  bucket.uploads.set(upload.id, upload);
  return {
    headers: { ...encryptionHeaders(upload), "x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": upload.checksumType },
    xml: { root: "InitiateMultipartUploadResult", value: { Bucket: bucket.name, Key: key, UploadId: upload.id } },
  };
};
