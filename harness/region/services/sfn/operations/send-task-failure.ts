/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html */
import type { Operation } from "../../../core/types";
import { memberNull } from "../errors";
import type { SfnStore } from "../store";

export const sendTaskFailure = (store: SfnStore): Operation<{ taskToken?: string; error?: string; cause?: string }> => ({ taskToken, error, cause }) => {
  if (taskToken === undefined) throw memberNull("taskToken");
  store.waitingTask(taskToken).fail(error, cause);
  store.closeToken(taskToken);
  return {};
};
