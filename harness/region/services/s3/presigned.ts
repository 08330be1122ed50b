/**
 * Presigned URLs: valid until their time is over, whoever uses them.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html#RESTAuthenticationQueryStringAuth (Signature Version 2)
 */
import { AwsError } from "../../core/types";

const MOST_SECONDS = 7 * 24 * 3600;

const malformed = (message: string): AwsError => new AwsError("AuthorizationQueryParametersError", message, 400);

/** @throws AwsError AccessDenied, when the URL's time is over; AuthorizationQueryParametersError */
export function checkPresigned(query: URLSearchParams, now: Date): void {
  const expires = query.has("X-Amz-Signature") ? versionFour(query) : query.has("AWSAccessKeyId") ? versionTwo(query) : undefined;
  if (expires && now.getTime() >= expires.at.getTime()) {
    throw new AwsError("AccessDenied", "Request has expired", 403, { ...expires.members, Expires: expires.at.toISOString().replace(/\.\d+Z$/, "Z"), ServerTime: now.toISOString().replace(/\.\d+Z$/, "Z") });
  }
}

interface Expiry { at: Date; members: Record<string, string> }

function versionFour(query: URLSearchParams): Expiry {
  const text = query.get("X-Amz-Expires") ?? "";
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get("X-Amz-Date") ?? "") ?? [];
  if (!year) throw malformed("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (!/^\d+$/.test(text)) throw malformed("X-Amz-Expires should be a number");
  if (Number(text) > MOST_SECONDS) throw malformed("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds");
  const signed = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return { at: new Date(signed + Number(text) * 1000), members: { "X-Amz-Expires": text } };
}

function versionTwo(query: URLSearchParams): Expiry {
  const text = query.get("Expires") ?? "";
  if (!/^\d+$/.test(text)) throw new AwsError("AccessDenied", "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters", 403);
  return { at: new Date(Number(text) * 1000), members: {} };
}
