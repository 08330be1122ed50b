/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
import { checksumElement, digest, parseAlgorithm } from "../integrity";
import { createHash } from "node:crypto";
import { checkCopySource, checkWrite } from "../conditions";
import { describe, encryptionHeaders, expirationHeader } from "../description";
import { invalidArgument, s3Error } from "../errors";
import type { Bucket, S3Store } from "../store";
import type { StoredVersion } from "../versions";
import type { S3Operation } from "../types";
import { findVersion } from "./get-object";
import { milliseconds } from "./list-objects";
import { checkKey } from "./put-object";

/** What `x-amz-copy-source` names: `bucket/key`, with or without a slash before and a versionId after. @throws AwsError */
export function copySource(store: S3Store, header: string | undefined): { bucket: Bucket; version: StoredVersion } {
  const [path = "", query = ""] = (header ?? "").split("?");
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path));
  if (!match) throw invalidArgument("Invalid copy source object key", "x-amz-copy-source", header);
  const bucket = store.bucket(match[1]);
  return { bucket, version: findVersion(bucket, { Key: match[2], VersionId: new URLSearchParams(query).get("versionId") ?? undefined }) };
}

export const copyObject = (store: S3Store): S3Operation => ({ Bucket, Key: key = "", headers }) => {
  const bucket = store.bucket(Bucket);
  checkKey(key);
  const { bucket: sourceBucket, version: source } = copySource(store, headers["x-amz-copy-source"]);
  checkCopySource(headers, source);
  checkWrite(headers, key, bucket.current(key));
  const replaces = directive(headers, "x-amz-metadata-directive");
  const retags = directive(headers, "x-amz-tagging-directive");
  const asked = describe(headers, bucket);
  const changes = replaces || retags || headers["x-amz-storage-class"] !== undefined || headers["x-amz-server-side-encryption"] !== undefined;
  if (sourceBucket === bucket && source.key === key && bucket.current(key) === source && !changes) {
    throw s3Error("InvalidRequest", {}, "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
  }
  const algorithm = headers["x-amz-checksum-algorithm"];
  const version: StoredVersion = {
    headers: replaces ? asked.headers : source.headers,
    metadata: replaces ? asked.metadata : source.metadata,
    storageClass: headers["x-amz-storage-class"] ? asked.storageClass : "STANDARD",
    tags: new Map(retags ? asked.tags : source.tags),
    encryption: asked.encryption,
    key,
    versionId: bucket.newVersionId(),
    // A copy is one object again, whatever parts its source came in.
    etag: source.partSizes ? `"${md5(source)}"` : source.etag,
    lastModified: store.now(),
    body: store.bodies.joined([source.body]),
    checksum: algorithm ? { algorithm: parseAlgorithm(algorithm), value: digest(parseAlgorithm(algorithm), source.body.pieces()).toString("base64"), type: "FULL_OBJECT" } : source.checksum?.type === "FULL_OBJECT" ? source.checksum : undefined,
    isDeleteMarker: false,
  };
  bucket.put(version);
  return {
    headers: {
      ...encryptionHeaders(version),
      "x-amz-version-id": bucket.versioning === undefined ? undefined : version.versionId,
      "x-amz-copy-source-version-id": sourceBucket.versioning === undefined ? undefined : source.versionId,
      "x-amz-expiration": expirationHeader(version, bucket),
    },
    xml: { root: "CopyObjectResult", value: { ETag: version.etag, LastModified: milliseconds(version.lastModified), ...(version.checksum ? { ChecksumType: version.checksum.type, [checksumElement(version.checksum.algorithm)]: version.checksum.value } : {}) } },
  };
};

function md5(version: StoredVersion): string {
  const hash = createHash("md5");
  for (const piece of version.body.pieces()) hash.update(piece);
  return hash.digest("hex");
}

function directive(headers: Record<string, string>, name: string): boolean {
  const value = headers[name] ?? "COPY";
  if (value !== "COPY" && value !== "REPLACE") throw invalidArgument(`Unknown ${name === "x-amz-metadata-directive" ? "metadata" : "tagging"} directive.`, name, value);
  return value === "REPLACE";
}
