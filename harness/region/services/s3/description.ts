/**
 * How objects are described in headers, on the way in and on the way out.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
import { checksumHeader, refuseCustomerKeys } from "./integrity";
import { invalidArgument, s3Error, unsupported } from "./errors";
import { REFUSED } from "./limits";
import type { Bucket } from "./store";
import type { Description, StoredVersion } from "./versions";

const CONTENT_HEADERS = ["cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"];
const STORAGE_CLASSES = ["STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR"];
const LARGEST_METADATA_BYTES = 2048;
const MOST_TAGS = 10;
/** What a put may ask for and the region does not model. */
const UNSUPPORTED: Record<string, string> = {
  "x-amz-object-lock-mode": REFUSED.objectLock,
  "x-amz-object-lock-legal-hold": REFUSED.objectLock,
  "x-amz-website-redirect-location": REFUSED.redirects,
  "x-amz-write-offset-bytes": REFUSED.appending,
};

/** What a put's headers say of the object. @throws AwsError */
export function describe(headers: Record<string, string>, bucket: Bucket): Description {
  refuseCustomerKeys(headers);
  for (const [name, what] of Object.entries(UNSUPPORTED)) if (headers[name] !== undefined) throw unsupported(what);
  checkAcl(headers);
  const storageClass = headers["x-amz-storage-class"] ?? "STANDARD";
  if (!STORAGE_CLASSES.includes(storageClass)) throw ["GLACIER", "DEEP_ARCHIVE", "EXPRESS_ONEZONE", "OUTPOSTS", "SNOW"].includes(storageClass) ? unsupported(REFUSED.storageClasses, storageClass) : s3Error("InvalidRequest", {}, "The storage class you specified is not valid");
  return { headers: contentHeaders(headers), metadata: metadataOf(headers), storageClass, tags: parseTagging(headers["x-amz-tagging"]), encryption: encryptionOf(headers, bucket) };
}

/** Buckets own their objects (BucketOwnerEnforced), so no other ACL can be set: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html */
export function checkAcl(headers: Record<string, string>): void {
  const acl = headers["x-amz-acl"];
  const grants = Object.keys(headers).some((name) => name.startsWith("x-amz-grant-"));
  if (grants || (acl !== undefined && acl !== "bucket-owner-full-control" && acl !== "private")) throw s3Error("AccessControlListNotSupported");
}

function contentHeaders(headers: Record<string, string>): Record<string, string> {
  const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const name of CONTENT_HEADERS) {
    let value = headers[name];
    if (name === "content-encoding") value = value?.split(",").map((part) => part.trim()).filter((part) => part !== "aws-chunked").join(",");
    if (value) kept[name] = value;
  }
  return kept;
}

function metadataOf(headers: Record<string, string>): Record<string, string> {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith("x-amz-meta-")) continue;
    metadata[name.slice("x-amz-meta-".length)] = value;
    bytes += name.length - "x-amz-meta-".length + Buffer.byteLength(value);
  }
  if (bytes > LARGEST_METADATA_BYTES) throw s3Error("MetadataTooLarge", { Size: bytes, MaxSizeAllowed: LARGEST_METADATA_BYTES });
  return metadata;
}

/** `a=1&b=2`. @throws AwsError */
function parseTagging(text: string | undefined): Map<string, string> {
  const tags = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(text ?? "")) {
    if (tags.has(key)) throw invalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.", "x-amz-tagging", text);
    tags.set(key, value);
  }
  checkTags(tags);
  return tags;
}

/** @throws AwsError BadRequest-like errors of PutObjectTagging */
export function checkTags(tags: ReadonlyMap<string, string>, most = MOST_TAGS): void {
  if (tags.size > most) throw s3Error("InvalidTag", {}, `Object tags cannot be greater than ${most}`);
  for (const [key, value] of tags) {
    if (key.length < 1 || key.length > 128) throw s3Error("InvalidTag", { TagKey: key }, "The TagKey you have provided is invalid");
    if (value.length > 256) throw s3Error("InvalidTag", { TagKey: key, TagValue: value }, "The TagValue you have provided is invalid");
  }
}

/** What the request asks for, or else what the bucket's default is. */
function encryptionOf(headers: Record<string, string>, bucket: Bucket): Description["encryption"] {
  const asked = headers["x-amz-server-side-encryption"];
  if (asked !== undefined && asked !== "AES256" && asked !== "aws:kms" && asked !== "aws:kms:dsse") throw invalidArgument("The encryption method specified is not supported", "x-amz-server-side-encryption", asked);
  if (asked !== undefined) return { algorithm: asked, keyId: headers["x-amz-server-side-encryption-aws-kms-key-id"] };
  const configured = bucket.configurations.get("encryption") ?? "";
  const algorithm = /<SSEAlgorithm>\s*([^<\s]+)\s*</.exec(configured)?.[1] ?? "AES256";
  return { algorithm, keyId: /<KMSMasterKeyID>\s*([^<\s]+)\s*</.exec(configured)?.[1] };
}

export const httpDate = (date: Date): string => date.toUTCString();

/** The headers that a put answers with. */
export function putHeaders(version: StoredVersion, bucket: Bucket): Record<string, string | undefined> {
  const { checksum } = version;
  return {
    etag: version.etag,
    ...encryptionHeaders(version),
    ...(checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type } : {}),
    "x-amz-version-id": bucket.versioning === undefined ? undefined : version.versionId,
    "x-amz-expiration": expirationHeader(version, bucket),
  };
}

export const encryptionHeaders = ({ encryption }: Description): Record<string, string | undefined> => ({
  "x-amz-server-side-encryption": encryption.algorithm,
  "x-amz-server-side-encryption-aws-kms-key-id": encryption.algorithm === "AES256" ? undefined : encryption.keyId,
});

export function expirationHeader(version: StoredVersion, bucket: Bucket): string | undefined {
  const expiration = bucket.lifecycle.expiration(version);
  return expiration && `expiry-date="${httpDate(expiration.date)}", rule-id="${expiration.ruleId}"`;
}

/** The headers that describe an object which is read; `response-…` parameters of the query replace some. */
export function readHeaders(version: StoredVersion, bucket: Bucket, query: URLSearchParams): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {
    "accept-ranges": "bytes",
    "last-modified": httpDate(version.lastModified),
    etag: version.etag,
    ...version.headers,
    ...encryptionHeaders(version),
    ...Object.fromEntries(Object.entries(version.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
    "x-amz-storage-class": version.storageClass === "STANDARD" ? undefined : version.storageClass,
    "x-amz-version-id": bucket.versioning === undefined ? undefined : version.versionId,
    "x-amz-tagging-count": version.tags.size > 0 ? String(version.tags.size) : undefined,
    "x-amz-expiration": expirationHeader(version, bucket),
  };
  for (const name of CONTENT_HEADERS) {
    const replaced = query.get(`response-${name}`);
    if (replaced !== null) headers[name] = replaced;
  }
  return headers;
}
