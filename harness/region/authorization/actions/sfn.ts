/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html; what is not in it, the
 * machine that a task token belongs to, is authorized as the CDK grants it: https://github.com/aws/aws-cdk/pull/8486
 */
import type { Need, Service } from "../../core/types";
import { all, anywhere, each, on, passRole, requestTags, tagKeys, when, type Call, type Described, type Rule, type RuleTable } from "../need";

const machineArn = (call: Call): string => call.arn("states", `stateMachine:${String(call.input.name ?? "")}`);
const onArn = (action: string, member: string, keys?: (call: Call) => Need["keys"]): Rule => (call) => {
  const resource = String(call.input[member] ?? "");
  const asked = keys?.(call);
  return [{ action, resource, tags: () => call.region.service<Described>("sfn").resourceTags?.(resource), ...(asked ? { keys: asked } : {}) }];
};
/** The machine whose task waits with that token; a token that is none is the operation's to refuse. */
const tokensMachine = (call: Call): string =>
  call.region.service<Service & { machineOfToken?(token: string): string | undefined }>("sfn").machineOfToken?.(String(call.input.taskToken ?? "")) ?? call.arn("states", "stateMachine:*");
/** A version or alias is authorized with its qualifier: https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html */
const machineMember = "stateMachineArn";

/** The alias of the machine whose versions it is to lead to. */
const newAlias = ({ input }: Call): string => {
  const [route] = (input.routingConfiguration ?? []) as { stateMachineVersionArn?: string }[];
  return `${String(route?.stateMachineVersionArn ?? "").replace(/:\d+$/, "")}:${String(input.name ?? "")}`;
};

export const SFN: RuleTable = {
  CreateStateMachine: all(
    on("states:CreateStateMachine", machineArn, ({ input }) => requestTags(input.tags)),
    when(({ input }) => (input.tags?.length ?? 0) > 0, on("states:TagResource", machineArn, ({ input }) => requestTags(input.tags))),
    when(({ input }) => input.publish === true, on("states:PublishStateMachineVersion", machineArn)),
    passRole(({ input }) => input.roleArn, "states.amazonaws.com"),
  ),
  UpdateStateMachine: all(
    onArn("states:UpdateStateMachine", machineMember),
    when(({ input }) => input.publish === true, onArn("states:PublishStateMachineVersion", machineMember)),
    passRole(({ input }) => input.roleArn, "states.amazonaws.com"),
  ),
  ...each("DescribeStateMachine DeleteStateMachine PublishStateMachineVersion ListStateMachineVersions ListStateMachineAliases StartExecution StartSyncExecution ListExecutions", (name) => onArn(`states:${name}`, machineMember)),
  CreateStateMachineAlias: on("states:CreateStateMachineAlias", newAlias),
  ...each("DescribeStateMachineAlias UpdateStateMachineAlias DeleteStateMachineAlias", (name) => onArn(`states:${name}`, "stateMachineAliasArn")),
  DeleteStateMachineVersion: onArn("states:DeleteStateMachineVersion", "stateMachineVersionArn"),
  ...each("DescribeStateMachineForExecution DescribeExecution StopExecution GetExecutionHistory RedriveExecution", (name) => onArn(`states:${name}`, "executionArn")),
  ...each("ListStateMachines ValidateStateMachineDefinition", (name) => anywhere(`states:${name}`)),
  ...each("SendTaskSuccess SendTaskFailure SendTaskHeartbeat", (name) => on(`states:${name}`, tokensMachine)),
  TagResource: onArn("states:TagResource", "resourceArn", ({ input }) => requestTags(input.tags)),
  UntagResource: onArn("states:UntagResource", "resourceArn", ({ input }) => tagKeys(input.tagKeys)),
  ListTagsForResource: onArn("states:ListTagsForResource", "resourceArn"),
};
