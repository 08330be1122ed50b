/**
 * Deregisters targets: they drain for the group's delay; where no load balancer uses the group, there is nothing to drain. A target
 * that is not registered is no error. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html
 */
import { seconds } from "../../../../time/clock";
import type { Operation } from "../../../core/types";
import { DELAY } from "../attributes";
import type { Input } from "../input";
import type { ElbState } from "../state";
import { targetsIn } from "../asked-targets";

export const deregisterTargets = (state: ElbState): Operation<Input> => (input) => {
  const group = state.targetGroup(String(input["TargetGroupArn"]));
  const asked = targetsIn(input, group);
  const delay = state.isInUse(group) ? Number(group.attributes.get(DELAY)) : 0;
  for (const target of state.targetsOf(group)) {
    // Without a port, an instance goes with every port that it was registered by.
    const isMeant = asked.some(({ id, port, givenPort }) => id === target.id && (givenPort === undefined || port === target.port));
    if (isMeant) target.drainsUntil ??= state.now() + seconds(delay);
  }
  return {};
};
