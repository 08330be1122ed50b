/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html */
import type { Operation } from "../../../core/types";
import { queryMissing } from "../errors";
import type { Queries } from "../queries";

export const getQueryResults = (queries: Queries): Operation<{ queryId: string }> => ({ queryId }) => {
  const query = queries.find(queryId);
  if (query === undefined) throw queryMissing(queryId);
  return { queryLanguage: "CWLI", results: query.results, statistics: { ...query.statistics, estimatedRecordsSkipped: 0, estimatedBytesSkipped: 0 }, status: query.status };
};
