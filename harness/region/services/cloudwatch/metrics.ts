/**
 * Metrics and their data: what PutMetricData stores, for how long it can be read, and how it is found again.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
 */
import { firstNotBefore } from "../../core/sorted";

export interface Dimension { Name: string; Value: string }

export interface MetricName { namespace: string; name: string; /** Sorted by name. */ dimensions: readonly Dimension[] }

/** All values of one metric, unit and second (or minute, for standard resolution), put together. */
export interface Datum {
  /** Epoch seconds, rounded down to the resolution. */
  time: number;
  unit: string;
  /** Seconds: 1 or 60. */
  resolution: number;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Values with how often each was given; undefined when a statistic set of several values is among them. */
  values: [value: number, count: number][] | undefined;
}

export interface Metric extends MetricName {
  key: string;
  /** Sorted by time. */
  data: Datum[];
}

/** What comes in for one metric at one time. */
export interface Sample { time: number; unit: string; resolution: number; count: number; sum: number; min: number; max: number; values: [number, number][] | undefined }

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Data older than `ageSeconds` is kept only in that or a coarser period. */
const RETENTION: readonly { ageSeconds: number; periodSeconds: number }[] = [
  { ageSeconds: 455 * DAY, periodSeconds: Infinity },
  { ageSeconds: 63 * DAY, periodSeconds: HOUR },
  { ageSeconds: 15 * DAY, periodSeconds: 300 },
  { ageSeconds: 3 * HOUR, periodSeconds: 60 },
];

/** The shortest period in which data of that age can still be read; seconds. */
export function shortestPeriod(ageSeconds: number): number {
  return RETENTION.find((step) => ageSeconds > step.ageSeconds)?.periodSeconds ?? 1;
}

export const metricKey = ({ namespace, name, dimensions }: MetricName): string =>
  `${namespace}\u0000${name}\u0000${dimensions.map(({ Name, Value }) => `${Name}\u0001${Value}`).join("\u0000")}`;

export const sortDimensions = (dimensions: readonly Dimension[] | undefined): Dimension[] =>
  [...(dimensions ?? [])].map(({ Name, Value }) => ({ Name, Value })).sort((a, b) => (a.Name < b.Name ? -1 : a.Name > b.Name ? 1 : 0));

export class Metrics {
  readonly byKey = new Map<string, Metric>();

  find(name: MetricName): Metric | undefined {
    return this.byKey.get(metricKey(name));
  }

  add(name: MetricName, sample: Sample): Metric {
    const key = metricKey(name);
    let metric = this.byKey.get(key);
    if (!metric) this.byKey.set(key, (metric = { ...name, key, data: [] }));
    const time = Math.floor(sample.time / sample.resolution) * sample.resolution;
    const { data } = metric;
    let index = data.length;
    while (index > 0 && data[index - 1]!.time > time) index--;
    for (let same = index - 1; same >= 0 && data[same]!.time === time; same--) {
      const datum = data[same]!;
      if (datum.unit === sample.unit && datum.resolution === sample.resolution) {
        merge(datum, sample);
        return metric;
      }
    }
    data.splice(index, 0, { ...sample, time });
    return metric;
  }
}

function merge(datum: Datum, sample: Sample): void {
  datum.count += sample.count;
  datum.sum += sample.sum;
  datum.min = Math.min(datum.min, sample.min);
  datum.max = Math.max(datum.max, sample.max);
  if (sample.values) datum.values?.push(...sample.values);
  else datum.values = undefined;
}

/** The index of the first datum at or after that time. */
export const firstDatum = (data: readonly Datum[], time: number): number => firstNotBefore(data, (datum) => datum.time < time);
