/**
 * When alarms are evaluated, and to what. Periods of a minute and more are evaluated every minute, shorter ones every
 * ten seconds; each evaluation looks at the periods that end then.
 *
 * An alarm has an actor only while its state may still change by itself: from the arrival of data (or a new
 * configuration, or a state set by hand) until its evaluation range is empty and its state is what an empty range gives.
 * So alarms keep no clock running for ever.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
import { seconds, toSeconds } from "../../../time/clock";
import type { Alarm, Alarms, Comparison } from "./alarms";
import { metricKey, type Metrics } from "./metrics";
import { EXTRA_PERIODS, stateOf } from "./missing-data";
import { runQueries } from "./queries";

const COMPARISONS: Record<Comparison, { holds: (value: number, threshold: number) => boolean; words: string }> = {
  GreaterThanOrEqualToThreshold: { holds: (value, threshold) => value >= threshold, words: "greater than or equal to" },
  GreaterThanThreshold: { holds: (value, threshold) => value > threshold, words: "greater than" },
  LessThanThreshold: { holds: (value, threshold) => value < threshold, words: "less than" },
  LessThanOrEqualToThreshold: { holds: (value, threshold) => value <= threshold, words: "less than or equal to" },
};

export class Evaluator {
  readonly #running = new Set<Alarm>();
  /** Alarms by the metrics that they watch. */
  readonly #watchers = new Map<string, Set<Alarm>>();

  constructor(readonly metrics: Metrics, readonly alarms: Alarms) {}

  /** Takes note of a new or changed alarm. */
  watch(alarm: Alarm): void {
    for (const { metric } of alarm.queries) {
      if (!metric) continue;
      const key = metricKey(metric.name);
      this.#watchers.set(key, (this.#watchers.get(key) ?? new Set()).add(alarm));
    }
    this.wake(alarm);
  }

  forget(alarm: Alarm): void {
    for (const watchers of this.#watchers.values()) watchers.delete(alarm);
  }

  /** Data of that metric has come. */
  dataArrived(key: string): void {
    for (const alarm of this.#watchers.get(key) ?? []) this.wake(alarm);
  }

  /** Sees to it that the alarm is evaluated as long as its state may change. */
  wake(alarm: Alarm): void {
    if (this.#running.has(alarm) || this.#isSettled(alarm)) return;
    this.#running.add(alarm);
    const { clock } = this.alarms.region;
    clock.spawn(`alarm ${alarm.name}`, async () => {
      try {
        do {
          const interval = seconds(alarm.period < 60 ? 10 : 60);
          await clock.sleepUntil((Math.floor(clock.now() / interval) + 1) * interval);
          if (this.alarms.byName.get(alarm.name) !== alarm) return;
          await this.#evaluate(alarm);
        } while (!this.#isSettled(alarm));
      } finally {
        this.#running.delete(alarm);
      }
    });
  }

  #rangeSeconds(alarm: Alarm): number {
    return (alarm.evaluationPeriods + EXTRA_PERIODS) * alarm.period;
  }

  /** No data is in the range or still to come into it, and the state is what no data gives. */
  #isSettled(alarm: Alarm): boolean {
    const start = toSeconds(this.alarms.region.clock.now()) - this.#rangeSeconds(alarm);
    const hasData = alarm.queries.some(({ metric }) => {
      const data = metric && this.metrics.find(metric.name)?.data;
      return data !== undefined && data.length > 0 && data[data.length - 1]!.time >= start;
    });
    if (hasData) return false;
    const empty = stateOf([], alarm.evaluationPeriods, datapointsToAlarm(alarm), alarm.treatMissingData ?? "missing");
    return empty === undefined || empty === alarm.state;
  }

  async #evaluate(alarm: Alarm): Promise<void> {
    const end = Math.floor(toSeconds(this.alarms.region.clock.now()));
    const periods = alarm.evaluationPeriods + EXTRA_PERIODS;
    const points: ({ value: number; time: number } | undefined)[] = [];
    for (let back = 1; back <= periods; back++) points.push(this.#datapoint(alarm, end - back * alarm.period, end));
    const { holds } = COMPARISONS[alarm.comparison];
    const breaching = points.map((point) => point && holds(point.value, alarm.threshold));
    const state = stateOf(breaching, alarm.evaluationPeriods, datapointsToAlarm(alarm), alarm.treatMissingData ?? "missing");
    if (state === undefined || state === alarm.state) return;
    const recent = points.filter((point) => point !== undefined).slice(0, alarm.evaluationPeriods);
    await this.alarms.setState(alarm, state, reason(alarm, state, recent, recent.filter(({ value }) => holds(value, alarm.threshold)).length), reasonData(alarm, recent, this.alarms.now()));
  }

  /** The alarm's value over the period that starts at that time: sliding periods are as good as aligned ones here. */
  #datapoint(alarm: Alarm, start: number, now: number): { value: number; time: number } | undefined {
    const [result] = runQueries(this.metrics, alarm.queries, { start, end: start + alarm.period, now, aligned: false });
    const last = result?.points[result.points.length - 1];
    return last && { value: last[1], time: start };
  }
}

