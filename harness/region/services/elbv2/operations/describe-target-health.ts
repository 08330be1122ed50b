/** The health of a group's targets, or of those that are asked for. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html */
import type { Operation } from "../../../core/types";
import type { Input } from "../input";
import type { ElbState } from "../state";
import { targetsIn } from "../asked-targets";

export const describeTargetHealth = (state: ElbState): Operation<Input> => async (input) => {
  const group = state.targetGroup(String(input["TargetGroupArn"]));
  const asked = input["Targets"] === undefined ? state.targetsOf(group) : targetsIn(input, group);
  const health = await state.healthOf(group, asked);
  const { HealthCheckPort: checkedAt } = group.healthCheck;
  return {
    TargetHealthDescriptions: asked.map(({ id, port }, index) => ({
      Target: { Id: id, Port: port }, HealthCheckPort: checkedAt === "traffic-port" ? String(port) : checkedAt, TargetHealth: health[index],
    })),
  };
};
