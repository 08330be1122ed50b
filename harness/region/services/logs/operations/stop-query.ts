/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StopQuery.html */
import type { Operation } from "../../../core/types";
import { invalidParameter, queryMissing } from "../errors";
import type { Queries } from "../queries";

export const stopQuery = (queries: Queries): Operation<{ queryId: string }> => ({ queryId }) => {
  const query = queries.find(queryId);
  if (query === undefined) throw queryMissing(queryId);
  if (query.status !== "Running") throw invalidParameter(`The specified query ${queryId} is not running.`);
  query.status = "Cancelled";
  return { success: true };
};
