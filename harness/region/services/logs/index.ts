/**
 * Amazon CloudWatch Logs: groups, streams, events, retention, filter patterns, metric filters and queries of Logs Insights.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/Welcome.html
 */
import type { RegionContext, Service } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { jsonService } from "../../wire/json";
import { invalidParameter } from "./errors";
import { REFUSED_MEMBERS } from "./limits";
import { createLogGroup } from "./operations/create-log-group";
import { createLogStream } from "./operations/create-log-stream";
import { deleteLogGroup } from "./operations/delete-log-group";
import { deleteLogStream } from "./operations/delete-log-stream";
import { putLogGroupDeletionProtection } from "./operations/deletion-protection";
import { describeLogGroups } from "./operations/describe-log-groups";
import { describeQueries } from "./operations/describe-queries";
import { describeLogStreams } from "./operations/describe-log-streams";
import { filterLogEvents } from "./operations/filter-log-events";
import { getLogEvents } from "./operations/get-log-events";
import { getQueryResults } from "./operations/get-query-results";
import { deleteMetricFilter, describeMetricFilters, putMetricFilter, testMetricFilter } from "./operations/metric-filters";
import { putLogEvents } from "./operations/put-log-events";
import { deleteResourcePolicy, describeResourcePolicies, putResourcePolicy } from "./operations/resource-policies";
import { deleteRetentionPolicy, putRetentionPolicy } from "./operations/retention-policy";
import { listTagsForResource, listTagsLogGroup, tagLogGroup, tagResource, untagLogGroup, untagResource } from "./operations/tags";
import { startQuery } from "./operations/start-query";
import { stopQuery } from "./operations/stop-query";
import { Queries } from "./queries";
import { putForService, type ServiceWrite } from "./service-writes";
import { LogsStore } from "./store";

export interface LogsService extends Service {
  /** Writes a message as another service of AWS, where a resource policy allows it. @throws AwsError */
  putForService(write: ServiceWrite): Promise<void>;
}

export function createLogsService(region: RegionContext): LogsService {
  const store = new LogsStore(region);
  const queries = new Queries(store);
  const put = putLogEvents(store);
  const service = jsonService({
    name: "cloudwatch-logs",
    signingName: "logs",
    region,
    version: "1.1",
    targetPrefix: "Logs_20140328",
    operations: refusingMembers({
      CreateLogGroup: createLogGroup(store),
      DeleteLogGroup: deleteLogGroup(store),
      DescribeLogGroups: describeLogGroups(store),
      PutLogGroupDeletionProtection: putLogGroupDeletionProtection(store),
      PutRetentionPolicy: putRetentionPolicy(store),
      DeleteRetentionPolicy: deleteRetentionPolicy(store),
      CreateLogStream: createLogStream(store),
      DeleteLogStream: deleteLogStream(store),
      DescribeLogStreams: describeLogStreams(store),
      PutLogEvents: put,
      GetLogEvents: getLogEvents(store),
      FilterLogEvents: filterLogEvents(store),
      StartQuery: startQuery(store, queries),
      GetQueryResults: getQueryResults(queries),
      StopQuery: stopQuery(queries),
      DescribeQueries: describeQueries(queries),
      PutMetricFilter: putMetricFilter(store),
      DescribeMetricFilters: describeMetricFilters(store),
      DeleteMetricFilter: deleteMetricFilter(store),
      TestMetricFilter: testMetricFilter(),
      PutResourcePolicy: putResourcePolicy(store),
      DescribeResourcePolicies: describeResourcePolicies(store),
      DeleteResourcePolicy: deleteResourcePolicy(store),
      TagResource: tagResource(store),
      UntagResource: untagResource(store),
      ListTagsForResource: listTagsForResource(store),
      TagLogGroup: tagLogGroup(store),
      UntagLogGroup: untagLogGroup(store),
      ListTagsLogGroup: listTagsLogGroup(store),
    }, REFUSED_MEMBERS, invalidParameter),
  });
  return Object.assign(service, { putForService: (write: ServiceWrite) => putForService(store, put, write) });
}
