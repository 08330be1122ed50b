/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html */
import type { Operation } from "../../../core/types";
import type { Alarms } from "../alarms";
import { missingParameter } from "../errors";
import type { Evaluator } from "../evaluator";

export const deleteAlarms = (alarms: Alarms, evaluator: Evaluator): Operation<{ AlarmNames?: string[] }> => (input) => {
  if (!input.AlarmNames?.length) throw missingParameter("AlarmNames");
  for (const name of input.AlarmNames) {
    const alarm = alarms.byName.get(name);
    if (!alarm) continue;
    evaluator.forget(alarm);
    alarms.byName.delete(name);
  }
};
