/**
 * Alarms: their state, and what happens when it changes.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
import { parseArn } from "../../core/arn";
import type { RegionContext, Service } from "../../core/types";
import type { AlarmState, MissingData } from "./missing-data";
import type { InputMetric, InputQuery, Query } from "./queries";

export type Comparison = "GreaterThanOrEqualToThreshold" | "GreaterThanThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";

export interface Alarm {
  name: string;
  arn: string;
  description?: string;
  configurationUpdated: Date;
  actionsEnabled: boolean;
  okActions: string[];
  alarmActions: string[];
  insufficientDataActions: string[];
  /** Either one metric with its statistic and period, or queries. */
  single?: { metric: Required<Pick<InputMetric, "Namespace" | "MetricName">> & Pick<InputMetric, "Dimensions">; statistic?: string; extendedStatistic?: string; period: number; unit?: string };
  inputQueries?: InputQuery[];
  queries: Query[];
  /** Seconds: the longest period among its metrics. */
  period: number;
  evaluationPeriods: number;
  datapointsToAlarm?: number;
  threshold: number;
  comparison: Comparison;
  treatMissingData?: MissingData;
  evaluateLowSampleCountPercentile?: string;
  state: AlarmState;
  stateReason: string;
  stateReasonData?: string;
  stateUpdated: Date;
  stateTransitioned: Date;
  tags: Map<string, string>;
}

export interface HistoryItem { AlarmName: string; AlarmType: string; Timestamp: Date; HistoryItemType: "ConfigurationUpdate" | "StateUpdate" | "Action"; HistorySummary: string; HistoryData: string }

/** What the lambda service offers to other services of AWS. */
interface Functions extends Service {
  invokeForService(call: { functionArn: string; payload: string; principal: string; sourceArn: string }): Promise<void> | void;
}

export class Alarms {
  readonly byName = new Map<string, Alarm>();
  readonly history: HistoryItem[] = [];

  constructor(readonly region: RegionContext) {}

  now(): Date {
    return new Date(this.region.clock.now() / 1000);
  }

  arn(name: string): string {
    return `arn:${this.region.partition}:cloudwatch:${this.region.regionName}:${this.region.accountId}:alarm:${name}`;
  }

  note(alarm: Alarm, type: HistoryItem["HistoryItemType"], summary: string, data: object): void {
    this.history.push({ AlarmName: alarm.name, AlarmType: "MetricAlarm", Timestamp: this.now(), HistoryItemType: type, HistorySummary: summary, HistoryData: JSON.stringify(data) });
  }

  /** Sets the state; a change is told to the event bus and carries out the actions for the new state. */
  async setState(alarm: Alarm, state: AlarmState, reason: string, reasonData?: string): Promise<void> {
    const before = stateMembers(alarm);
    const oldState = historyState(alarm);
    const changed = alarm.state !== state;
    const now = this.now();
    if (!changed && alarm.stateReason === reason) return;
    Object.assign(alarm, { state, stateReason: reason, stateReasonData: reasonData, stateUpdated: now });
    if (!changed) return;
    alarm.stateTransitioned = now;
    this.note(alarm, "StateUpdate", `Alarm updated from ${before.value} to ${state}`, { version: "1.0", oldState, newState: historyState(alarm) });
    this.region.publish({
      source: "aws.cloudwatch",
      "detail-type": "CloudWatch Alarm State Change",
      resources: [alarm.arn],
      detail: { alarmName: alarm.name, state: stateMembers(alarm), previousState: before, configuration: { description: alarm.description, metrics: eventMetrics(alarm) } },
    });
    if (alarm.actionsEnabled) await this.#act(alarm, before);
  }

  async #act(alarm: Alarm, previousState: object): Promise<void> {
    const actions = { OK: alarm.okActions, ALARM: alarm.alarmActions, INSUFFICIENT_DATA: alarm.insufficientDataActions }[alarm.state];
    for (const action of actions) {
      const payload = JSON.stringify({
        source: "aws.cloudwatch", alarmArn: alarm.arn, accountId: this.region.accountId, time: eventTime(alarm.stateUpdated), region: this.region.regionName,
        alarmData: { alarmName: alarm.name, state: stateMembers(alarm), previousState, configuration: { description: alarm.description, metrics: eventMetrics(alarm) } },
      });
      try {
        if (parseArn(action)?.service === "sns") throw new Error("The embedded region does not support SNS topics.");
        await this.region.service<Functions>("lambda").invokeForService({ functionArn: action, payload, principal: "lambda.alarms.cloudwatch.amazonaws.com", sourceArn: alarm.arn });
        this.note(alarm, "Action", `Successfully executed action ${action}`, { actionState: "Succeeded", notificationResource: action });
      } catch (error) {
        this.note(alarm, "Action", `Failed to execute action ${action}. Received error: "${(error as Error).message}"`, { actionState: "Failed", notificationResource: action, error: (error as Error).message });
      }
    }
  }
}

/** Whether an alarm may have an action: functions, and topics. The region has no topics: the alarm's history tells that one was not reached. */
export const isKnownAction = (arn: string): boolean => ["lambda", "sns"].includes(parseArn(arn)?.service ?? "");

const eventTime = (date: Date): string => date.toISOString().replace("Z", "+0000");

const stateMembers = (alarm: Alarm): { value: AlarmState; reason: string; reasonData?: string; timestamp: string } => ({
  value: alarm.state,
  reason: alarm.stateReason,
  ...(alarm.stateReasonData === undefined ? {} : { reasonData: alarm.stateReasonData }),
  timestamp: eventTime(alarm.stateUpdated),
});

/** What the JSON text says; the text itself where SetAlarmState was given something else. */
function objectOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** As an alarm's history has it: https://docs.aws.amazon.com/cli/latest/reference/cloudwatch/describe-alarm-history.html */
const historyState = (alarm: Alarm): object => ({
  stateValue: alarm.state,
  stateReason: alarm.stateReason,
  ...(alarm.stateReasonData === undefined ? {} : { stateReasonData: objectOr(alarm.stateReasonData) }),
});

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
const eventMetrics = (alarm: Alarm): object[] => alarm.queries.map((query, index) => ({
  id: query.id,
  ...(query.metric ? {
    metricStat: {
      metric: { namespace: query.metric.name.namespace, name: query.metric.name.name, dimensions: Object.fromEntries(query.metric.name.dimensions.map(({ Name, Value }) => [Name, Value])) },
      period: query.metric.period,
      stat: query.metric.stat,
    },
  } : { expression: query.expression }),
  ...(alarm.inputQueries?.[index]?.Label ? { label: query.label } : {}),
  returnData: query.returnData,
}));
