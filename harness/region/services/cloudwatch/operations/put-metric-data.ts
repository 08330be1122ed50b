/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
import { toSeconds } from "../../../../time/clock";
import type { Operation } from "../../../core/types";
import { dateOf, numberOf } from "../../../wire/scalars";
import { invalidCombination, invalidValue, missingParameter, unsupported, validation } from "../errors";
import type { Evaluator } from "../evaluator";
import { REFUSED } from "../limits";
import { sortDimensions, type Dimension, type Metrics, type Sample } from "../metrics";

const MOST_DATA = 1000;
const MOST_VALUES = 150;
const MOST_DIMENSIONS = 30;
const OLDEST_SECONDS = 14 * 86_400;
const NEWEST_SECONDS = 2 * 3600;
/** Values may not be beyond these: -2^360 to 2^360. */
const GREATEST = 2 ** 360;

export const UNITS = new Set([
  "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent", "Count",
  "Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second", "None",
]);

type Numeric = number | string;
export interface InputDatum {
  MetricName?: string; Dimensions?: Dimension[]; Timestamp?: Date | Numeric; Value?: Numeric; Values?: Numeric[]; Counts?: Numeric[];
  StatisticValues?: { SampleCount?: Numeric; Sum?: Numeric; Minimum?: Numeric; Maximum?: Numeric }; Unit?: string; StorageResolution?: Numeric;
}
interface Input { Namespace?: string; MetricData?: InputDatum[]; EntityMetricData?: unknown; StrictEntityValidation?: unknown }

export const putMetricData = (metrics: Metrics, evaluator: Evaluator): Operation<Input> => (input, { region }) => {
  const { Namespace: namespace, MetricData: data } = input;
  if (!namespace) throw missingParameter("Namespace");
  if (namespace.startsWith("AWS/")) throw invalidValue("The value AWS/ for parameter Namespace is invalid.");
  if (namespace.startsWith(":") || namespace.length > 255) throw invalidValue(`The value ${namespace} for parameter Namespace is invalid.`);
  if (input.EntityMetricData !== undefined) throw unsupported(REFUSED.entityMetrics);
  if (!Array.isArray(data) || data.length === 0) throw missingParameter("MetricData");
  if (data.length > MOST_DATA) throw validation(`The collection MetricData must not have a size greater than ${MOST_DATA}.`);
  store(metrics, evaluator, namespace, data, toSeconds(region.clock.now()));
};

/** Stores checked data: all of a request, or none. @throws AwsError */
export function store(metrics: Metrics, evaluator: Evaluator, namespace: string, data: readonly InputDatum[], now: number): void {
  const checked = data.map((datum, index) => ({ name: checkName(datum, index), dimensions: checkDimensions(datum, index), sample: sampleOf(datum, index, now) }));
  for (const { name, dimensions, sample } of checked) evaluator.dataArrived(metrics.add({ namespace, name, dimensions }, sample).key);
}

const member = (index: number, name: string): string => `MetricData.member.${index + 1}.${name}`;

function checkName({ MetricName: name }: InputDatum, index: number): string {
  if (!name) throw missingParameter(member(index, "MetricName"));
  if (name.length > 255) throw invalidValue(`The value ${name} for parameter ${member(index, "MetricName")} is invalid.`);
  return name;
}

function checkDimensions({ Dimensions: dimensions }: InputDatum, index: number): Dimension[] {
  if (!dimensions) return [];
  if (dimensions.length > MOST_DIMENSIONS) throw validation(`The collection ${member(index, "Dimensions")} must not have a size greater than ${MOST_DIMENSIONS}.`);
  for (const [position, dimension] of dimensions.entries()) {
    for (const part of ["Name", "Value"] as const) {
      if (typeof dimension[part] !== "string" || dimension[part].trim() === "") throw invalidValue(`The parameter ${member(index, `Dimensions.member.${position + 1}.${part}`)} must not be empty.`);
    }
  }
  return sortDimensions(dimensions);
}

function sampleOf(datum: InputDatum, index: number, now: number): Sample {
  const given = dateOf(datum.Timestamp, "Timestamp");
  const time = given ? given.getTime() / 1000 : now;
  if (time < now - OLDEST_SECONDS) throw invalidValue(`The parameter ${member(index, "Timestamp")} must specify a time no more than two weeks in the past.`);
  if (time > now + NEWEST_SECONDS) throw invalidValue(`The parameter ${member(index, "Timestamp")} must specify a time within the next two hours.`);
  const resolution = numberOf(datum.StorageResolution, "StorageResolution") ?? 60;
  if (resolution !== 1 && resolution !== 60) throw invalidValue(`The value ${resolution} for parameter ${member(index, "StorageResolution")} is invalid: it must be 1 or 60.`);
  const unit = datum.Unit || "None";
  if (!UNITS.has(unit)) throw invalidValue(`The value ${unit} for parameter ${member(index, "Unit")} is invalid.`);
  return { time, resolution, unit, ...figures(datum, index) };
}

function figures(datum: InputDatum, index: number): Pick<Sample, "count" | "sum" | "min" | "max" | "values"> {
  const { Value, Values, Counts, StatisticValues: statistics } = datum;
  const given = [Value, Values, statistics].filter((way) => way !== undefined).length;
  if (given === 0) throw missingParameter(member(index, "Value"));
  if (given > 1) throw invalidCombination(`The parameters ${member(index, "Value")}, ${member(index, "Values")} and ${member(index, "StatisticValues")} are mutually exclusive and you have specified more than one.`);
  if (Value !== undefined) {
    const value = finite(Value, member(index, "Value"));
    return { count: 1, sum: value, min: value, max: value, values: [[value, 1]] };
  }
  if (Values !== undefined) {
    if (Values.length === 0) throw missingParameter(member(index, "Values"));
    if (Values.length > MOST_VALUES) throw validation(`The collection ${member(index, "Values")} must not have a size greater than ${MOST_VALUES}.`);
    if (Counts !== undefined && Counts.length !== Values.length) throw invalidValue(`The parameters ${member(index, "Values")} and ${member(index, "Counts")} must be of the same size.`);
    const values = Values.map((value, position): [number, number] => [finite(value, member(index, "Values")), Counts === undefined ? 1 : finite(Counts[position]!, member(index, "Counts"))]);
    const count = values.reduce((total, [, weight]) => total + weight, 0);
    return { count, sum: values.reduce((total, [value, weight]) => total + value * weight, 0), min: Math.min(...values.map(([value]) => value)), max: Math.max(...values.map(([value]) => value)), values };
  }
  const part = (name: "SampleCount" | "Sum" | "Minimum" | "Maximum"): number => finite(statistics![name], member(index, `StatisticValues.${name}`));
  const [count, sum, min, max] = [part("SampleCount"), part("Sum"), part("Minimum"), part("Maximum")];
  if (count <= 0) throw invalidValue(`The value ${count} for parameter ${member(index, "StatisticValues.SampleCount")} must be greater than 0.`);
  if (min > max) throw invalidCombination(`The parameter ${member(index, "StatisticValues.Maximum")} must be greater than ${member(index, "StatisticValues.Minimum")}.`);
  return { count, sum, min, max, values: count === 1 ? [[sum, 1]] : undefined };
}

function finite(value: Numeric | undefined, name: string): number {
  if (value === undefined) throw missingParameter(name);
  const number = Number(value);
  if (!Number.isFinite(number) || Math.abs(number) > GREATEST) throw invalidValue(`The value ${String(value)} for parameter ${name} is invalid.`);
  return number;
}
