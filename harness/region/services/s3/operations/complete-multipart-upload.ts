/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
import { createHash } from "node:crypto";
import { parseXml } from "../../../wire/xml";
import { checksumElement, checksumHeader, digest, type Checksum } from "../integrity";
import { checkWrite } from "../conditions";
import { encryptionHeaders, expirationHeader } from "../description";
import { s3Error } from "../errors";
import type { Body } from "../bodies";
import type { S3Store } from "../store";
import type { StoredVersion, Upload, UploadedPart } from "../versions";
import type { S3Operation } from "../types";

/** The least size of every part but the last: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_BYTES = 5 * 1024 ** 2;

interface NamedPart { PartNumber?: string; ETag?: string; [checksum: string]: string | undefined }

export const completeMultipartUpload = (store: S3Store): S3Operation => ({ Bucket, Key: key = "", query, headers, body }) => {
  const bucket = store.bucket(Bucket);
  const upload = store.upload(bucket, key, query.get("uploadId"));
  const parts = namedParts(upload, body);
  checkWrite(headers, key, bucket.current(key));
  const whole = store.bodies.joined(parts.map((part) => part.body));
  const checksum = checksumOfParts(upload, parts, whole, headers);
  const size = headers["x-amz-mp-object-size"];
  if (size !== undefined && Number(size) !== whole.size) throw s3Error("InvalidRequest", {}, `The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${whole.size}`);
  const version: StoredVersion = {
    headers: upload.headers, metadata: upload.metadata, storageClass: upload.storageClass, tags: upload.tags, encryption: upload.encryption,
    key,
    versionId: bucket.newVersionId(),
    etag: `"${createHash("md5").update(Buffer.concat(parts.map((part) => part.md5))).digest("hex")}-${parts.length}"`,
    lastModified: store.now(),
    body: whole,
    checksum,
    partSizes: parts.map((part) => part.body.size),
    isDeleteMarker: false,
  };
  bucket.put(version);
  for (const part of upload.parts.values()) part.body.release();
  bucket.uploads.delete(upload.id);
  return {
    headers: { ...encryptionHeaders(version), "x-amz-version-id": bucket.versioning === undefined ? undefined : version.versionId, "x-amz-expiration": expirationHeader(version, bucket) },
    xml: {
      root: "CompleteMultipartUploadResult",
      value: {
        Location: `${store.region.endpoint}/${bucket.name}/${key}`, Bucket: bucket.name, Key: key, ETag: version.etag,
        ...(checksum ? { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type } : {}),
      },
    },
  };
};

/** The parts that the request names, which must be there as it says. @throws AwsError MalformedXML, InvalidPart, InvalidPartOrder, EntityTooSmall */
function namedParts(upload: Upload, body: Buffer): UploadedPart[] {
  const document = parseXml(body.toString("utf8"), ["Part"])["CompleteMultipartUpload"] as { Part?: NamedPart[] } | undefined;
  const named = document?.Part ?? [];
  if (named.length === 0 || named.length > 10_000) throw s3Error("MalformedXML");
  const parts = named.map((name, index) => {
    const number = Number(name.PartNumber);
    if (index > 0 && number <= Number(named[index - 1]!.PartNumber)) throw s3Error("InvalidPartOrder", { UploadId: upload.id });
    const part = upload.parts.get(number);
    const checksum = upload.algorithm && name[checksumElement(upload.algorithm)];
    if (!part || part.etag.replace(/"/g, "") !== (name.ETag ?? "").replace(/"/g, "") || (checksum !== undefined && checksum !== part.checksum?.value)) {
      throw s3Error("InvalidPart", { UploadId: upload.id, PartNumber: name.PartNumber, ETag: name.ETag });
    }
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.body.size < SMALLEST_BYTES);
  if (small) throw s3Error("EntityTooSmall", { ProposedSize: small.body.size, MinSizeAllowed: SMALLEST_BYTES, PartNumber: small.number, ETag: small.etag.replace(/"/g, "") });
  return parts;
}

/** A composite is the checksum of the parts' checksums; a full one is that of the data, verified if the request tells it. @throws AwsError BadDigest */
function checksumOfParts(upload: Upload, parts: readonly UploadedPart[], whole: Body, headers: Record<string, string>): Checksum | undefined {
  const { algorithm, checksumType: type } = upload;
  if (!algorithm || !type) return undefined;
  const value = type === "FULL_OBJECT"
    ? digest(algorithm, whole.pieces()).toString("base64")
    : `${digest(algorithm, parts.map((part) => Buffer.from(part.checksum!.value, "base64"))).toString("base64")}-${parts.length}`;
  const expected = headers[checksumHeader(algorithm)];
  if (expected !== undefined && expected.replace(/-\d+$/, "") !== value.replace(/-\d+$/, "")) throw s3Error("BadDigest", {}, `The ${algorithm} you specified did not match the calculated checksum.`);
  return { algorithm, value, type };
}
