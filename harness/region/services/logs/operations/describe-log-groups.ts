/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
import type { Operation } from "../../../core/types";
import { invalidParameter } from "../errors";
import { page, type LogGroup, type LogsStore } from "../store";

interface Input { logGroupNamePrefix?: string; logGroupNamePattern?: string; logGroupClass?: string; logGroupIdentifiers?: string[]; limit?: number; nextToken?: string }

export const describeLogGroups = (store: LogsStore): Operation<Input> => (input) => {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
  if (prefix !== undefined && pattern !== undefined) throw invalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  const wanted = input.logGroupIdentifiers && new Set(input.logGroupIdentifiers.map((identifier) => store.identified(identifier).name));
  const groups = [...store.groups.values()]
    .filter((group) => (prefix === undefined || group.name.startsWith(prefix))
      && (pattern === undefined || group.name.toLowerCase().includes(pattern.toLowerCase()))
      && (input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass)
      && (!wanted || wanted.has(group.name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(groups, input.nextToken, input.limit, 50);
  return { logGroups: items.map(describeLogGroup), nextToken };
};

const describeLogGroup = (group: LogGroup): object => ({
  logGroupName: group.name,
  logGroupArn: group.arn,
  arn: `${group.arn}:*`,
  creationTime: group.creationTime,
  retentionInDays: group.retentionInDays,
  metricFilterCount: group.metricFilters.size,
  storedBytes: [...group.streams.values()].reduce((sum, stream) => sum + stream.events.reduce((bytes, event) => bytes + Buffer.byteLength(event.message) + 26, 0), 0),
  kmsKeyId: group.kmsKeyId,
  logGroupClass: group.logGroupClass,
  deletionProtectionEnabled: group.deletionProtectionEnabled,
});
