/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
import type { Operation } from "../../../core/types";
import { booleanOf, numberOf } from "../../../wire/scalars";
import { isKnownAction, type Alarm, type Alarms, type Comparison } from "../alarms";
import { constraint, invalidCombination, missingParameter, unsupported, validation } from "../errors";
import type { Evaluator } from "../evaluator";
import { REFUSED } from "../limits";
import { sortDimensions, type Dimension } from "../metrics";
import type { MissingData } from "../missing-data";
import { parseQueries, type InputQuery } from "../queries";
import { isSimple } from "../statistics";

const COMPARISONS = ["GreaterThanOrEqualToThreshold", "GreaterThanThreshold", "LessThanThreshold", "LessThanOrEqualToThreshold"];
const MISSING = ["missing", "ignore", "breaching", "notBreaching"];
/** How long all evaluation periods may be together: a week, and a day for periods of less than an hour. */
const longestSeconds = (period: number): number => (period < 3600 ? 86_400 : 7 * 86_400);

type Numeric = number | string;
interface Input {
  AlarmName?: string; AlarmDescription?: string; ActionsEnabled?: boolean | string; OKActions?: string[]; AlarmActions?: string[]; InsufficientDataActions?: string[];
  Namespace?: string; MetricName?: string; Dimensions?: Dimension[]; Statistic?: string; ExtendedStatistic?: string; Period?: Numeric; Unit?: string; Metrics?: InputQuery[];
  EvaluationPeriods?: Numeric; DatapointsToAlarm?: Numeric; Threshold?: Numeric; ComparisonOperator?: string; TreatMissingData?: string;
  EvaluateLowSampleCountPercentile?: string; ThresholdMetricId?: string; Tags?: { Key: string; Value: string }[];
}

export const putMetricAlarm = (alarms: Alarms, evaluator: Evaluator): Operation<Input> => (input) => {
  const { AlarmName: name } = input;
  if (!name) throw missingParameter("AlarmName");
  if (name.length > 255) throw constraint(name, "alarmName", "Member must have length less than or equal to 255");
  const comparison = input.ComparisonOperator;
  if (!comparison) throw missingParameter("ComparisonOperator");
  if (!COMPARISONS.includes(comparison)) {
    if (/Upper|Lower/.test(comparison)) throw unsupported(REFUSED.anomalyDetection);
    throw constraint(comparison, "comparisonOperator", `Member must satisfy enum value set: [${COMPARISONS.join(", ")}]`);
  }
  if (input.ThresholdMetricId) throw unsupported(REFUSED.anomalyDetection);
  const treat = input.TreatMissingData || undefined;
  if (treat && !MISSING.includes(treat)) throw constraint(treat, "treatMissingData", `Member must satisfy enum value set: [${MISSING.join(", ")}]`);
  const threshold = numberOf(input.Threshold, "Threshold");
  if (threshold === undefined) throw missingParameter("Threshold");
  const evaluationPeriods = numberOf(input.EvaluationPeriods, "EvaluationPeriods");
  if (evaluationPeriods === undefined) throw missingParameter("EvaluationPeriods");
  if (!(evaluationPeriods >= 1)) throw constraint(evaluationPeriods, "evaluationPeriods", "Member must have value greater than or equal to 1");
  const datapointsToAlarm = numberOf(input.DatapointsToAlarm, "DatapointsToAlarm");
  if (datapointsToAlarm !== undefined && !(datapointsToAlarm >= 1 && datapointsToAlarm <= evaluationPeriods)) throw validation("The value for DatapointsToAlarm must be between 1 and EvaluationPeriods.");
  const actions = { okActions: input.OKActions || [], alarmActions: input.AlarmActions || [], insufficientDataActions: input.InsufficientDataActions || [] };
  const stranger = Object.values(actions).flat().find((arn) => !isKnownAction(arn));
  if (stranger) throw unsupported(REFUSED.alarmActions, stranger);
  const watched = watchedBy(input);
  const longest = longestSeconds(watched.period);
  if (evaluationPeriods * watched.period > longest) throw validation(`Metrics cannot be checked across more than ${longest === 86_400 ? "a day" : "a week"} (EvaluationPeriods * Period must be <= ${longest}).`);

  const before = alarms.byName.get(name);
  if (before) evaluator.forget(before);
  const now = alarms.now();
  const alarm: Alarm = {
    name,
    arn: alarms.arn(name),
    description: input.AlarmDescription,
    configurationUpdated: now,
    actionsEnabled: booleanOf(input.ActionsEnabled, "ActionsEnabled") ?? true,
    ...actions,
    ...watched,
    evaluationPeriods,
    datapointsToAlarm,
    threshold,
    comparison: comparison as Comparison,
    treatMissingData: treat as MissingData | undefined,
    evaluateLowSampleCountPercentile: input.EvaluateLowSampleCountPercentile,
    state: before?.state ?? "INSUFFICIENT_DATA",
    stateReason: before?.stateReason ?? "Unchecked: Initial alarm creation",
    stateReasonData: before?.stateReasonData,
    stateUpdated: before?.stateUpdated ?? now,
    stateTransitioned: before?.stateTransitioned ?? now,
    tags: before?.tags ?? new Map((input.Tags || []).map(({ Key, Value }) => [Key, Value])),
  };
  alarms.byName.set(name, alarm);
  alarms.note(alarm, "ConfigurationUpdate", `Alarm "${name}" ${before ? "updated" : "created"}`, { version: "1.0", type: before ? "Update" : "Create" });
  evaluator.watch(alarm);
};

