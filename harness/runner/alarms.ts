/** What the deployment's alarms did during a run, as CloudWatch's history of them tells. */
import { DescribeAlarmHistoryCommand } from "@aws-sdk/client-cloudwatch";
import { fromDate, seconds, toDate } from "../time/clock";
import type { Target } from "../targets/target";
import type { Recorder } from "./recorder";

/** How long after the end alarms still change: they are evaluated every minute, over data that come late. */
const SETTLING_SECONDS = 180;

/** Waits until the alarms have settled, and records how they changed since the run began. Rejects with the SDK's errors. */
export async function collectAlarms({ clients, clock, outputs }: Target, recorder: Recorder): Promise<void> {
  await clock.sleep(seconds(SETTLING_SECONDS));
  const prefix = `${outputs.name}-`;
  for (let token: string | undefined; ;) {
    const page = await clients.cloudwatch.send(new DescribeAlarmHistoryCommand({
      HistoryItemType: "StateUpdate", StartDate: toDate(recorder.startedAt), EndDate: toDate(clock.now()), ScanBy: "TimestampAscending", NextToken: token,
    }));
    for (const { AlarmName: name = "", Timestamp: timestamp, HistoryData: data } of page.AlarmHistoryItems ?? []) {
      if (!name.startsWith(prefix) || timestamp === undefined) continue;
      const { stateValue: state, stateReason: reason } = (JSON.parse(data ?? "{}") as { newState?: { stateValue?: string; stateReason?: string } }).newState ?? {};
      // Recorded is what goes off; OK comes before and after it.
      if (state === "OK") continue;
      recorder.add(fromDate(timestamp), { type: "alarm-state", alarm: name.slice(prefix.length), state: state ?? "unknown", reason: reason ?? "" });
    }
    token = page.NextToken;
    if (token === undefined || token === "") return;
  }
}
