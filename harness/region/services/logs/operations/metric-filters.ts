/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html */
import { AwsError, type Operation } from "../../../core/types";
import { constraint } from "../errors";
import { compileFilterPattern } from "../filter-pattern";
import { checkGroupName, page, type LogsStore, type MetricTransformation } from "../store";

interface PutInput { logGroupName: string; filterName: string; filterPattern: string; metricTransformations: MetricTransformation[] }

export const putMetricFilter = (store: LogsStore): Operation<PutInput> => (input) => {
  const group = store.group(checkGroupName(input.logGroupName));
  const { filterName, filterPattern, metricTransformations } = input;
  if (typeof filterName !== "string" || !/^[^:*]{1,512}$/.test(filterName)) throw constraint(filterName, "filterName", "Member must satisfy regular expression pattern: [^:*]*");
  if (metricTransformations?.length !== 1) throw constraint(metricTransformations?.length ?? "null", "metricTransformations", "Member must have length equal to 1");
  group.metricFilters.set(filterName, { filterName, filterPattern, matches: compileFilterPattern(filterPattern ?? ""), metricTransformations, creationTime: store.now() });
};

interface DescribeInput { logGroupName?: string; filterNamePrefix?: string; metricName?: string; metricNamespace?: string; limit?: number; nextToken?: string }

export const describeMetricFilters = (store: LogsStore): Operation<DescribeInput> => (input) => {
  const groups = input.logGroupName === undefined ? [...store.groups.values()] : [store.group(checkGroupName(input.logGroupName))];
  const filters = groups.flatMap((group) => [...group.metricFilters.values()]
    .filter((filter) => (input.filterNamePrefix === undefined || filter.filterName.startsWith(input.filterNamePrefix))
      && (input.metricName === undefined || filter.metricTransformations.some(({ metricName, metricNamespace }) => metricName === input.metricName && metricNamespace === input.metricNamespace)))
    .sort((a, b) => (a.filterName < b.filterName ? -1 : 1))
    .map(({ matches: _, ...filter }) => ({ ...filter, logGroupName: group.name })));
  const { items, nextToken } = page(filters, input.nextToken, input.limit, 50);
  return { metricFilters: items, nextToken };
};

export const deleteMetricFilter = (store: LogsStore): Operation<{ logGroupName: string; filterName: string }> => (input) => {
  if (!store.group(checkGroupName(input.logGroupName)).metricFilters.delete(input.filterName)) {
    throw new AwsError("ResourceNotFoundException", "The specified metric filter does not exist.");
  }
};

export const testMetricFilter = (): Operation<{ filterPattern: string; logEventMessages: string[] }> => (input) => {
  const matches = compileFilterPattern(input.filterPattern);
  return { matches: input.logEventMessages.flatMap((eventMessage, index) => (matches(eventMessage) ? [{ eventNumber: index + 1, eventMessage, extractedValues: {} }] : [])) };
};
