/**
 * What Step Functions asks of a state machine's role before it takes the machine: that it may assume the role, and that
 * the role may set the log up. https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
 */
import { AwsError, type RegionContext, type RoleSession } from "../../core/types";
import type { LoggingConfiguration } from "./store";

/** What that page says a role must have to log; in which order and when the service uses them, it does not say. */
const LOG_DELIVERY = [
  "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
];

/** The session under which the service acts for a machine. @throws AwsError AccessDeniedException, worded as Step Functions does */
export function machineSession(region: RegionContext, roleArn: string, stateMachineArn: string, sessionName: string): RoleSession {
  try {
    return region.assumeRole(roleArn, sessionName, { service: "states.amazonaws.com", sourceArn: stateMachineArn });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError("AccessDeniedException", "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.");
  }
}

/** @throws AwsError AccessDeniedException */
export function checkRole(region: RegionContext, roleArn: string, stateMachineArn: string, logging: LoggingConfiguration): void {
  const { caller } = machineSession(region, roleArn, stateMachineArn, "states");
  if (logging.level === "OFF" || (logging.destinations ?? []).length === 0) return;
  try {
    region.permit?.(caller, "cloudwatch-logs", LOG_DELIVERY.map((action) => ({ action, resource: "*" })));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError("AccessDeniedException", "The state machine IAM Role is not authorized to access the Log Destination");
  }
}
