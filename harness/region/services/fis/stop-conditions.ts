/** Stop conditions: CloudWatch alarms that end an experiment while they are in ALARM. https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html */
import type { RegionContext } from "../../core/types";
import type { StopCondition } from "./model";

interface Alarm { AlarmArn: string; StateValue: string }

const nameOf = (arn: string): string => arn.slice(arn.indexOf(":alarm:") + ":alarm:".length);
const alarmsOf = (conditions: readonly StopCondition[]): string[] => conditions.flatMap(({ source, value }) => (source === "none" || !value ? [] : [value]));

/** Whether there is an alarm to watch at all. */
export const hasAlarms = (conditions: readonly StopCondition[]): boolean => alarmsOf(conditions).length > 0;

/** The alarms' states by ARN; undefined for one that does not exist. FIS watches them by its own service-linked role. */
export async function alarmStates(region: RegionContext, conditions: readonly StopCondition[]): Promise<Map<string, string | undefined>> {
  const arns = alarmsOf(conditions);
  if (arns.length === 0) return new Map();
  const { MetricAlarms = [], CompositeAlarms = [] } = await region.call<{ MetricAlarms?: Alarm[]; CompositeAlarms?: Alarm[] }>(
    region.admin, "cloudwatch", "DescribeAlarms", { AlarmNames: arns.map(nameOf), AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
  const states = new Map([...MetricAlarms, ...CompositeAlarms].map(({ AlarmArn, StateValue }) => [AlarmArn, StateValue]));
  return new Map(arns.map((arn) => [arn, states.get(arn)]));
}
