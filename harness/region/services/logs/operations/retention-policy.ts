/**
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html and
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html
 */
import type { Operation } from "../../../core/types";
import { invalidParameter } from "../errors";
import { checkGroupName, type LogsStore } from "../store";

const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export const putRetentionPolicy = (store: LogsStore): Operation<{ logGroupName: string; retentionInDays: number }> => (input) => {
  const group = store.group(checkGroupName(input.logGroupName));
  if (!DAYS.includes(input.retentionInDays)) throw invalidParameter(`Invalid retention value ${input.retentionInDays}. Valid values are: [${DAYS.join(", ")}]`);
  group.retentionInDays = input.retentionInDays;
};

export const deleteRetentionPolicy = (store: LogsStore): Operation<{ logGroupName: string }> => (input) => {
  store.group(checkGroupName(input.logGroupName)).retentionInDays = undefined;
};
