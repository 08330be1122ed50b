/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html */
import { toDate } from "../../../../time/clock";
import type { Operation } from "../../../core/types";
import { checkArn } from "../names";
import type { SfnStore } from "../store";

/** Stopping one that has ended is no error, and changes nothing. */
export const stopExecution = (store: SfnStore): Operation<{ executionArn?: string; error?: string; cause?: string }> => ({ executionArn, error, cause }) => {
  const { execution } = store.execution(checkArn(executionArn, "executionArn"));
  execution.abort(error, cause);
  return { stopDate: toDate(execution.endTime ?? store.region.clock.now()) };
};