const datapointsToAlarm = (alarm: Alarm): number => alarm.datapointsToAlarm ?? alarm.evaluationPeriods;

function reason(alarm: Alarm, state: string, recent: readonly { value: number; time: number }[], breached: number): string {
  if (state === "INSUFFICIENT_DATA") return `Insufficient Data: ${alarm.evaluationPeriods} datapoint${alarm.evaluationPeriods === 1 ? " was" : "s were"} unknown.`;
  const transition = `(minimum ${datapointsToAlarm(alarm)} datapoint${datapointsToAlarm(alarm) === 1 ? "" : "s"} for ${state === "ALARM" ? "OK -> ALARM" : "ALARM -> OK"} transition).`;
  const words = COMPARISONS[alarm.comparison].words;
  const threshold = decimal(alarm.threshold);
  if (recent.length === 0) {
    const treated = alarm.treatMissingData === "breaching" ? "[Breaching]" : "[NonBreaching]";
    return `Threshold Crossed: no datapoints were received for ${alarm.evaluationPeriods} period${alarm.evaluationPeriods === 1 ? "" : "s"} and ${alarm.evaluationPeriods} missing datapoint${alarm.evaluationPeriods === 1 ? " was" : "s were"} treated as ${treated}.`;
  }
  const shown = recent.map(({ value, time }) => `${decimal(value)} (${clockText(time)})`).join(", ");
  const crossing = state === "ALARM" ? breached : recent.length - breached;
  const verb = state === "ALARM" ? (crossing === 1 ? "was" : "were") : crossing === 1 ? "was not" : "were not";
  return `Threshold Crossed: ${crossing} out of the last ${recent.length} datapoint${recent.length === 1 ? "" : "s"} [${shown}] ${verb} ${words} the threshold (${threshold}) ${transition}`;
}

const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));
/** `01/02/24 10:20:30`: day, month, year. */
function clockText(time: number): string {
  const [date, clock] = new Date(time * 1000).toISOString().split("T") as [string, string];
  const [year, month, day] = date.split("-") as [string, string, string];
  return `${day}/${month}/${year.slice(2)} ${clock.slice(0, 8)}`;
}

function reasonData(alarm: Alarm, recent: readonly { value: number; time: number }[], now: Date): string {
  const stamp = (date: Date): string => date.toISOString().replace("Z", "+0000");
  return JSON.stringify({
    version: "1.0",
    queryDate: stamp(now),
    ...(recent.length > 0 ? { startDate: stamp(new Date(recent[recent.length - 1]!.time * 1000)) } : {}),
    ...(alarm.single ? { statistic: alarm.single.statistic ?? alarm.single.extendedStatistic, period: alarm.period } : {}),
    recentDatapoints: recent.map(({ value }) => value).reverse(),
    threshold: alarm.threshold,
    evaluatedDatapoints: recent.map(({ value, time }) => ({ timestamp: stamp(new Date(time * 1000)), value })),
  });
}
