/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html */
import type { Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { constraint, invalidParameter } from "../errors";
import { MOST_ROWS } from "../insights/query";
import { REFUSED } from "../limits";
import type { Queries } from "../queries";
import type { LogsStore } from "../store";

interface Input {
  queryLanguage?: string; logGroupName?: string; logGroupNames?: string[]; logGroupIdentifiers?: string[];
  startTime: number; endTime: number; queryString: string; limit?: number;
}

/** A request may name so many. */
const MOST_GROUPS = 50;

/** Seconds or milliseconds since the epoch, as the console and programs give them. */
const milliseconds = (time: number): number => (time < 100_000_000_000 ? time * 1000 : time);

export const startQuery = (store: LogsStore, queries: Queries): Operation<Input> => (input) => {
  const { logGroupName, logGroupNames, logGroupIdentifiers, queryLanguage = "CWLI", queryString, limit = MOST_ROWS } = input;
  if (queryLanguage !== "CWLI") {
    if (!["SQL", "PPL"].includes(queryLanguage)) throw constraint(queryLanguage, "queryLanguage", "Member must satisfy enum value set: [CWLI, SQL, PPL]");
    throw invalidParameter(notSupported(REFUSED.languages, queryLanguage));
  }
  const given = [logGroupName === undefined ? undefined : [logGroupName], logGroupNames, logGroupIdentifiers].filter((names) => names !== undefined);
  if (given.length !== 1 || given[0]!.length === 0) throw invalidParameter("Exactly one of logGroupName, logGroupNames or logGroupIdentifiers must be given, with at least one log group.");
  if (given[0]!.length > MOST_GROUPS) throw constraint(`${given[0]!.length} log groups`, "logGroupNames", `Member must have length less than or equal to ${MOST_GROUPS}`);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS) throw constraint(limit, "limit", `Member must have value between 1 and ${MOST_ROWS}`);
  const [start, end] = [milliseconds(input.startTime), milliseconds(input.endTime)];
  if (!(start >= 0 && end >= start)) throw invalidParameter("Query's end date and time must not be before its start date and time.");
  const groups = [...new Set(given[0]!.map((name) => (logGroupIdentifiers === undefined ? store.group(name) : store.identified(name))))];
  return { queryId: queries.start({ queryString, groups, start, end, limit }).queryId };
};
