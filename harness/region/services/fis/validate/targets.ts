/** A template's targets. https://docs.aws.amazon.com/fis/latest/userguide/targets.html */
import { validation } from "../errors";
import type { TemplateTarget } from "../model";
import { RESOURCE_TYPES, resourceType } from "../resource-types";
import { list, map, structure, text, textMap, type Input } from "./read";

export const readTargets = (input: Input): Record<string, TemplateTarget> =>
  Object.fromEntries(Object.entries(map(input["targets"], "targets", structure)).map(([name, target]) => [name, readTarget(name, target)]));

function readTarget(name: string, input: Input): TemplateTarget {
  const where = `targets.${name}.member`;
  const typeName = text(input["resourceType"], `${where}.resourceType`, { most: 128, solid: true });
  const selectionMode = text(input["selectionMode"], `${where}.selectionMode`, { most: 64, solid: true });
  const resourceArns = input["resourceArns"] === undefined ? undefined : list(input["resourceArns"], `${where}.resourceArns`, (arn, at) => text(arn, at, { least: 20, solid: true }), 5);
  const resourceTags = textMap(input["resourceTags"], `${where}.resourceTags`, { most: 256 }, { most: 128, least: 1 });
  const filters = input["filters"] === undefined ? undefined : list(input["filters"], `${where}.filters`, readFilter);
  const parameters = textMap(input["parameters"], `${where}.parameters`, { most: 1024, least: 1 });
  const target: TemplateTarget = {
    resourceType: typeName, selectionMode, ...(resourceArns ? { resourceArns } : {}), ...(resourceTags ? { resourceTags } : {}), ...(filters ? { filters } : {}), ...(parameters ? { parameters } : {}),
  };
  checkTarget(name, target);
  return target;
}

function readFilter(value: unknown, where: string): { path: string; values: string[] } {
  const filter = structure(value, where);
  return {
    path: text(filter["path"], `${where}.path`, { most: 256, solid: true }),
    values: list(filter["values"], `${where}.values`, (member, at) => text(member, at, { most: 128, solid: true })),
  };
}

function checkTarget(name: string, { resourceType: typeName, selectionMode, resourceArns = [], resourceTags = {}, filters = [], parameters = {} }: TemplateTarget): void {
  const type = resourceType(typeName);
  if (!type) throw validation(`The embedded region does not support the resource type ${typeName} (target "${name}"). It supports: ${Object.keys(RESOURCE_TYPES).join(", ")}.`);
  checkSelectionMode(name, selectionMode);
  const hasArns = resourceArns.length > 0;
  const hasTags = Object.keys(resourceTags).length > 0;
  const hasParameters = Object.keys(parameters).length > 0;
  if (Object.keys(resourceTags).length > 50) throw validation(`The target "${name}" may have at most 50 resource tags.`);
  if (hasArns && hasTags) throw validation(`The target "${name}" cannot have both resource ARNs and resource tags.`);
  if (hasArns && filters.length > 0) throw validation(`The target "${name}" cannot have both resource ARNs and filters.`);
  if (hasArns && hasParameters) throw validation(`The target "${name}" cannot have both resource ARNs and parameters.`);
  if (!hasArns && !hasTags && !hasParameters) throw validation(`The target "${name}" must have at least one resource ARN or one resource tag.`);
  if (!type.byTag && !hasArns) throw validation(`The target "${name}" of the resource type ${typeName} can be identified by resource ARNs only.`);
  for (const parameter of Object.keys(parameters)) {
    if (!Object.hasOwn(type.parameters, parameter)) throw validation(`Unexpected parameter "${parameter}" found in target "${name}": ${allowed(typeName, Object.keys(type.parameters))}.`);
  }
  for (const arn of resourceArns) {
    if (!type.arn.test(arn)) throw validation(`The resource ARN "${arn}" of the target "${name}" is not that of a resource of type ${typeName}.`);
  }
}

const allowed = (typeName: string, names: readonly string[]): string => (names.length === 0 ? `${typeName} takes no parameters` : `${typeName} takes ${names.join(", ")}`);

function checkSelectionMode(name: string, mode: string): void {
  const match = /^(?:ALL|COUNT\((\d{1,9})\)|PERCENT\((\d{1,9})\))$/.exec(mode);
  const count = match?.[1] === undefined ? undefined : Number(match[1]);
  const percent = match?.[2] === undefined ? undefined : Number(match[2]);
  if (!match || count === 0 || percent === 0 || (percent ?? 0) > 100) throw validation(`The selection mode "${mode}" of the target "${name}" is not valid: it must be ALL, COUNT(n) or PERCENT(n).`);
}
