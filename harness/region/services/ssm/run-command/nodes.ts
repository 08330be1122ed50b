/**
 * Managed nodes: instances whose SSM agent reports to Systems Manager. Amazon Linux has the agent; it may report when the role of
 * the instance's profile allows that. Here it is asked with the calls that a real agent starts with.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html,
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/ami-preinstalled-agent.html
 */
import { AwsError, type Caller, type RegionContext } from "../../../core/types";
import type { Ec2Service, Machine } from "../../ec2";

/** What the agent calls before it can be told anything. https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html */
const AGENT_ACTIONS = ["ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel"] as const;

/** As whom each machine's agent calls. */
const agents = new WeakMap<Machine["system"], Caller>();

/** The nodes, in order of their launch. */
export const managedNodes = (region: RegionContext): Machine[] => region.service<Ec2Service>("ec2").machines().filter((machine) => mayReport(region, machine));

export const managedNode = (region: RegionContext, instanceId: string): Machine | undefined => managedNodes(region).find((node) => node.instanceId === instanceId);

function mayReport(region: RegionContext, { system, roleArn, instanceId, instanceArn }: Machine): boolean {
  if (roleArn === undefined) return false;
  try {
    const caller = agents.get(system) ?? region.assumeRole(roleArn, instanceId, { service: "ec2.amazonaws.com", sourceArn: instanceArn }).caller;
    agents.set(system, caller);
    region.permit?.(caller, "ssm", AGENT_ACTIONS.map((action) => ({ action, resource: action.startsWith("ssm:") ? instanceArn : "*" })));
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return false;
  }
}
