/**
 * What a target's state is at a time: a function of when it was registered and deregistered, of whether a load balancer uses its
 * group, and of its instance. A deregistered target shows as draining until the delay is over, however soon its connections end.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
 */
import { seconds, type Microseconds } from "../../../time/clock";
import { kindOf, type Target, type TargetGroup } from "./target-group";

export interface TargetHealth { State: "initial" | "healthy" | "unused" | "draining"; Reason?: string; Description?: string }

const REGISTRATION_SECONDS = 10;

const unused = (Reason: string, Description: string): TargetHealth => ({ State: "unused", Reason, Description });

/** The states of an instance that can be a target's, as Elastic Load Balancing names them: others are in service. */
const INVALID: Readonly<Record<string, string>> = { stopping: "stopped", stopped: "stopped", "shutting-down": "terminated", terminated: "terminated" };

/** Whether a target still counts as one at that time. */
export const isRegistered = (target: Target, now: Microseconds): boolean => target.drainsUntil === undefined || now < target.drainsUntil;

/**
 * @param target undefined when nothing of that id and port is registered
 * @param instanceState as EC2 names it; undefined when EC2 does not know the instance any more
 * @param isInUse whether a listener of a load balancer forwards to the group
 */
export function healthOf(group: TargetGroup, target: Target | undefined, instanceState: string | undefined, isInUse: boolean, now: Microseconds): TargetHealth {
  if (!target || !isRegistered(target, now)) return unused("Target.NotRegistered", "Target is not registered to the target group");
  if (target.drainsUntil !== undefined) return { State: "draining", Reason: "Target.DeregistrationInProgress", Description: "Target deregistration is in progress" };
  const invalid = INVALID[instanceState ?? "terminated"];
  if (invalid !== undefined) return unused("Target.InvalidState", `Target is in the ${invalid} state`);
  if (!isInUse) return unused("Target.NotInUse", "Target group is not configured to receive traffic from the load balancer");
  const { HealthCheckIntervalSeconds: interval, HealthyThresholdCount: threshold } = group.healthCheck;
  const checked = target.registeredAt + seconds(REGISTRATION_SECONDS);
  if (now < checked) return { State: "initial", Reason: "Elb.RegistrationInProgress", Description: "Target registration is in progress" };
  // An Application Load Balancer takes a new target into service after one check.
  const checks = kindOf(group.protocol) === "application" ? 1 : threshold;
  if (now < checked + seconds(interval * checks)) return { State: "initial", Reason: "Elb.InitialHealthChecking", Description: "Initial health checks in progress" };
  return { State: "healthy" };
}
