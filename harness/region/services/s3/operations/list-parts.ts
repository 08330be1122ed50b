/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
import { checksumElement } from "../integrity";
import { maxKeysOf } from "../listing";
import type { S3Store } from "../store";
import type { S3Operation } from "../types";
import { milliseconds } from "./list-objects";

export const listParts = (store: S3Store): S3Operation => ({ Bucket, Key, query }) => {
  const bucket = store.bucket(Bucket);
  const upload = store.upload(bucket, Key, query.get("uploadId"));
  const marker = Number(query.get("part-number-marker") ?? 0);
  const most = maxKeysOf(query, "max-parts");
  const parts = [...upload.parts.values()].filter((part) => part.number > marker).sort((a, b) => a.number - b.number);
  const shown = parts.slice(0, most);
  const owner = store.owner();
  return {
    xml: {
      root: "ListPartsResult",
      value: {
        Bucket: bucket.name, Key, UploadId: upload.id, Initiator: owner, Owner: owner, StorageClass: upload.storageClass,
        PartNumberMarker: marker, NextPartNumberMarker: shown.length > 0 ? shown[shown.length - 1]!.number : marker, MaxParts: most, IsTruncated: parts.length > shown.length,
        ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.checksumType,
        Part: shown.map((part) => ({ PartNumber: part.number, LastModified: milliseconds(part.lastModified), ETag: part.etag, Size: part.body.size, ...(part.checksum ? { [checksumElement(part.checksum.algorithm)]: part.checksum.value } : {}) })),
      },
    },
  };
};
