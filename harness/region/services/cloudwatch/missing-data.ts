/**
 * How an alarm's state follows from the datapoints of its evaluation range, some of them missing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";
export type MissingData = "missing" | "ignore" | "breaching" | "notBreaching";

/** How many periods CloudWatch looks back beyond the evaluation periods, as in the documentation's tables. */
export const EXTRA_PERIODS = 2;

/**
 * The state that datapoints give.
 * @param breaching the evaluation range, newest first: whether each breaches; undefined where it is missing
 * @returns undefined: the state stays as it is
 */
export function stateOf(breaching: readonly (boolean | undefined)[], evaluationPeriods: number, datapointsToAlarm: number, treat: MissingData): AlarmState | undefined {
  const real = breaching.filter((point) => point !== undefined);
  const count = (points: readonly (boolean | undefined)[]): number => points.filter((point) => point === true).length;
  if (real.length >= evaluationPeriods) return count(real.slice(0, evaluationPeriods)) >= datapointsToAlarm ? "ALARM" : "OK";
  const breached = count(real);
  const missing = evaluationPeriods - real.length;
  switch (treat) {
    case "breaching": return breached + missing >= datapointsToAlarm ? "ALARM" : "OK";
    case "notBreaching": return breached >= datapointsToAlarm ? "ALARM" : "OK";
    default: {
      if (breached >= datapointsToAlarm) return "ALARM";
      if (breached < real.length) return "OK";
      if (treat === "ignore") return undefined;
      if (real.length === 0) return "INSUFFICIENT_DATA";
      // All that is there breaches: an alarm only once the oldest of it is as old as DatapointsToAlarm.
      return breaching.lastIndexOf(true) + 1 >= datapointsToAlarm ? "ALARM" : undefined;
    }
  }
}
