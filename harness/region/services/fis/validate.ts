/**
 * What FIS checks of a template before it takes it: ids, parameters, target keys and types, the order of actions, stop
 * conditions. https://docs.aws.amazon.com/fis/latest/userguide/create-template.html,
 * https://docs.aws.amazon.com/fis/latest/APIReference/API_CreateExperimentTemplate.html
 */
import { notSupported } from "../../core/unsupported";
import { actionOf, RESOURCE_TYPES } from "./actions";
import { validation } from "./errors";
import { REFUSED } from "./limits";
import type { Definition, ExperimentOptions, LogConfiguration, StopCondition, TemplateAction, TemplateTarget } from "./model";

type Input = Record<string, unknown>;

const NAME = /^\S{1,64}$/;
const MOST_STOP_CONDITIONS = 5;
const MOST_ACTIONS = 20;

/**
 * The definition that a request holds.
 * @throws AwsError ValidationException, which says what is wrong and where
 */
export function readDefinition(input: Input): Definition {
  const description = textAt(input, "description", "description");
  if (description.length > 512) throw validation("The description may have at most 512 characters.");
  const roleArn = textAt(input, "roleArn", "roleArn");
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(roleArn)) throw validation(`The roleArn '${roleArn}' is not the ARN of an IAM role.`);
  const targets = mapAt(input, "targets", "targets", readTarget);
  const actions = mapAt(input, "actions", "actions", readAction);
  if (Object.keys(actions).length === 0) throw validation("The experiment template must have at least one action.");
  if (Object.keys(actions).length > MOST_ACTIONS) throw validation(`The experiment template may have at most ${MOST_ACTIONS} actions.`);
  for (const [name, action] of Object.entries(actions)) checkAction(name, action, targets, actions);
  checkOrder(actions);
  const logConfiguration = readLogConfiguration(input["logConfiguration"]);
  return {
    description, roleArn, targets, actions, stopConditions: readStopConditions(input["stopConditions"]), experimentOptions: readOptions(input["experimentOptions"]),
    ...(logConfiguration ? { logConfiguration } : {}),
  };
}

function readTarget(value: Input, where: string): TemplateTarget {
  const resourceType = textAt(value, "resourceType", `${where}.resourceType`);
  const known = Object.hasOwn(RESOURCE_TYPES, resourceType) ? RESOURCE_TYPES[resourceType]! : undefined;
  if (!known) throw validation(`The resource type '${resourceType}' of ${where} is not supported by the embedded region. It supports: ${Object.keys(RESOURCE_TYPES).join(", ")}.`);
  const selectionMode = textAt(value, "selectionMode", `${where}.selectionMode`);
  checkSelectionMode(selectionMode, where);
  const resourceArns = value["resourceArns"] === undefined ? undefined : textsAt(value, "resourceArns", `${where}.resourceArns`);
  const resourceTags = value["resourceTags"] === undefined ? undefined : mapAt(value, "resourceTags", `${where}.resourceTags`, undefined) as Record<string, string>;
  const filters = value["filters"] === undefined ? undefined : arrayAt(value, "filters", `${where}.filters`).map((filter, index) => ({
    path: textAt(filter as Input, "path", `${where}.filters[${index}].path`), values: textsAt(filter as Input, "values", `${where}.filters[${index}].values`),
  }));
  const hasArns = (resourceArns?.length ?? 0) > 0;
  const hasTags = Object.keys(resourceTags ?? {}).length > 0;
  if (hasArns && hasTags) throw validation(`You cannot specify both resource ARNs and resource tags in ${where}.`);
  if (!hasArns && !hasTags) throw validation(`You must specify at least one resource ARN or one resource tag in ${where}.`);
  if (hasArns && filters?.length) throw validation(`You cannot specify filters with resource ARNs in ${where}.`);
  if (!known.byTag && (hasTags || filters?.length)) throw validation(`Targets of the resource type ${resourceType} are defined by resource ARNs only (${where}).`);
  if (Object.keys((value["parameters"] as object | undefined) ?? {}).length > 0) throw validation(`The resource type ${resourceType} takes no parameters (${where}).`);
  for (const arn of resourceArns ?? []) {
    if (!arnPattern(resourceType).test(arn)) throw validation(`The resource ARN '${arn}' of ${where} is not that of a resource of type ${resourceType}.`);
  }
  return { resourceType, selectionMode, ...(resourceArns ? { resourceArns } : {}), ...(resourceTags ? { resourceTags } : {}), ...(filters ? { filters } : {}) };
}

