/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskHeartbeat.html */
import type { Operation } from "../../../core/types";
import { memberNull } from "../errors";
import type { SfnStore } from "../store";

export const sendTaskHeartbeat = (store: SfnStore): Operation<{ taskToken?: string }> => ({ taskToken }) => {
  if (taskToken === undefined) throw memberNull("taskToken");
  store.waitingTask(taskToken).heartbeat();
  return {};
};
