/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ListCommands.html */
import { pageOf } from "../../../core/paging";
import { AwsError, type Operation } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import { REFUSED } from "../limits";
import { commandOut, type Commands } from "../run-command/commands";

interface Input { CommandId?: string; InstanceId?: string; MaxResults?: number; NextToken?: string; Filters?: unknown[] }

export const listCommands = (commands: Commands): Operation<Input> => ({ CommandId, InstanceId, MaxResults = 50, NextToken, Filters }) => {
  if (Filters?.length) throw new AwsError("InvalidFilterKey", notSupported(REFUSED.commandFilters));
  const { items, nextToken } = pageOf(commands.list(CommandId, InstanceId), MaxResults, NextToken, "InvalidNextToken");
  return { Commands: items.map(commandOut), NextToken: nextToken };
};
