/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html and its neighbours */
import type { Operation } from "../../../core/types";
import { conflict, constraint, notFound, unsupported } from "../errors";
import { REFUSED } from "../limits";
import { page, type Alias, type LambdaFunction, type LambdaStore } from "../store";

interface Input { FunctionName: string; Name: string; FunctionVersion?: string; Description?: string; RoutingConfig?: { AdditionalVersionWeights?: Record<string, number> } }

const members = (fn: LambdaFunction, alias: Alias): object => ({ AliasArn: `${fn.arn}:${alias.name}`, Name: alias.name, FunctionVersion: alias.version, Description: alias.description, RevisionId: alias.revisionId });

function find(fn: LambdaFunction, name: string): Alias {
  const alias = fn.aliases.get(name);
  if (!alias) throw notFound(`Cannot find alias arn: ${fn.arn}:${name}`);
  return alias;
}

function refuseWeights(input: Input): void {
  if (Object.keys(input.RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0) throw unsupported(REFUSED.weightedAliases);
}

export const createAlias = (store: LambdaStore): Operation<Input> => (input) => {
  refuseWeights(input);
  const { fn } = store.resolve(input.FunctionName, input.FunctionVersion);
  if (!/^(?!^[0-9]+$)[a-zA-Z0-9_-]{1,128}$/.test(input.Name)) throw constraint(input.Name, "name", "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)");
  if (fn.aliases.has(input.Name)) throw conflict(`Alias already exists: ${fn.arn}:${input.Name}`);
  const alias: Alias = { name: input.Name, version: input.FunctionVersion ?? "$LATEST", description: input.Description ?? "", revisionId: store.random.uuid() };
  fn.aliases.set(alias.name, alias);
  return members(fn, alias);
};

export const getAlias = (store: LambdaStore): Operation<Input> => (input) => {
  const { fn } = store.find(input.FunctionName);
  return members(fn, find(fn, input.Name));
};

export const updateAlias = (store: LambdaStore): Operation<Input> => (input) => {
  refuseWeights(input);
  const { fn } = store.find(input.FunctionName);
  const alias = find(fn, input.Name);
  if (input.FunctionVersion !== undefined) alias.version = store.resolve(input.FunctionName, input.FunctionVersion).configuration.version;
  alias.description = input.Description ?? alias.description;
  alias.revisionId = store.random.uuid();
  return members(fn, alias);
};

export const deleteAlias = (store: LambdaStore): Operation<Input> => (input) => {
  store.find(input.FunctionName).fn.aliases.delete(input.Name);
};

export const listAliases = (store: LambdaStore): Operation<{ FunctionName: string; FunctionVersion?: string; Marker?: string; MaxItems?: string | number }> => (input) => {
  const { fn } = store.find(input.FunctionName);
  const all = [...fn.aliases.values()].filter((alias) => input.FunctionVersion === undefined || alias.version === input.FunctionVersion);
  const { items, NextMarker } = page(all, input.Marker, input.MaxItems);
  return { Aliases: items.map((alias) => members(fn, alias)), NextMarker };
};
