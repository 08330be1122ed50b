/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html */
import { AwsError, type Operation } from "../../../core/types";
import type { Alarms } from "../alarms";
import { constraint, missingParameter } from "../errors";
import type { Evaluator } from "../evaluator";
import type { AlarmState } from "../missing-data";

const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"];

interface Input { AlarmName?: string; StateValue?: string; StateReason?: string; StateReasonData?: string }

/** Sets a state until the alarm's next evaluation gives its own again. */
export const setAlarmState = (alarms: Alarms, evaluator: Evaluator): Operation<Input> => async (input) => {
  if (!input.AlarmName) throw missingParameter("AlarmName");
  if (!input.StateValue) throw missingParameter("StateValue");
  if (input.StateReason === undefined) throw missingParameter("StateReason");
  if (!STATES.includes(input.StateValue)) throw constraint(input.StateValue, "stateValue", `Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]`);
  if (input.StateReasonData) {
    try {
      JSON.parse(input.StateReasonData);
    } catch {
      throw new AwsError("InvalidFormat", "StateReasonData is not valid JSON");
    }
  }
  const alarm = alarms.byName.get(input.AlarmName);
  if (!alarm) throw new AwsError("ResourceNotFound", "Unknown", 404);
  await alarms.setState(alarm, input.StateValue as AlarmState, input.StateReason, input.StateReasonData);
  evaluator.wake(alarm);
};
