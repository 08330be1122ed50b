/** Deletes a listener; groups that no other uses are in use no more. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteListener.html */
import type { Operation } from "../../../core/types";
import type { Input } from "../input";
import type { ElbState } from "../state";

export const deleteListener = (state: ElbState): Operation<Input> => (input) => {
  state.listeners.delete(state.listener(String(input["ListenerArn"])).arn);
  return {};
};
