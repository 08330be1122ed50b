/** Ends what is not over, on all nodes of a command or some. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CancelCommand.html */
import { AwsError, type Operation } from "../../../core/types";
import type { Commands } from "../run-command/commands";

interface Input { CommandId?: string; InstanceIds?: string[] }

export const cancelCommand = (commands: Commands): Operation<Input> => ({ CommandId = "", InstanceIds = [] }) => {
  const { invocations } = commands.command(CommandId);
  const unknown = InstanceIds.find((id) => !invocations.some(({ instanceId }) => instanceId === id));
  if (unknown !== undefined) throw new AwsError("InvalidInstanceId", `The command ${CommandId} was not sent to ${unknown}.`);
  for (const invocation of invocations) if (InstanceIds.length === 0 || InstanceIds.includes(invocation.instanceId)) invocation.cancel();
  return {};
};
