/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
import { listKeys, maxKeysOf, nameWriter } from "../listing";
import type { S3Store } from "../store";
import { compareKeys } from "../versions";
import type { S3Operation } from "../types";
import { milliseconds } from "./list-objects";

export const listMultipartUploads = (store: S3Store): S3Operation => ({ Bucket, query }) => {
  const bucket = store.bucket(Bucket);
  const name = nameWriter(query);
  const options = { prefix: query.get("prefix") ?? "", delimiter: query.get("delimiter") ?? "", maxKeys: maxKeysOf(query, "max-uploads"), after: query.get("key-marker") ?? "" };
  const uploads = [...bucket.uploads.values()];
  const keys = [...new Set(uploads.map((upload) => upload.key))].sort(compareKeys);
  const page = listKeys(keys, options, (key) => uploads.filter((upload) => upload.key === key));
  const owner = store.owner();
  return {
    xml: {
      root: "ListMultipartUploadsResult",
      value: {
        Bucket: bucket.name, KeyMarker: name(options.after), UploadIdMarker: "", Prefix: name(options.prefix), Delimiter: options.delimiter || undefined, MaxUploads: options.maxKeys,
        EncodingType: query.get("encoding-type") ?? undefined, IsTruncated: page.isTruncated, NextKeyMarker: page.isTruncated ? name(page.last) : undefined,
        Upload: page.items.map((upload) => ({ UploadId: upload.id, Key: name(upload.key), Initiated: milliseconds(upload.initiated), StorageClass: upload.storageClass, Owner: owner, Initiator: owner, ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.checksumType })),
        CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: name(prefix) })),
      },
    },
  };
};
