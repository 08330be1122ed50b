/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeQueries.html */
import type { Operation } from "../../../core/types";
import type { Queries } from "../queries";
import { page } from "../store";

interface Input { logGroupName?: string; status?: string; queryLanguage?: string; maxResults?: number; nextToken?: string }

export const describeQueries = (queries: Queries): Operation<Input> => ({ logGroupName, status, queryLanguage, maxResults, nextToken }) => {
  const found = queries.all().filter((query) => (logGroupName === undefined || query.groups.some(({ name }) => name === logGroupName))
    && (status === undefined || query.status === status) && (queryLanguage === undefined || queryLanguage === "CWLI"));
  const { items, nextToken: next } = page(found, nextToken, maxResults, 1000);
  return {
    queries: items.map(({ queryId, queryString, status: now, createTime, groups }) => ({ queryLanguage: "CWLI", queryId, queryString, status: now, createTime, logGroupName: groups.map(({ name }) => name).join(",") })),
    nextToken: next,
  };
};
