/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListCommandInvocations.html */
import { pageOf } from "../../../core/paging";
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { REFUSED } from "../limits";
import { invocationOut, type Commands } from "../run-command/commands";
import { managedNode } from "../run-command/nodes";

interface Input { CommandId?: string; InstanceId?: string; MaxResults?: number; NextToken?: string; Filters?: unknown[]; Details?: boolean }

export const listCommandInvocations = (commands: Commands): Operation<Input> => async ({ CommandId, InstanceId, MaxResults = 50, NextToken, Filters, Details = false }) => {
  if (Filters?.length) throw new AwsError("InvalidFilterKey", notSupported(REFUSED.commandFilters));
  const all = commands.list(CommandId, InstanceId).flatMap(({ invocations }) => invocations).filter(({ instanceId }) => InstanceId === undefined || instanceId === InstanceId);
  const { items, nextToken } = pageOf(all, MaxResults, NextToken, "InvalidNextToken");
  const CommandInvocations = [];
  for (const invocation of items) CommandInvocations.push(invocationOut(invocation, managedNode(commands.region, invocation.instanceId)?.name ?? "", Details));
  return { CommandInvocations, NextToken: nextToken };
};
