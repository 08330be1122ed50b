/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html */
import { AwsError, type Operation } from "../../../core/types";
import type { Alarms } from "../alarms";
import { missingParameter } from "../errors";
import type { Evaluator } from "../evaluator";

export const deleteAlarms = (alarms: Alarms, evaluator: Evaluator): Operation<{ AlarmNames?: string[] }> => (input) => {
  if (!input.AlarmNames?.length) throw missingParameter("AlarmNames");
  // In the event of an error, no alarms are deleted.
  if (input.AlarmNames.some((name) => !alarms.byName.has(name))) throw new AwsError("ResourceNotFound", "Unknown", 404);
  for (const name of new Set(input.AlarmNames)) {
    evaluator.forget(alarms.byName.get(name)!);
    alarms.byName.delete(name);
  }
};
