/** Whether and by which attribute items expire. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html */
import type { Operation } from "../../../core/types";
import type { Tables } from "../tables";

export const describeTimeToLive = (tables: Tables): Operation<{ TableName?: string }> => ({ TableName = "" }) => {
  const { timeToLive } = tables.factsOf(TableName);
  return { TimeToLiveDescription: timeToLive ? { TimeToLiveStatus: "ENABLED", AttributeName: timeToLive.attributeName } : { TimeToLiveStatus: "DISABLED" } };
};