const arnPattern = (resourceType: string): RegExp => (resourceType === "aws:iam:role" ? /^arn:[\w-]+:iam::\d{12}:role\/\S+$/ : /^arn:[\w-]+:ec2:[\w-]+:\d{12}:instance\/i-[0-9a-f]+$/);

function checkSelectionMode(mode: string, where: string): void {
  const match = /^(?:ALL|COUNT\((\d+)\)|PERCENT\((\d+)\))$/.exec(mode);
  const count = match?.[1] === undefined ? undefined : Number(match[1]);
  const percent = match?.[2] === undefined ? undefined : Number(match[2]);
  if (!match || count === 0 || percent === 0 || (percent ?? 0) > 100) throw validation(`The selection mode '${mode}' of ${where} is not valid: it must be ALL, COUNT(n) or PERCENT(n).`);
}

function readAction(value: Input, where: string): TemplateAction {
  const actionId = textAt(value, "actionId", `${where}.actionId`);
  const description = value["description"] === undefined ? undefined : textAt(value, "description", `${where}.description`);
  const parameters = value["parameters"] === undefined ? undefined : mapAt(value, "parameters", `${where}.parameters`, undefined) as Record<string, string>;
  const targets = value["targets"] === undefined ? undefined : mapAt(value, "targets", `${where}.targets`, undefined) as Record<string, string>;
  const startAfter = value["startAfter"] === undefined ? undefined : textsAt(value, "startAfter", `${where}.startAfter`);
  return { actionId, ...(description ? { description } : {}), ...(parameters ? { parameters } : {}), ...(targets ? { targets } : {}), ...(startAfter ? { startAfter } : {}) };
}

function checkAction(name: string, action: TemplateAction, targets: Record<string, TemplateTarget>, actions: Record<string, TemplateAction>): void {
  const definition = actionOf(action.actionId);
  const given = action.parameters ?? {};
  for (const [parameter, { required, check }] of Object.entries(definition.parameters)) {
    const value = given[parameter];
    if (value === undefined) {
      if (required) throw validation(`The action '${name}' (${action.actionId}) is missing the required parameter '${parameter}'.`);
      continue;
    }
    const problem = check(value);
    if (problem) throw validation(`The value '${value}' of the parameter '${parameter}' of the action '${name}' is not valid: ${problem}.`);
  }
  for (const parameter of Object.keys(given)) {
    if (!Object.hasOwn(definition.parameters, parameter)) throw validation(`The action '${name}' (${action.actionId}) does not support the parameter '${parameter}'.`);
  }
  for (const [key, resourceType] of Object.entries(definition.targets)) {
    const targetName = action.targets?.[key];
    if (targetName === undefined) throw validation(`The action '${name}' (${action.actionId}) is missing the required target '${key}'.`);
    const target = Object.hasOwn(targets, targetName) ? targets[targetName]! : undefined;
    if (!target) throw validation(`The target '${targetName}' of the action '${name}' is not defined in the template.`);
    if (target.resourceType !== resourceType) throw validation(`The target '${targetName}' of the action '${name}' has the resource type ${target.resourceType}; ${action.actionId} takes ${resourceType}.`);
  }
  for (const key of Object.keys(action.targets ?? {})) {
    if (!Object.hasOwn(definition.targets, key)) throw validation(`The action '${name}' (${action.actionId}) does not support the target '${key}'.`);
  }
  for (const earlier of action.startAfter ?? []) {
    if (!Object.hasOwn(actions, earlier)) throw validation(`The action '${name}' starts after '${earlier}', which is not an action of the template.`);
  }
}

/** @throws AwsError ValidationException, when actions wait for each other in a circle */
function checkOrder(actions: Record<string, TemplateAction>): void {
  const done = new Set<string>();
  const visit = (name: string, path: string[]): void => {
    if (done.has(name)) return;
    if (path.includes(name)) throw validation(`The actions ${[...path.slice(path.indexOf(name)), name].join(" -> ")} start after each other in a circle.`);
    for (const earlier of actions[name]!.startAfter ?? []) visit(earlier, [...path, name]);
    done.add(name);
  };
  for (const name of Object.keys(actions)) visit(name, []);
}

