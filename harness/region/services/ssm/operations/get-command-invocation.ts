/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html */
import { toDate, toSeconds, type Microseconds } from "../../../../time/clock";
import { AwsError, type Operation } from "../../../core/types";
import { MOST_OUTPUT_CHARACTERS, PLUGIN, type Commands } from "../run-command/commands";

interface Input { CommandId?: string; InstanceId?: string; PluginName?: string }

/** Times of this one operation are texts; an empty one is not known yet. */
const time = (at: Microseconds | undefined): string => (at === undefined ? "" : toDate(at).toISOString());

export const getCommandInvocation = (commands: Commands): Operation<Input> => ({ CommandId = "", InstanceId = "", PluginName = PLUGIN }) => {
  const invocation = commands.list(CommandId)[0]!.invocations.find(({ instanceId }) => instanceId === InstanceId);
  if (!invocation) throw new AwsError("InvocationDoesNotExist", `The command ${CommandId} was not sent to ${InstanceId}.`);
  if (PluginName !== PLUGIN) throw new AwsError("InvalidPluginName", `The command has no plugin ${PluginName}, only ${PLUGIN}.`);
  const { request, startedAt, endedAt, responseCode, status, details, stdout, stderr } = invocation;
  return {
    CommandId, InstanceId, Comment: request.comment, DocumentName: request.documentName, DocumentVersion: "$DEFAULT", PluginName, ResponseCode: responseCode, Status: status, StatusDetails: details,
    ExecutionStartDateTime: time(startedAt), ExecutionEndDateTime: time(endedAt),
    ExecutionElapsedTime: startedAt === undefined ? "" : `PT${toSeconds((endedAt ?? commands.region.clock.now()) - startedAt)}S`,
    StandardOutputContent: stdout.slice(0, MOST_OUTPUT_CHARACTERS), StandardOutputUrl: "", StandardErrorContent: stderr.slice(0, MOST_OUTPUT_CHARACTERS), StandardErrorUrl: "",
    CloudWatchOutputConfig: { CloudWatchLogGroupName: "", CloudWatchOutputEnabled: false },
  };
};
