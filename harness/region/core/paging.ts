/** Paging by an opaque token: where the next page starts. */
import { AwsError } from "./types";

export interface Page<T> { items: T[]; nextToken?: string }

/**
 * One page of a list.
 * @param token from the page before; absent for the first
 * @throws AwsError of that code, when the token is none of ours
 */
export function pageOf<T>(all: readonly T[], limit: number, token: string | undefined, errorCode = "ValidationError"): Page<T> {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString("utf8").replace(/^from:/, "") || NaN);
  if (!Number.isInteger(start) || start < 0) throw new AwsError(errorCode, "The pagination token is not valid.");
  const end = start + limit;
  const items = all.slice(start, end);
  return end < all.length ? { items, nextToken: Buffer.from(`from:${end}`).toString("base64url") } : { items };
}
