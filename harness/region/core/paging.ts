/** Paging by an opaque token: where the next page starts. */
import { AwsError } from "./types";

export interface Page<T> { items: T[]; nextToken?: string }

/**
 * One page of a list.
 * @param token from the page before; absent for the first
 * @param invalid what is thrown when the token is none of ours: an error, or the code of one
 * @throws AwsError
 */
export function pageOf<T>(all: readonly T[], limit: number, token: string | undefined, invalid: string | (() => AwsError) = "ValidationError"): Page<T> {
  const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString("utf8").replace(/^from:/, "") || NaN);
  if (!Number.isInteger(start) || start < 0) throw typeof invalid === "string" ? new AwsError(invalid, "The pagination token is not valid.") : invalid();
  const end = start + limit;
  const items = all.slice(start, end);
  return end < all.length ? { items, nextToken: Buffer.from(`from:${end}`).toString("base64url") } : { items };
}
