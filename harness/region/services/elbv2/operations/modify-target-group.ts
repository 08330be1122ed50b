/** Changes how a group's targets are checked. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html */
import type { Operation } from "../../../core/types";
import { describeTargetGroup } from "../describe";
import type { Input } from "../input";
import type { ElbState } from "../state";
import { healthCheckIn } from "../target-group";

export const modifyTargetGroup = (state: ElbState): Operation<Input> => (input) => {
  const group = state.targetGroup(String(input["TargetGroupArn"]));
  const { HealthCheckPath, Matcher, ...present } = group.healthCheck;
  // What only HTTP checks have is not carried over to a TCP check.
  const kept = (input["HealthCheckProtocol"] ?? present.HealthCheckProtocol) === "TCP" ? {} : { HealthCheckPath, Matcher };
  group.healthCheck = healthCheckIn({ ...present, ...kept, ...input }, group.protocol);
  return { TargetGroups: [describeTargetGroup(state, group)] };
};
