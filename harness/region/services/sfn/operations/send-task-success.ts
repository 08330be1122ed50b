/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html */
import type { Json } from "../../../../asl/json";
import { JsonTextProblem, parseJsonText } from "../../../../asl/json-text";
import type { Operation } from "../../../core/types";
import { invalidOutput, memberNull, validation } from "../errors";
import { MAXIMUM_INPUT_BYTES } from "../input";
import type { SfnStore } from "../store";

export const sendTaskSuccess = (store: SfnStore): Operation<{ taskToken?: string; output?: string }> => ({ taskToken, output }) => {
  if (taskToken === undefined) throw memberNull("taskToken");
  if (output === undefined) throw memberNull("output");
  if (Buffer.byteLength(output) > MAXIMUM_INPUT_BYTES) throw validation(`1 validation error detected: Value at 'output' failed to satisfy constraint: Member must have length less than or equal to ${MAXIMUM_INPUT_BYTES}`);
  let value: Json;
  try {
    value = parseJsonText(output);
  } catch (error) {
    if (error instanceof JsonTextProblem) throw invalidOutput(error.reason);
    throw error;
  }
  store.waitingTask(taskToken).succeed(value);
  store.closeToken(taskToken);
  return {};
};
