/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html */
import type { Operation } from "../../../core/types";
import { checkGroupName, type LogsStore } from "../store";

export const deleteLogStream = (store: LogsStore): Operation<{ logGroupName: string; logStreamName: string }> => (input) => {
  const group = store.group(checkGroupName(input.logGroupName));
  group.streams.delete(store.stream(group, input.logStreamName).name);
};