function readStopConditions(value: unknown): StopCondition[] {
  if (!Array.isArray(value) || value.length === 0) throw validation("The experiment template must have at least one stop condition; its source may be none.");
  if (value.length > MOST_STOP_CONDITIONS) throw validation(`The experiment template may have at most ${MOST_STOP_CONDITIONS} stop conditions.`);
  return (value as Input[]).map((condition, index) => {
    const source = textAt(condition, "source", `stopConditions[${index}].source`);
    if (source === "none") return { source };
    if (source !== "aws:cloudwatch:alarm") throw validation(`The source '${source}' of stopConditions[${index}] must be none or aws:cloudwatch:alarm.`);
    const alarm = textAt(condition, "value", `stopConditions[${index}].value`);
    if (!/^arn:aws[a-z-]*:cloudwatch:[\w-]+:\d{12}:alarm:.+$/.test(alarm)) throw validation(`The value '${alarm}' of stopConditions[${index}] is not the ARN of a CloudWatch alarm.`);
    return { source, value: alarm };
  });
}

function readOptions(value: unknown): ExperimentOptions {
  const options = (value ?? {}) as Input;
  const mode = options["emptyTargetResolutionMode"] ?? "fail";
  if (mode !== "fail" && mode !== "skip") throw validation(`The emptyTargetResolutionMode '${String(mode)}' must be fail or skip.`);
  const accounts = options["accountTargeting"] ?? "single-account";
  if (accounts !== "single-account") throw validation(notSupported(REFUSED.accounts, String(accounts)));
  return { accountTargeting: "single-account", emptyTargetResolutionMode: mode };
}

function readLogConfiguration(value: unknown): LogConfiguration | undefined {
  if (value === undefined || value === null) return undefined;
  const configuration = value as Input;
  if (configuration["s3Configuration"] !== undefined) throw validation(notSupported(REFUSED.s3Logs));
  const logSchemaVersion = configuration["logSchemaVersion"];
  if (logSchemaVersion !== 1 && logSchemaVersion !== 2) throw validation("The logSchemaVersion must be 1 or 2.");
  const logs = configuration["cloudWatchLogsConfiguration"] as Input | undefined;
  if (!logs) throw validation("The logConfiguration must have a destination.");
  const logGroupArn = textAt(logs, "logGroupArn", "logConfiguration.cloudWatchLogsConfiguration.logGroupArn");
  if (!/^arn:aws[a-z-]*:logs:[\w-]+:\d{12}:log-group:[^:]+:\*$/.test(logGroupArn)) throw validation(`The logGroupArn '${logGroupArn}' must be the ARN of a log group, with ':*' at its end.`);
  return { cloudWatchLogsConfiguration: { logGroupArn }, logSchemaVersion };
}

function textAt(input: Input, name: string, where: string): string {
  const value = input?.[name];
  if (typeof value !== "string" || value === "") throw validation(`${where} is required and must be a text.`);
  return value;
}

function arrayAt(input: Input, name: string, where: string): unknown[] {
  const value = input[name];
  if (!Array.isArray(value)) throw validation(`${where} must be a list.`);
  return value;
}

const textsAt = (input: Input, name: string, where: string): string[] => arrayAt(input, name, where).map((value) => {
  if (typeof value !== "string") throw validation(`${where} must be a list of texts.`);
  return value;
});

/** A map by name; without a reader, of texts. */
function mapAt<T>(input: Input, name: string, where: string, read: ((value: Input, where: string) => T) | undefined): Record<string, T> {
  const value = input[name] ?? {};
  if (typeof value !== "object" || Array.isArray(value)) throw validation(`${where} must be a map.`);
  return Object.fromEntries(Object.entries(value as Input).map(([key, member]) => {
    if (read && !NAME.test(key)) throw validation(`The name '${key}' in ${where} may have 1 to 64 characters and no spaces.`);
    if (!read && typeof member !== "string") throw validation(`${where}.${key} must be a text.`);
    if (read && (typeof member !== "object" || member === null)) throw validation(`${where}.${key} must be a structure.`);
    return [key, read ? read(member as Input, `${where}.${key}`) : member as T];
  }));
}
