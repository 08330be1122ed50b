/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
import { toSeconds } from "../../../../time/clock";
import { pageOf } from "../../../core/paging";
import type { Operation } from "../../../core/types";
import { validation } from "../errors";
import type { Metrics } from "../metrics";

const PAGE = 500;
/** Metrics without data for so long are not listed. */
const ACTIVE_SECONDS = 14 * 86_400;
const RECENTLY_SECONDS = 3 * 3600;

interface Input { Namespace?: string; MetricName?: string; Dimensions?: { Name: string; Value?: string }[]; NextToken?: string; RecentlyActive?: string }

export const listMetrics = (metrics: Metrics): Operation<Input> => (input, { region }) => {
  if (input.RecentlyActive && input.RecentlyActive !== "PT3H") throw validation(`The value ${input.RecentlyActive} for parameter RecentlyActive is invalid: it must be PT3H.`);
  const since = toSeconds(region.clock.now()) - (input.RecentlyActive ? RECENTLY_SECONDS : ACTIVE_SECONDS);
  const wanted = input.Dimensions || [];
  const found = [...metrics.byKey.values()].filter((metric) => (!input.Namespace || metric.namespace === input.Namespace)
    && (!input.MetricName || metric.name === input.MetricName)
    && wanted.every(({ Name, Value }) => metric.dimensions.some((dimension) => dimension.Name === Name && (!Value || dimension.Value === Value)))
    && metric.data.length > 0 && metric.data[metric.data.length - 1]!.time >= since);
  found.sort((a, b) => (a.key < b.key ? -1 : 1));
  const { items, nextToken } = pageOf(found, PAGE, input.NextToken || undefined, "InvalidParameterValue");
  return { Metrics: items.map((metric) => ({ Namespace: metric.namespace, MetricName: metric.name, Dimensions: metric.dimensions })), NextToken: nextToken };
};
