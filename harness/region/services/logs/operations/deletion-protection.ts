/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogGroupDeletionProtection.html */
import type { Operation } from "../../../core/types";
import type { LogsStore } from "../store";

export const putLogGroupDeletionProtection = (store: LogsStore): Operation<{ logGroupIdentifier: string; deletionProtectionEnabled: boolean }> => (input) => {
  store.identified(input.logGroupIdentifier).deletionProtectionEnabled = input.deletionProtectionEnabled;
};
