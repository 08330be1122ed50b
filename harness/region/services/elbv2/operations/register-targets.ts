/** Registers running instances; one that is draining is taken back. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html */
import type { Operation } from "../../../core/types";
import { invalidTarget } from "../errors";
import type { Input } from "../input";
import type { ElbState } from "../state";
import { targetsIn } from "../asked-targets";

export const registerTargets = (state: ElbState): Operation<Input> => async (input) => {
  const group = state.targetGroup(String(input["TargetGroupArn"]));
  const asked = targetsIn(input, group);
  const instances = await state.instances(asked.map(({ id }) => id));
  const quoted = (ids: readonly string[]): string => [...new Set(ids)].map((id) => `'${id}'`).join(", ");
  const ids = asked.map(({ id }) => id);
  const unknown = ids.find((id) => !instances.has(id));
  if (unknown !== undefined) throw invalidTarget(`Instance ID '${unknown}' is not valid`);
  const idle = ids.filter((id) => instances.get(id)!.State.Name !== "running");
  if (idle.length > 0) throw invalidTarget(`The following targets are not in a running state and cannot be registered: ${quoted(idle)}`);
  const strangers = ids.filter((id) => instances.get(id)!.VpcId !== group.vpcId);
  if (strangers.length > 0) throw invalidTarget(`The following targets are not in the target group VPC '${group.vpcId}': ${quoted(strangers)}`);
  for (const { id, port } of asked) {
    const present = state.targetsOf(group).find((target) => target.id === id && target.port === port);
    if (present && present.drainsUntil === undefined) continue;
    group.targets = [...state.targetsOf(group).filter((target) => target !== present), { id, port, registeredAt: state.now() }];
  }
  return {};
};
