/**
 * A template's actions. "Unexpected target … found in action …" is the service's own wording
 * (https://github.com/hashicorp/terraform-provider-aws/issues/26950); where no page tells it, what is said here follows it.
 * https://docs.aws.amazon.com/fis/latest/userguide/action-sequence.html
 */
import { actionOf } from "../actions";
import { validation } from "../errors";
import type { TemplateAction, TemplateTarget } from "../model";
import { QUOTAS } from "../quotas";
import { list, map, optionalText, structure, text, textMap, type Input } from "./read";

export type Places = { regionName: string; partition: string };

/** @throws AwsError ValidationException */
export function readActions(input: Input, targets: Readonly<Record<string, TemplateTarget>>, places: Places): Record<string, TemplateAction> {
  const actions = map(input["actions"], "actions", readAction);
  const count = Object.keys(actions).length;
  if (count === 0) throw validation("The experiment template must have at least one action.");
  if (count > QUOTAS["Actions per experiment template"]) throw validation(`The experiment template may have at most ${QUOTAS["Actions per experiment template"]} actions.`);
  for (const [name, action] of Object.entries(actions)) checkAction(name, action, targets, places);
  checkOrder(actions);
  return actions;
}

function readAction(value: unknown, where: string): TemplateAction {
  const action = structure(value, where);
  const description = optionalText(action["description"], `${where}.description`, { most: 512 });
  const parameters = textMap(action["parameters"], `${where}.parameters`, { most: 1024, least: 1 });
  const targets = textMap(action["targets"], `${where}.targets`, { most: 64, least: 1, solid: true });
  const startAfter = action["startAfter"] === undefined ? undefined : list(action["startAfter"], `${where}.startAfter`, (name, at) => text(name, at, { most: 64, solid: true }));
  return {
    actionId: text(action["actionId"], `${where}.actionId`, { most: 128, solid: true }),
    ...(description ? { description } : {}), ...(parameters ? { parameters } : {}), ...(targets ? { targets } : {}), ...(startAfter ? { startAfter } : {}),
  };
}

function checkAction(name: string, action: TemplateAction, targets: Readonly<Record<string, TemplateTarget>>, places: Places): void {
  const definition = actionOf(action.actionId);
  checkParameters(name, action, places);
  const given = action.targets ?? {};
  for (const key of Object.keys(given)) if (!Object.hasOwn(definition.targets, key)) throw validation(`Unexpected target "${key}" found in action "${name}".`);
  for (const [key, resourceType] of Object.entries(definition.targets)) {
    const targetName = given[key];
    if (targetName === undefined) throw validation(`Required target "${key}" is missing from action "${name}".`);
    const target = Object.hasOwn(targets, targetName) ? targets[targetName]! : undefined;
    if (!target) throw validation(`The target "${targetName}" of action "${name}" is not defined in the experiment template.`);
    if (target.resourceType !== resourceType) throw validation(`The target "${targetName}" of action "${name}" has the resource type ${target.resourceType}; ${action.actionId} takes ${resourceType}.`);
  }
}

function checkParameters(name: string, { actionId, parameters: given = {} }: TemplateAction, places: Places): void {
  const definition = actionOf(actionId);
  for (const parameter of Object.keys(given)) if (!Object.hasOwn(definition.parameters, parameter)) throw validation(`Unexpected parameter "${parameter}" found in action "${name}".`);
  for (const [parameter, { required, check }] of Object.entries(definition.parameters)) {
    const value = given[parameter];
    if (value === undefined) {
      if (required) throw validation(`Required parameter "${parameter}" is missing from action "${name}".`);
      continue;
    }
    const problem = check(value);
    if (problem) throw validation(`The value "${value}" of parameter "${parameter}" in action "${name}" is not valid: ${problem}.`);
  }
  const problem = definition.check?.(given, places);
  if (problem) throw validation(`The parameters of action "${name}" are not valid: ${problem}.`);
}

/** Unknown names, circles, and more side by side than may run so. */
function checkOrder(actions: Readonly<Record<string, TemplateAction>>): void {
  const depths = new Map<string, number>();
  const depthOf = (name: string, path: readonly string[]): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) throw validation(`The actions ${[...path.slice(path.indexOf(name)), name].join(" -> ")} start after each other in a circle.`);
    let depth = 0;
    for (const earlier of actions[name]!.startAfter ?? []) {
      if (!Object.hasOwn(actions, earlier)) throw validation(`The action "${name}" starts after "${earlier}", which is not an action of the experiment template.`);
      depth = Math.max(depth, 1 + depthOf(earlier, [...path, name]));
    }
    depths.set(name, depth);
    return depth;
  };
  for (const name of Object.keys(actions)) depthOf(name, []);
  const starts = [...depths.values()].filter((depth) => depth === 0).length;
  if (starts > QUOTAS["Parallel actions per experiment"]) throw validation(`The experiment template may have at most ${QUOTAS["Parallel actions per experiment"]} actions that run in parallel; ${starts} would start at once.`);
}
