/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
import { toSeconds } from "../../../../time/clock";
import type { Operation } from "../../../core/types";
import { dateOf, numberOf } from "../../../wire/scalars";
import { invalidCombination, invalidValue, missingParameter } from "../errors";
import type { Dimension, Metrics } from "../metrics";
import { metricName } from "../queries";
import { byPeriod, checkPeriod, isSimple, parseStatistic } from "../statistics";

const MOST_DATAPOINTS = 1440;

interface Input {
  Namespace?: string; MetricName?: string; Dimensions?: Dimension[]; StartTime?: Date; EndTime?: Date; Period?: number | string;
  Statistics?: string[]; ExtendedStatistics?: string[]; Unit?: string;
}

export const getMetricStatistics = (metrics: Metrics): Operation<Input> => (input, { region }) => {
  const name = metricName(input);
  const start = dateOf(input.StartTime, "StartTime");
  const end = dateOf(input.EndTime, "EndTime");
  if (!start) throw missingParameter("StartTime");
  if (!end) throw missingParameter("EndTime");
  if (start >= end) throw invalidCombination("The parameter StartTime must be less than the parameter EndTime.");
  const period = checkPeriod(numberOf(input.Period, "Period"));
  const simple = input.Statistics || [];
  const extended = input.ExtendedStatistics || [];
  if (simple.length === 0 && extended.length === 0) throw missingParameter("Statistics");
  const wrong = simple.find((statistic) => !isSimple(statistic));
  if (wrong) throw invalidValue(`The value ${wrong} for parameter Statistics is invalid.`);
  // The start is rounded down to a whole minute, or to the period when that is shorter.
  const rounding = Math.min(period, 60);
  const startSeconds = Math.floor(start.getTime() / 1000 / rounding) * rounding;
  const endSeconds = end.getTime() / 1000;
  const asked = Math.ceil((endSeconds - startSeconds) / period);
  if (asked > MOST_DATAPOINTS) {
    throw invalidCombination(`You have requested up to ${asked.toLocaleString("en-US")} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`);
  }
  const statistics = simple.map((statistic) => ({ statistic, of: parseStatistic(statistic) }));
  const percentiles = extended.map((statistic) => ({ statistic, of: parseStatistic(statistic) }));
  const datapoints: object[] = [];
  for (const { time, data } of byPeriod(metrics.find(name), startSeconds, endSeconds, period, toSeconds(region.clock.now()), input.Unit || undefined)) {
    for (const unit of new Set(data.map((datum) => datum.unit))) {
      const same = data.filter((datum) => datum.unit === unit);
      const figures = Object.fromEntries(statistics.map(({ statistic, of }) => [statistic, of(same)]));
      const more = percentiles.flatMap(({ statistic, of }) => {
        const value = of(same);
        return value === undefined ? [] : [[statistic, value] as const];
      });
      datapoints.push({ Timestamp: new Date(time * 1000), ...figures, ...(percentiles.length > 0 ? { ExtendedStatistics: new Map(more) } : {}), Unit: unit });
    }
  }
  return { Label: name.name, Datapoints: datapoints };
};
