/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html */
import type { Operation } from "../../../core/types";
import { alreadyExists } from "../errors";
import { checkGroupName, checkStreamName, type LogsStore } from "../store";

export const createLogStream = (store: LogsStore): Operation<{ logGroupName: string; logStreamName: string }> => (input) => {
  const group = store.group(checkGroupName(input.logGroupName));
  const name = checkStreamName(input.logStreamName);
  if (group.streams.has(name)) throw alreadyExists("log stream");
  group.streams.set(name, { name, arn: `${group.arn}:log-stream:${name}`, creationTime: store.now(), events: [] });
};
