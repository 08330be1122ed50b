/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html */
import { checksumElement } from "../integrity";
import { httpDate } from "../description";
import { s3Error } from "../errors";
import type { S3Store } from "../store";
import type { S3Operation } from "../types";
import { checksumHeaders, findVersion } from "./get-object";

const ATTRIBUTES = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

export const getObjectAttributes = (store: S3Store): S3Operation => (input) => {
  const bucket = store.bucket(input.Bucket);
  const version = findVersion(bucket, input);
  const asked = (input.headers["x-amz-object-attributes"] ?? "").split(",").map((part) => part.trim()).filter(Boolean);
  if (asked.length === 0 || asked.some((name) => !ATTRIBUTES.includes(name))) throw s3Error("InvalidArgument", { ArgumentName: "x-amz-object-attributes" }, "Invalid attribute name specified.");
  checksumHeaders(version);
  const { algorithm, value, type } = version.checksum!;
  const all: Record<string, unknown> = {
    ETag: version.etag.replace(/"/g, ""),
    Checksum: { [checksumElement(algorithm)]: value, ChecksumType: type },
    ObjectParts: version.partSizes && { PartsCount: version.partSizes.length },
    StorageClass: version.storageClass,
    ObjectSize: version.body.size,
  };
  return {
    headers: { "last-modified": httpDate(version.lastModified), "x-amz-version-id": bucket.versioning === undefined ? undefined : version.versionId },
    xml: { root: "GetObjectAttributesResponse", value: Object.fromEntries(ATTRIBUTES.filter((name) => asked.includes(name)).map((name) => [name, all[name]])) },
  };
};
