/**
 * What metric filters do with events as they arrive: each match puts a value into CloudWatch.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 */
import type { CallContext } from "../../core/types";
import type { LogEvent, LogGroup } from "./store";

export async function putFilteredMetrics(group: LogGroup, events: readonly LogEvent[], { region }: CallContext): Promise<void> {
  const byNamespace = new Map<string, object[]>();
  for (const filter of group.metricFilters.values()) {
    for (const { metricName, metricNamespace, metricValue, defaultValue, dimensions, unit } of filter.metricTransformations) {
      const data = byNamespace.get(metricNamespace) ?? [];
      byNamespace.set(metricNamespace, data);
      const add = (event: LogEvent, value: unknown, Dimensions?: object[]): void => {
        const number = Number(value);
        if (value === undefined || value === null || value === "" || !Number.isFinite(number)) return;
        data.push({ MetricName: metricName, Value: number, Timestamp: new Date(event.timestamp), ...(unit ? { Unit: unit } : {}), ...(Dimensions ? { Dimensions } : {}) });
      };
      for (const event of events) {
        const match = filter.matches(event.message);
        if (!match) {
          if (defaultValue !== undefined) add(event, defaultValue);
          continue;
        }
        const named = dimensions && Object.entries(dimensions).map(([Name, selector]) => ({ Name, Value: match.extract(selector) }));
        if (named?.some(({ Value }) => Value === undefined || Value === null)) continue;
        add(event, metricValue.startsWith("$") ? match.extract(metricValue) : metricValue, named?.map(({ Name, Value }) => ({ Name, Value: String(Value) })));
      }
    }
  }
  for (const [Namespace, MetricData] of byNamespace) {
    for (let start = 0; start < MetricData.length; start += 1000) {
      await region.call(region.admin, "cloudwatch", "PutMetricData", { Namespace, MetricData: MetricData.slice(start, start + 1000) });
    }
  }
}
