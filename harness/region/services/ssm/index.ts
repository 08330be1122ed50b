/**
 * Systems Manager: parameters with their types, versions, labels, filters and tags, and AWS's public image parameters; and Run
 * Command, whose scripts run in the instances' guests.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html,
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html
 *
 * - `state.ts` parameters; `run-command/`: `documents.ts` what can be run, `nodes.ts` where, `command.ts` a command's life
 * - `operations/` one API operation a file
 */
import type { RegionContext, Service } from "../../core/types";
import { jsonService } from "../../wire/json";
import { cancelCommand } from "./operations/cancel-command";
import { deleteParameter, deleteParameters } from "./operations/delete-parameter";
import { describeInstanceInformation } from "./operations/describe-instance-information";
import { describeParameters } from "./operations/describe-parameters";
import { getCommandInvocation } from "./operations/get-command-invocation";
import { getParameter } from "./operations/get-parameter";
import { getParameterHistory } from "./operations/get-parameter-history";
import { getParameters } from "./operations/get-parameters";
import { getParametersByPath } from "./operations/get-parameters-by-path";
import { labelParameterVersion, unlabelParameterVersion } from "./operations/label-parameter-version";
import { listCommandInvocations } from "./operations/list-command-invocations";
import { listCommands } from "./operations/list-commands";
import { putParameter } from "./operations/put-parameter";
import { sendCommand } from "./operations/send-command";
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from "./operations/tags";
import type { SsmSettings } from "./run-command/command";
import { Commands } from "./run-command/commands";
import { SsmState } from "./state";

export interface SsmService extends Service {
  /** May be changed at any time. */
  readonly settings: SsmSettings;
}

export function createSsmService(region: RegionContext): SsmService {
  const state = new SsmState(region);
  const commands = new Commands(region);
  return Object.assign(jsonService({
    name: "ssm",
    signingName: "ssm",
    version: "1.1",
    targetPrefix: "AmazonSSM",
    region,
    operations: {
      AddTagsToResource: addTagsToResource(state),
      CancelCommand: cancelCommand(commands),
      DescribeInstanceInformation: describeInstanceInformation(commands),
      GetCommandInvocation: getCommandInvocation(commands),
      ListCommandInvocations: listCommandInvocations(commands),
      ListCommands: listCommands(commands),
      SendCommand: sendCommand(commands),
      DeleteParameter: deleteParameter(state),
      DeleteParameters: deleteParameters(state),
      DescribeParameters: describeParameters(state),
      GetParameter: getParameter(state),
      GetParameterHistory: getParameterHistory(state),
      GetParameters: getParameters(state),
      GetParametersByPath: getParametersByPath(state),
      LabelParameterVersion: labelParameterVersion(state),
      ListTagsForResource: listTagsForResource(state),
      PutParameter: putParameter(state),
      RemoveTagsFromResource: removeTagsFromResource(state),
      UnlabelParameterVersion: unlabelParameterVersion(state),
    },
  }), { settings: commands.settings });
}