/** What the alarm watches: one metric, or queries of which exactly one gives its data. */
function watchedBy(input: Input): Pick<Alarm, "single" | "inputQueries" | "queries" | "period"> {
  if (input.Metrics && input.Metrics.length > 0) {
    if (input.MetricName) throw invalidCombination("The parameters MetricName and Metrics are mutually exclusive and you have specified both.");
    const queries = parseQueries(input.Metrics);
    if (queries.filter((query) => query.returnData).length !== 1) throw validation("Exactly one element of the metrics list should return data.");
    if (queries.some((query) => query.expression !== undefined && /\bSEARCH\s*\(/i.test(query.expression))) throw validation("SEARCH expressions are not allowed in alarms.");
    const period = Math.max(...queries.map((query) => query.metric?.period ?? query.period ?? 0));
    return { inputQueries: input.Metrics, queries, period };
  }
  const statistic = input.Statistic || undefined;
  const extendedStatistic = input.ExtendedStatistic || undefined;
  if ((statistic === undefined) === (extendedStatistic === undefined)) throw invalidCombination("Exactly one of Statistic and ExtendedStatistic must be specified.");
  if (statistic && !isSimple(statistic)) throw constraint(statistic, "statistic", "Member must satisfy enum value set: [Minimum, Maximum, Sum, SampleCount, Average]");
  const period = numberOf(input.Period, "Period");
  if (period === undefined) throw missingParameter("Period");
  if (![10, 20, 30].includes(period) && !(period > 0 && period % 60 === 0)) throw validation("Metric alarms must have a period of 10, 20, 30 or a multiple of 60 seconds.");
  const dimensions = sortDimensions(input.Dimensions || []);
  const metric = { Namespace: input.Namespace, MetricName: input.MetricName, Dimensions: dimensions };
  const queries = parseQueries([{ Id: "m1", MetricStat: { Metric: metric, Period: period, Stat: statistic ?? extendedStatistic, Unit: input.Unit || undefined } }]);
  return { single: { metric: { Namespace: input.Namespace!, MetricName: input.MetricName!, Dimensions: dimensions }, statistic, extendedStatistic, period, unit: input.Unit || undefined }, queries, period };
}
