/** What is wrong with a query, and where. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_QueryCompileError.html */
import { AwsError } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";

/** Offsets are those of the part at fault. */
export function malformed(query: string, start: number, end: number, problem: string): AwsError {
  const before = query.slice(0, start).split("\n");
  const message = `${problem} at line ${before.length} and position ${before.at(-1)!.length + 1}`;
  return new AwsError("MalformedQueryException", message, 400, { queryCompileError: { location: { startCharOffset: start, endCharOffset: end }, message } });
}

/** What AWS has and this region does not: the same error, since the query cannot be run, with the words that say why. */
export const unsupportedQuery = (what: string, given?: string): AwsError => {
  const message = notSupported(what, given);
  return new AwsError("MalformedQueryException", message, 400, { queryCompileError: { message } });
};
