/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html */
import { pageOf } from "../../../core/paging";
import type { Operation } from "../../../core/types";
import { dateOf, numberOf } from "../../../wire/scalars";
import type { Alarms } from "../alarms";

interface Input { AlarmName?: string; HistoryItemType?: string; StartDate?: Date; EndDate?: Date; MaxRecords?: number | string; NextToken?: string; ScanBy?: string }

export const describeAlarmHistory = (alarms: Alarms): Operation<Input> => (input) => {
  const start = dateOf(input.StartDate, "StartDate");
  const end = dateOf(input.EndDate, "EndDate");
  const items = alarms.history.filter((item) => (!input.AlarmName || item.AlarmName === input.AlarmName)
    && (!input.HistoryItemType || item.HistoryItemType === input.HistoryItemType)
    && (!start || item.Timestamp >= start) && (!end || item.Timestamp <= end));
  if (input.ScanBy !== "TimestampAscending") items.reverse();
  const page = pageOf(items, numberOf(input.MaxRecords, "MaxRecords") ?? 100, input.NextToken || undefined, "InvalidNextToken");
  return { AlarmHistoryItems: page.items, NextToken: page.nextToken };
};
