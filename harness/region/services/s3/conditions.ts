/**
 * Conditional requests: reads, writes, copies and deletes that happen only if the object is as expected.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
import { s3Error, unsupported } from "./errors";
import { REFUSED } from "./limits";
import type { StoredVersion } from "./versions";

const bare = (etag: string): string => etag.trim().replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
const matches = (list: string, etag: string): boolean => list.split(",").some((one) => one.trim() === "*" || bare(one) === bare(etag));
const whole = (date: Date): number => Math.floor(date.getTime() / 1000) * 1000;
const failed = (condition: string): Error => s3Error("PreconditionFailed", { Condition: condition });

/** A read's conditions; If-Match outdoes If-Unmodified-Since, If-None-Match outdoes If-Modified-Since. @throws AwsError PreconditionFailed, NotModified */
export function checkRead(headers: Record<string, string>, version: StoredVersion): void {
  const [match, none] = [headers["if-match"], headers["if-none-match"]];
  const since = Date.parse(headers["if-modified-since"] ?? "");
  const unmodified = Date.parse(headers["if-unmodified-since"] ?? "");
  if (match !== undefined) {
    if (!matches(match, version.etag)) throw failed("If-Match");
  } else if (whole(version.lastModified) > unmodified) throw failed("If-Unmodified-Since");
  if (none !== undefined) {
    if (matches(none, version.etag)) throw s3Error("NotModified");
  } else if (whole(version.lastModified) <= since) throw s3Error("NotModified");
}

/** A copy's conditions on its source. @throws AwsError PreconditionFailed */
export function checkCopySource(headers: Record<string, string>, source: StoredVersion): void {
  const [match, none] = [headers["x-amz-copy-source-if-match"], headers["x-amz-copy-source-if-none-match"]];
  const since = Date.parse(headers["x-amz-copy-source-if-modified-since"] ?? "");
  const unmodified = Date.parse(headers["x-amz-copy-source-if-unmodified-since"] ?? "");
  if (match !== undefined) {
    if (!matches(match, source.etag)) throw failed("x-amz-copy-source-If-Match");
  } else if (whole(source.lastModified) > unmodified) throw failed("x-amz-copy-source-If-Unmodified-Since");
  if (none !== undefined) {
    if (matches(none, source.etag)) throw failed("x-amz-copy-source-If-None-Match");
  } else if (whole(source.lastModified) <= since) throw failed("x-amz-copy-source-If-Modified-Since");
}

/** A write's conditions on what is there now. @throws AwsError PreconditionFailed, NoSuchKey, NotImplemented */
export function checkWrite(headers: Record<string, string>, key: string, current: StoredVersion | undefined): void {
  const [match, none] = [headers["if-match"], headers["if-none-match"]];
  if (match !== undefined && none !== undefined) throw s3Error("NotImplemented", { Header: "If-Match" });
  if (none !== undefined) {
    if (none.trim() !== "*") throw s3Error("NotImplemented", { Header: "If-None-Match" });
    if (current) throw failed("If-None-Match");
  }
  if (match !== undefined) {
    if (!current) throw s3Error("NoSuchKey", { Key: key });
    if (!matches(match, current.etag)) throw failed("If-Match");
  }
}

/** A delete's conditions. @throws AwsError PreconditionFailed, NotImplemented */
export function checkDelete(headers: Record<string, string>, current: StoredVersion | undefined): void {
  if (headers["x-amz-if-match-last-modified-time"] !== undefined || headers["x-amz-if-match-size"] !== undefined) throw unsupported(REFUSED.conditionalDeletes);
  const match = headers["if-match"];
  if (match === undefined) return;
  if (!current) throw match.trim() === "*" ? failed("If-Match") : s3Error("NoSuchKey");
  if (!matches(match, current.etag)) throw failed("If-Match");
}
