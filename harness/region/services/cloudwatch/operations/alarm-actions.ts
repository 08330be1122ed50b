/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_EnableAlarmActions.html and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DisableAlarmActions.html
 */
import type { Operation } from "../../../core/types";
import type { Alarms } from "../alarms";
import { missingParameter } from "../errors";

const setActions = (enabled: boolean) => (alarms: Alarms): Operation<{ AlarmNames?: string[] }> => (input) => {
  if (!input.AlarmNames?.length) throw missingParameter("AlarmNames");
  for (const name of input.AlarmNames) {
    const alarm = alarms.byName.get(name);
    if (alarm) alarm.actionsEnabled = enabled;
  }
};

export const enableAlarmActions = setActions(true);
export const disableAlarmActions = setActions(false);
