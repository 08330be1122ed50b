/**
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html,
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html and
 * https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html
 */
import type { Operation } from "../../../core/types";
import { describe } from "../configuration";
import { page, type LambdaStore } from "../store";

interface Input { FunctionName: string; Qualifier?: string }

export const getFunction = (store: LambdaStore): Operation<Input> => (input) => {
  const { fn, configuration, qualifier } = store.resolve(input.FunctionName, input.Qualifier);
  return {
    Configuration: describe(fn, configuration, qualifier !== undefined),
    // The packages are not served: nothing in a run fetches them.
    Code: { RepositoryType: "S3", Location: `https://awslambda-${store.region.regionName}-tasks.s3.${store.region.regionName}.amazonaws.com/snapshots/${store.region.accountId}/${fn.name}-${configuration.revisionId}` },
    ...(fn.tags.size > 0 ? { Tags: Object.fromEntries(fn.tags) } : {}),
    ...(fn.reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency } }),
  };
};

export const getFunctionConfiguration = (store: LambdaStore): Operation<Input> => (input) => {
  const { fn, configuration, qualifier } = store.resolve(input.FunctionName, input.Qualifier);
  return describe(fn, configuration, qualifier !== undefined);
};

export const listFunctions = (store: LambdaStore): Operation<{ Marker?: string; MaxItems?: string | number; FunctionVersion?: string }> => (input) => {
  const functions = [...store.functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = functions.flatMap((fn) => (input.FunctionVersion === "ALL" ? [fn.latest, ...fn.versions] : [fn.latest]).map((configuration) => describe(fn, configuration, input.FunctionVersion === "ALL")));
  const { items, NextMarker } = page(all, input.Marker, input.MaxItems);
  return { Functions: items, NextMarker };
};
