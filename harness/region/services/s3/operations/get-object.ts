/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
import type { Described } from "../../../authorization/need";
import { AwsError, type CallContext } from "../../../core/types";
import { checksumHeader, digest } from "../integrity";
import { checkRead } from "../conditions";
import { readHeaders } from "../description";
import { invalidArgument, s3Error } from "../errors";
import type { Bucket, S3Store } from "../store";
import type { StoredVersion } from "../versions";
import type { S3Input, S3Operation, S3Output } from "../types";

export const getObject = (store: S3Store): S3Operation => (input, context) => read(store, input, context, true);
export const headObject = (store: S3Store): S3Operation => (input, context) => read(store, input, context, false);

/** The form of the ids that S3 gives versions. */
const VERSION_ID = /^(null|[A-Za-z0-9_-]{32})$/;

/** The version that is asked for, or the current one. @throws AwsError NoSuchKey, NoSuchVersion, MethodNotAllowed, InvalidArgument */
export function findVersion(bucket: Bucket, { Key: key = "", VersionId: versionId }: Pick<S3Input, "Key" | "VersionId">): StoredVersion {
  if (versionId !== undefined && !VERSION_ID.test(versionId)) throw invalidArgument("Invalid version id specified", "versionId", versionId);
  const versions = bucket.versionsOf(key);
  const found = versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
  if (found?.isDeleteMarker) {
    const members = { headers: { "x-amz-delete-marker": "true", "x-amz-version-id": found.versionId, ...(versionId === undefined ? {} : { allow: "DELETE" }) } };
    throw versionId === undefined ? s3Error("NoSuchKey", { Key: key, ...members }) : s3Error("MethodNotAllowed", { Method: "GET", ResourceType: "DeleteMarker", ...members });
  }
  if (!found) throw versionId === undefined ? s3Error("NoSuchKey", { Key: key }) : s3Error("NoSuchVersion", { Key: key, VersionId: versionId });
  return found;
}

/** The version; that there is none is only told to who may list the bucket. @throws AwsError AccessDenied instead of NoSuchKey for others */
function visibleVersion(bucket: Bucket, input: S3Input, { region, caller }: CallContext): StoredVersion {
  try {
    return findVersion(bucket, input);
  } catch (error) {
    if (error instanceof AwsError && error.code === "NoSuchKey") {
      const resource = `arn:${region.partition}:s3:::${input.Bucket}`;
      region.permit?.(caller, "s3", [{ action: "s3:ListBucket", resource, policy: () => region.service<Described>("s3").resourcePolicy?.(resource) }]);
    }
    throw error;
  }
}

function read(store: S3Store, input: S3Input, context: CallContext, withBody: boolean): S3Output {
  const { headers: request, query } = input;
  const bucket = store.bucket(input.Bucket);
  const version = visibleVersion(bucket, input, context);
  checkRead(request, version);
  const part = partOf(version, query.get("partNumber"));
  const range = part ?? rangeOf(request["range"], version.body.size);
  const { start, end } = range ?? { start: 0, end: version.body.size };
  const headers = readHeaders(version, bucket, query);
  headers["content-length"] = String(end - start);
  if (range) headers["content-range"] = `bytes ${start}-${end - 1}/${version.body.size}`;
  if (part) headers["x-amz-mp-parts-count"] = String(version.partSizes?.length ?? 1);
  if (request["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED" && end - start === version.body.size) Object.assign(headers, checksumHeaders(version));
  return { status: range ? 206 : 200, headers, ...(withBody ? version.body.sent(start, end) : {}) };
}

/** Objects put without a checksum have the one that S3 computes for all of them. */
export function checksumHeaders(version: StoredVersion): Record<string, string> {
  version.checksum ??= { algorithm: "CRC64NVME", value: digest("CRC64NVME", version.body.pieces()).toString("base64"), type: "FULL_OBJECT" };
  const { algorithm, value, type } = version.checksum;
  return { [checksumHeader(algorithm)]: value, "x-amz-checksum-type": type };
}

interface Range { start: number; end: number }

/** A single range of bytes; several, or what is no range, count as none. @throws AwsError InvalidRange */
function rangeOf(text: string | undefined, size: number): Range | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text?.trim() ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [first, last] = [match[1]!, match[2]!];
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  if (start >= size) throw s3Error("InvalidRange", { RangeRequested: text, ActualObjectSize: size });
  return { start, end };
}

function partOf(version: StoredVersion, text: string | null): Range | undefined {
  if (text === null) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
  const sizes = version.partSizes ?? [version.body.size];
  if (number > sizes.length) throw s3Error("InvalidRange", {}, "The requested partnumber is not satisfiable");
  const start = sizes.slice(0, number - 1).reduce((sum, size) => sum + size, 0);
  return { start, end: start + sizes[number - 1]! };
}
