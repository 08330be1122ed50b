/** All commands of the account, by their ids, and how answers show them. */
import { toDate, type Random } from "../../../../time/clock";
import { AwsError, type RegionContext } from "../../../core/types";
import { Command, DEFAULT_SSM_SETTINGS, Invocation, isOver, type CommandRequest, type SsmSettings } from "./command";

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html, API_CommandPlugin.html */
export const MOST_OUTPUT_CHARACTERS = 24_000;
const MOST_PLUGIN_OUTPUT_CHARACTERS = 2500;
export const PLUGIN = "aws:runShellScript";

export class Commands {
  readonly settings: SsmSettings;
  private readonly random: Random;
  /** In order of their requests. */
  private readonly all = new Map<string, Command>();

  constructor(readonly region: RegionContext, settings: Partial<SsmSettings> = {}) {
    this.settings = { ...DEFAULT_SSM_SETTINGS, ...settings };
    this.random = region.random.fork("ssm");
  }

  send(request: Omit<CommandRequest, "id" | "requestedAt">): Command {
    const command = new Command(this.region, this.settings, { ...request, id: this.random.uuid(), requestedAt: this.region.clock.now() });
    this.all.set(command.request.id, command);
    for (const invocation of command.invocations) invocation.start();
    return command;
  }

  /** The newest first; narrowed by a command's id and by an instance. @throws AwsError InvalidCommandId */
  list(commandId?: string, instanceId?: string): Command[] {
    const commands = commandId === undefined ? [...this.all.values()].reverse() : [this.command(commandId)];
    return instanceId === undefined ? commands : commands.filter(({ request }) => request.instanceIds.includes(instanceId));
  }

  /** @throws AwsError InvalidCommandId */
  command(id: string): Command {
    const found = this.all.get(id);
    if (!found) throw new AwsError("InvalidCommandId", `The command ${id} does not exist.`);
    return found;
  }
}

const sent = ({ id, documentName, parameters: _p, comment, requestedAt }: CommandRequest): object =>
  ({ CommandId: id, DocumentName: documentName, DocumentVersion: "$DEFAULT", Comment: comment, RequestedDateTime: toDate(requestedAt), ServiceRole: "", NotificationConfig: { NotificationArn: "", NotificationEvents: [], NotificationType: "" }, CloudWatchOutputConfig: { CloudWatchLogGroupName: "", CloudWatchOutputEnabled: false } });

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Command.html */
export function commandOut({ request, invocations, state }: Command): object {
  const count = (holds: (invocation: Invocation) => boolean): number => invocations.filter(holds).length;
  return {
    ...sent(request), Status: state.status, StatusDetails: state.details, ExpiresAfter: toDate(request.requestedAt + request.timeoutSeconds * 1e6), Parameters: request.givenParameters,
    InstanceIds: request.targets.length > 0 ? [] : request.instanceIds, Targets: request.targets, OutputS3BucketName: "", OutputS3KeyPrefix: "", MaxConcurrency: "50", MaxErrors: "0",
    TargetCount: invocations.length, CompletedCount: count(({ status }) => isOver(status)), ErrorCount: count(({ status }) => status === "Failed" || status === "TimedOut"),
    DeliveryTimedOutCount: count(({ details }) => details === "DeliveryTimedOut"), TimeoutSeconds: request.timeoutSeconds,
  };
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CommandInvocation.html */
export function invocationOut(invocation: Invocation, name: string, details: boolean): object {
  const { request, instanceId, status, details: statusDetails, responseCode, startedAt, endedAt, stdout, stderr } = invocation;
  const output = stderr === "" ? stdout : `${stdout}\n----------ERROR-------\n${stderr}`;
  return {
    ...sent(request), InstanceId: instanceId, InstanceName: name, Status: status, StatusDetails: statusDetails, TraceOutput: "", StandardOutputUrl: "", StandardErrorUrl: "",
    CommandPlugins: !details ? [] : [{
      Name: PLUGIN, Status: status === "Cancelling" ? "InProgress" : status, StatusDetails: statusDetails, ResponseCode: responseCode, Output: output.slice(0, MOST_PLUGIN_OUTPUT_CHARACTERS),
      ResponseStartDateTime: startedAt === undefined ? undefined : toDate(startedAt), ResponseFinishDateTime: endedAt === undefined ? undefined : toDate(endedAt),
      StandardOutputUrl: "", StandardErrorUrl: "", OutputS3BucketName: "", OutputS3KeyPrefix: "",
    }],
  };
}
