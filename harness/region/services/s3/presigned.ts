/**
 * Presigned URLs: valid until their time is over, whoever uses them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import { AwsError } from "../../core/types";

const MOST_SECONDS = 7 * 24 * 3600;

const malformed = (message: string): AwsError => new AwsError("AuthorizationQueryParametersError", message, 400);

/** @throws AwsError AccessDenied, when the URL's time is over; AuthorizationQueryParametersError */
export function checkPresigned(query: URLSearchParams, now: Date): void {
  if (!query.has("X-Amz-Signature")) return;
  const text = query.get("X-Amz-Expires") ?? "";
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get("X-Amz-Date") ?? "") ?? [];
  if (!year) throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (!/^\d+$/.test(text)) throw malformed("X-Amz-Expires should be a number");
  if (Number(text) > MOST_SECONDS) throw malformed("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds");
  const expires = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) + Number(text) * 1000;
  if (now.getTime() < expires) return;
  throw new AwsError("AccessDenied", "Request has expired", 403, { "X-Amz-Expires": text, Expires: iso(new Date(expires)), ServerTime: iso(now) });
}

const iso = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, "Z");
