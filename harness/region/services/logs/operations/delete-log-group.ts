/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html */
import { AwsError, type Operation } from "../../../core/types";
import { checkGroupName, type LogsStore } from "../store";

export const deleteLogGroup = (store: LogsStore): Operation<{ logGroupName: string }> => (input) => {
  const group = store.group(checkGroupName(input.logGroupName));
  if (group.deletionProtectionEnabled) throw new AwsError("ValidationException", "The log group cannot be deleted because deletion protection is enabled.");
  store.groups.delete(group.name);
};
