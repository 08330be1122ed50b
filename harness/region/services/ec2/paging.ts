/**
 * Paging of the Describe operations: MaxResults items at a time, the rest under NextToken.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination
 */
import { ec2Error, invalidValue } from "./errors";
import { text, whole, type Wire } from "./input";

export interface Page<T> { items: T[]; nextToken?: string }

/**
 * The page of `items` that the request asks for. Items are told apart by `keyOf`, so that one that vanishes between two
 * pages shifts nothing.
 * @param range what MaxResults may be: the lower bound is refused below, the upper one is a cap; `always`: pages are that long at
 *   most also for a request that does not ask for pages
 * @throws AwsError InvalidParameterValue, InvalidNextToken
 */
export function paged<T>(items: readonly T[], input: Wire, keyOf: (item: T) => string, range: { least: number; most: number; always?: true } = { least: 5, most: 1000 }): Page<T> {
  const asked = whole(input, "MaxResults");
  if (asked !== undefined && asked < range.least) throw invalidValue(String(asked), "maxResults", `Expecting a value greater than ${range.least}.`);
  const token = text(input, "NextToken");
  let start = 0;
  if (token) {
    const [index, key] = readToken(token);
    start = items.findIndex((item) => keyOf(item) === key);
    if (start < 0) start = Math.min(index, items.length);
  }
  const count = asked === undefined ? (token || range.always ? range.most : items.length) : Math.min(asked, range.most);
  const end = start + count;
  const next = items[end];
  return { items: items.slice(start, end), ...(next === undefined ? {} : { nextToken: writeToken(end, keyOf(next)) }) };
}

const writeToken = (index: number, key: string): string => Buffer.from(JSON.stringify([index, key])).toString("base64url");

function readToken(token: string): [number, string] {
  try {
    const value = JSON.parse(Buffer.from(token, "base64url").toString()) as unknown;
    if (Array.isArray(value) && Number.isInteger(value[0]) && typeof value[1] === "string") return [value[0] as number, value[1]];
  } catch {
    // As one that is no array: refused below.
  }
  throw ec2Error("InvalidNextToken", "The specified NextToken is not valid.");
}
