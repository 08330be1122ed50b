/**
 * Tags of log groups, by ARN and in the older form by name.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html
 */
import type { Operation } from "../../../core/types";
import { invalidParameter } from "../errors";
import { checkGroupName, type LogGroup, type LogsStore } from "../store";

type Tags = Record<string, string>;

const add = (group: LogGroup, tags: Tags): void => {
  const merged = new Map([...group.tags, ...Object.entries(tags ?? {})]);
  if (merged.size > 50) throw invalidParameter("The maximum number of tags for a resource is 50");
  group.tags = merged;
};
const remove = (group: LogGroup, keys: readonly string[]): void => { for (const key of keys ?? []) group.tags.delete(key); };

export const tagResource = (store: LogsStore): Operation<{ resourceArn: string; tags: Tags }> => (input) => add(store.identified(input.resourceArn), input.tags);
export const untagResource = (store: LogsStore): Operation<{ resourceArn: string; tagKeys: string[] }> => (input) => remove(store.identified(input.resourceArn), input.tagKeys);
export const listTagsForResource = (store: LogsStore): Operation<{ resourceArn: string }> => (input) => ({ tags: Object.fromEntries(store.identified(input.resourceArn).tags) });

export const tagLogGroup = (store: LogsStore): Operation<{ logGroupName: string; tags: Tags }> => (input) => add(store.group(checkGroupName(input.logGroupName)), input.tags);
export const untagLogGroup = (store: LogsStore): Operation<{ logGroupName: string; tags: string[] }> => (input) => remove(store.group(checkGroupName(input.logGroupName)), input.tags);
export const listTagsLogGroup = (store: LogsStore): Operation<{ logGroupName: string }> => (input) => ({ tags: Object.fromEntries(store.group(checkGroupName(input.logGroupName)).tags) });
