/** Deletes a target group that no listener uses; one that is not there is no error. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html */
import type { Operation } from "../../../core/types";
import { resourceInUse } from "../errors";
import type { Input } from "../input";
import type { ElbState } from "../state";

export const deleteTargetGroup = (state: ElbState): Operation<Input> => (input) => {
  const arn = state.requireArn(String(input["TargetGroupArn"]), "target group");
  const group = state.targetGroups.get(arn);
  if (group && state.isInUse(group)) throw resourceInUse(`Target group '${arn}' is currently in use by a listener or a rule`);
  state.targetGroups.delete(arn);
  return {};
};
