/**
 * Filters of DescribeParameters and GetParametersByPath.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
 */
import { AwsError } from "../../core/types";
import type { ParameterVersion, SsmState } from "./state";

export interface ParameterFilter { Key?: string; Option?: string; Values?: string[] }

type Matcher = (state: SsmState, parameter: ParameterVersion, option: string, value: string) => boolean;

const text = (of: (parameter: ParameterVersion) => string | undefined): Matcher => (_state, parameter, option, value) => compare(of(parameter), option, value);

function compare(found: string | undefined, option: string, value: string): boolean {
  if (found === undefined) return false;
  return option === "BeginsWith" ? found.startsWith(value) : option === "Contains" ? found.includes(value) : found === value;
}

/** Keys, with the options that each takes; the first is what counts when none is given. */
export const FILTERS: Readonly<Record<string, { options: readonly [string, ...string[]]; matches: Matcher }>> = {
  Name: { options: ["Equals", "BeginsWith", "Contains"], matches: text(({ name }) => name) },
  Type: { options: ["Equals", "BeginsWith"], matches: text(({ type }) => type) },
  KeyId: { options: ["Equals", "BeginsWith"], matches: text(({ keyId }) => keyId) },
  Tier: { options: ["Equals"], matches: text(({ tier }) => tier) },
  DataType: { options: ["Equals"], matches: text(({ dataType }) => dataType) },
  Label: { options: ["Equals"], matches: (_state, { labels }, _option, value) => labels.has(value) },
  Path: { options: ["OneLevel", "Recursive"], matches: (_state, { name }, option, value) => isBelow(name, value, option === "Recursive") },
};

/** Whether a name stands under a path, at any depth or right below it. */
export function isBelow(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith("/") ? path : `${path}/`;
  return name.startsWith(prefix) && (recursive || !name.slice(prefix.length).includes("/"));
}

/** Whether a parameter passes all filters. @throws AwsError InvalidFilterKey, InvalidFilterOption, InvalidFilterValue */
export function passes(state: SsmState, parameter: ParameterVersion, filters: readonly ParameterFilter[], keys: readonly string[]): boolean {
  return filters.every(({ Key = "", Option, Values = [] }) => {
    if (Key.startsWith("tag:") && keys.includes("tag")) {
      const value = state.tags.get(parameter.name)?.get(Key.slice("tag:".length));
      return value !== undefined && (Values.length === 0 || Values.includes(value));
    }
    const filter = keys.includes(Key) && Object.hasOwn(FILTERS, Key) ? FILTERS[Key] : undefined;
    if (!filter) throw new AwsError("InvalidFilterKey", `The filter key ${Key} is not valid for this operation. Valid filter keys: ${keys.join(", ")}.`);
    const option = Option ?? filter.options[0];
    if (!filter.options.includes(option)) throw new AwsError("InvalidFilterOption", `The filter option ${option} is not valid for the key ${Key}. Valid options: ${filter.options.join(", ")}.`);
    if (Values.length === 0) throw new AwsError("InvalidFilterValue", `The filter ${Key} must have at least one value.`);
    return Values.some((value) => filter.matches(state, parameter, option, value));
  });
}
