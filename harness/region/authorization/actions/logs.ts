/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
import { all, anywhere, each, on, requestTags, tagKeys, when, type Call, type RuleTable } from "../need";

/** A group by name, or by ARN (with or without `:*`); in policies it is written with `:*` or `:log-stream:NAME` behind it. */
const group = ({ input, arn }: Call): string => {
  const given = String(input.logGroupName ?? input.logGroupIdentifier ?? "");
  return `${given.startsWith("arn:") ? given.replace(/:\*$/, "") : arn("logs", `log-group:${given}`)}:*`;
};
/** Every group that a query reads. */
const queriedGroups = (call: Call): string[] => [call.input.logGroupName ?? [], call.input.logGroupNames ?? [], call.input.logGroupIdentifiers ?? []].flat()
  .map((given: unknown) => group({ ...call, input: { logGroupIdentifier: given } }));
const stream = (call: Call): string => `${group(call).replace(/:\*$/, "")}:log-stream:${String(call.input.logStreamName ?? "")}`;
const resource = ({ input }: Call): string => { const given = String(input.resourceArn ?? "").replace(/:\*$/, ""); return given.includes(":log-group:") ? `${given}:*` : given; };

export const LOGS: RuleTable = {
  CreateLogGroup: all(on("logs:CreateLogGroup", group, ({ input }) => requestTags(input.tags)), when(({ input }) => Object.keys(input.tags ?? {}).length > 0, on("logs:TagResource", group, ({ input }) => requestTags(input.tags)))),
  ...each("DeleteLogGroup PutLogGroupDeletionProtection PutRetentionPolicy DeleteRetentionPolicy CreateLogStream DescribeLogStreams FilterLogEvents PutMetricFilter DeleteMetricFilter", (name) => on(`logs:${name}`, group)),
  ...each("DeleteLogStream PutLogEvents GetLogEvents", (name) => on(`logs:${name}`, stream)),
  DescribeMetricFilters: on("logs:DescribeMetricFilters", (call) => (call.input.logGroupName === undefined ? call.arn("logs", "log-group:*") : group(call))),
  StartQuery: on("logs:StartQuery", queriedGroups),
  ...each("GetQueryResults StopQuery DescribeQueries DescribeLogGroups TestMetricFilter PutResourcePolicy DescribeResourcePolicies DeleteResourcePolicy", (name) => anywhere(`logs:${name}`)),
  TagResource: on("logs:TagResource", resource, ({ input }) => requestTags(input.tags)),
  UntagResource: on("logs:UntagResource", resource, ({ input }) => tagKeys(input.tagKeys)),
  ListTagsForResource: on("logs:ListTagsForResource", resource),
  TagLogGroup: on("logs:TagLogGroup", group, ({ input }) => requestTags(input.tags)),
  UntagLogGroup: on("logs:UntagLogGroup", group, ({ input }) => tagKeys(input.tags)),
  ListTagsLogGroup: on("logs:ListTagsLogGroup", group),
};
