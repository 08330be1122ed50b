/**
 * AWS Step Functions, Standard workflows: state machines, executions and their histories, waiting tasks.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html
 */
import type { RegionContext, Service } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { jsonService } from "../../wire/json";
import { validation } from "./errors";
import { REFUSED_MEMBERS } from "./limits";
import { createStateMachine } from "./operations/create-state-machine";
import { createStateMachineAlias } from "./operations/create-state-machine-alias";
import { deleteStateMachine } from "./operations/delete-state-machine";
import { deleteStateMachineAlias } from "./operations/delete-state-machine-alias";
import { deleteStateMachineVersion } from "./operations/delete-state-machine-version";
import { describeExecution } from "./operations/describe-execution";
import { describeStateMachine } from "./operations/describe-state-machine";
import { describeStateMachineAlias } from "./operations/describe-state-machine-alias";
import { describeStateMachineForExecution } from "./operations/describe-state-machine-for-execution";
import { getExecutionHistory } from "./operations/get-execution-history";
import { listExecutions } from "./operations/list-executions";
import { listStateMachineAliases } from "./operations/list-state-machine-aliases";
import { listStateMachines } from "./operations/list-state-machines";
import { listStateMachineVersions } from "./operations/list-state-machine-versions";
import { listTagsForResource } from "./operations/list-tags-for-resource";
import { publishStateMachineVersion } from "./operations/publish-state-machine-version";
import { redriveExecution } from "./operations/redrive-execution";
import { sendTaskFailure } from "./operations/send-task-failure";
import { sendTaskHeartbeat } from "./operations/send-task-heartbeat";
import { sendTaskSuccess } from "./operations/send-task-success";
import { startExecution } from "./operations/start-execution";
import { startSyncExecution } from "./operations/start-sync-execution";
import { stopExecution } from "./operations/stop-execution";
import { tagResource } from "./operations/tag-resource";
import { untagResource } from "./operations/untag-resource";
import { updateStateMachine } from "./operations/update-state-machine";
import { updateStateMachineAlias } from "./operations/update-state-machine-alias";
import { validateStateMachineDefinition } from "./operations/validate-state-machine-definition";
import { modelled } from "./model";
import { SfnStore, type SfnSettings } from "./store";

export interface SfnService extends Service {
  settings: SfnSettings;
  /** The state machine whose task waits, or waited, with a token: what a call with it is authorized on. */
  machineOfToken(token: string): string | undefined;
  /** Tags of a state machine, a version's included. */
  resourceTags(arn: string): ReadonlyMap<string, string> | undefined;
}

export function createSfnService(region: RegionContext): SfnService {
  const store = new SfnStore(region);
  const service = jsonService({
    name: "sfn",
    signingName: "states",
    targetPrefix: "AWSStepFunctions",
    version: "1.0",
    region,
    operations: modelled(refusingMembers({
      CreateStateMachine: createStateMachine(store),
      UpdateStateMachine: updateStateMachine(store),
      DescribeStateMachine: describeStateMachine(store),
      DeleteStateMachine: deleteStateMachine(store),
      ListStateMachines: listStateMachines(store),
      PublishStateMachineVersion: publishStateMachineVersion(store),
      DeleteStateMachineVersion: deleteStateMachineVersion(store),
      ListStateMachineVersions: listStateMachineVersions(store),
      CreateStateMachineAlias: createStateMachineAlias(store),
      UpdateStateMachineAlias: updateStateMachineAlias(store),
      DescribeStateMachineAlias: describeStateMachineAlias(store),
      DeleteStateMachineAlias: deleteStateMachineAlias(store),
      ListStateMachineAliases: listStateMachineAliases(store),
      DescribeStateMachineForExecution: describeStateMachineForExecution(store),
      ValidateStateMachineDefinition: validateStateMachineDefinition(store),
      StartExecution: startExecution(store),
      StartSyncExecution: startSyncExecution(store),
      DescribeExecution: describeExecution(store),
      StopExecution: stopExecution(store),
      RedriveExecution: redriveExecution(store),
      ListExecutions: listExecutions(store),
      GetExecutionHistory: getExecutionHistory(store),
      SendTaskSuccess: sendTaskSuccess(store),
      SendTaskFailure: sendTaskFailure(store),
      SendTaskHeartbeat: sendTaskHeartbeat(store),
      TagResource: tagResource(store),
      UntagResource: untagResource(store),
      ListTagsForResource: listTagsForResource(store),
    }, REFUSED_MEMBERS, validation)),
  });
  return Object.assign(service, {
    settings: store.settings,
    machineOfToken: (token: string) => store.machineOfToken(token),
    resourceTags: (arn: string) => (store.machines.get(arn) ?? store.machines.get(arn.slice(0, arn.lastIndexOf(":"))))?.tags,
  });
}
