/**
 * Settings of which the region has only AWS's defaults, for who reads them: code signing, runtime management, recursion
 * control and the account's limits.
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionCodeSigningConfig.html and its neighbours
 */
import type { Operation } from "../../../core/types";
import { ACCOUNT_CONCURRENCY } from "../invocations";
import type { LambdaStore } from "../store";

export const getFunctionCodeSigningConfig = (store: LambdaStore): Operation<{ FunctionName: string }> => (input) => ({ CodeSigningConfigArn: "", FunctionName: store.find(input.FunctionName).fn.name });

export const getRuntimeManagementConfig = (store: LambdaStore): Operation<{ FunctionName: string; Qualifier?: string }> => (input) => {
  const { fn, configuration } = store.resolve(input.FunctionName, input.Qualifier);
  return { UpdateRuntimeOn: "Auto", FunctionArn: `${fn.arn}:${configuration.version}` };
};

export const getFunctionRecursionConfig = (store: LambdaStore): Operation<{ FunctionName: string }> => (input) => {
  store.find(input.FunctionName);
  return { RecursiveLoop: "Terminate" };
};

export const getAccountSettings = (store: LambdaStore): Operation => () => {
  const functions = [...store.functions.values()];
  const reserved = functions.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0);
  return {
    AccountLimit: { TotalCodeSize: 80_530_636_800, CodeSizeUnzipped: 262_144_000, CodeSizeZipped: 52_428_800, ConcurrentExecutions: ACCOUNT_CONCURRENCY, UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - reserved },
    AccountUsage: { TotalCodeSize: functions.reduce((sum, fn) => sum + fn.latest.code.size, 0), FunctionCount: functions.length },
  };
};
