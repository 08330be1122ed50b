/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
import type { Operation } from "../../../core/types";
import { alreadyExists, constraint } from "../errors";
import { checkGroupName, type LogsStore } from "../store";

const CLASSES = ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"];

interface Input { logGroupName: string; kmsKeyId?: string; tags?: Record<string, string>; logGroupClass?: string; deletionProtectionEnabled?: boolean }

export const createLogGroup = (store: LogsStore): Operation<Input> => (input) => {
  const name = checkGroupName(input.logGroupName);
  const logGroupClass = input.logGroupClass ?? "STANDARD";
  if (!CLASSES.includes(logGroupClass)) throw constraint(logGroupClass, "logGroupClass", `Member must satisfy enum value set: [${CLASSES.join(", ")}]`);
  if (store.groups.has(name)) throw alreadyExists("log group");
  store.groups.set(name, {
    name,
    arn: store.groupArn(name),
    creationTime: store.now(),
    kmsKeyId: input.kmsKeyId,
    logGroupClass,
    deletionProtectionEnabled: input.deletionProtectionEnabled ?? false,
    tags: new Map(Object.entries(input.tags ?? {})),
    streams: new Map(),
    metricFilters: new Map(),
  });
};
