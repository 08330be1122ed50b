/**
 * What CloudWatch Logs holds: groups, their streams, and events in order of time.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogsConcepts.html
 */
import { pageOf, type Page } from "../../core/paging";
import { firstNotBefore } from "../../core/sorted";
import type { RegionContext } from "../../core/types";
import { constraint, groupMissing, invalidParameter, streamMissing } from "./errors";
import type { FilterPattern } from "./filter-pattern";

/** Milliseconds since the epoch, as everywhere in this API. */
export type Milliseconds = number;

export interface LogEvent {
  id: string;
  timestamp: Milliseconds;
  ingestionTime: Milliseconds;
  message: string;
}

export interface LogStream {
  name: string;
  arn: string;
  creationTime: Milliseconds;
  /** Sorted by timestamp; of equal ones the earlier written is first. */
  events: LogEvent[];
  lastIngestionTime?: Milliseconds;
}

export interface MetricTransformation {
  metricName: string;
  metricNamespace: string;
  metricValue: string;
  defaultValue?: number;
  dimensions?: Record<string, string>;
  unit?: string;
}

export interface MetricFilter {
  filterName: string;
  filterPattern: string;
  matches: FilterPattern;
  metricTransformations: MetricTransformation[];
  creationTime: Milliseconds;
}

export interface LogGroup {
  name: string;
  /** Without the `:*` that most of the API's ARNs of groups end with. */
  arn: string;
  creationTime: Milliseconds;
  retentionInDays?: number;
  kmsKeyId?: string;
  logGroupClass: string;
  deletionProtectionEnabled: boolean;
  tags: Map<string, string>;
  streams: Map<string, LogStream>;
  metricFilters: Map<string, MetricFilter>;
}

export interface ResourcePolicy { policyName: string; policyDocument: string; lastUpdatedTime: Milliseconds }

export class LogsStore {
  readonly groups = new Map<string, LogGroup>();
  readonly resourcePolicies = new Map<string, ResourcePolicy>();
  #eventNumber = 0;

  constructor(readonly region: RegionContext) {}

  now(): Milliseconds {
    return Math.floor(this.region.clock.now() / 1000);
  }

  groupArn(name: string): string {
    return `arn:${this.region.partition}:logs:${this.region.regionName}:${this.region.accountId}:log-group:${name}`;
  }

  /** @throws AwsError ResourceNotFoundException */
  group(name: string): LogGroup {
    const group = this.groups.get(name);
    if (!group) throw groupMissing();
    return group;
  }

  /** The group that a name or an ARN (with or without `:*`) stands for. @throws AwsError */
  identified(identifier: string | undefined, name?: string): LogGroup {
    if (identifier !== undefined && name !== undefined) throw invalidParameter("LogGroupName and LogGroupIdentifier cannot both be specified");
    const text = identifier ?? checkGroupName(name);
    const match = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(:\*)?$/.exec(text);
    return this.group(match ? match[1]! : text);
  }

  stream(group: LogGroup, name: unknown): LogStream {
    const stream = group.streams.get(checkStreamName(name));
    if (!stream) throw streamMissing();
    return stream;
  }

  /** An event's id: 56 digits, growing in the order of arrival. */
  eventId(): string {
    return `3${String(++this.#eventNumber).padStart(55, "0")}`;
  }

  /** The stream's events that its group's retention has not yet taken. */
  visible(group: LogGroup, stream: LogStream): LogEvent[] {
    if (group.retentionInDays === undefined) return stream.events;
    const oldest = this.now() - group.retentionInDays * 86_400_000;
    const first = firstIndex(stream.events, oldest);
    if (first > 0) stream.events.splice(0, first);
    return stream.events;
  }
}

/** The index of the first event at or after that time. */
export const firstIndex = (events: readonly LogEvent[], time: Milliseconds): number => firstNotBefore(events, ({ timestamp }) => timestamp < time);

/** @throws AwsError InvalidParameterException https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export function checkGroupName(name: unknown): string {
  if (typeof name !== "string" || name.length === 0) throw constraint(name ?? "null", "logGroupName", name === undefined ? "Member must not be null" : "Member must have length greater than or equal to 1");
  if (name.length > 512) throw constraint(name, "logGroupName", "Member must have length less than or equal to 512");
  if (!/^[.\-_/#A-Za-z0-9]+$/.test(name)) throw constraint(name, "logGroupName", "Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+");
  return name;
}

/** @throws AwsError InvalidParameterException https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html */
export function checkStreamName(name: unknown): string {
  if (typeof name !== "string" || name.length === 0) throw constraint(name ?? "null", "logStreamName", name === undefined ? "Member must not be null" : "Member must have length greater than or equal to 1");
  if (name.length > 512) throw constraint(name, "logStreamName", "Member must have length less than or equal to 512");
  if (!/^[^:*]*$/.test(name)) throw constraint(name, "logStreamName", "Member must satisfy regular expression pattern: [^:*]*");
  return name;
}

/** One page of a list. @throws AwsError InvalidParameterException */
export function page<T>(items: readonly T[], token: unknown, limit: unknown, most: number): Page<T> {
  const size = limit === undefined ? most : Number(limit);
  if (!Number.isInteger(size) || size < 1) throw constraint(limit, "limit", "Member must have value greater than or equal to 1");
  if (size > most) throw constraint(limit, "limit", `Member must have value less than or equal to ${most}`);
  return pageOf(items, size, token === undefined ? undefined : String(token), () => invalidParameter("The specified nextToken is invalid."));
}
