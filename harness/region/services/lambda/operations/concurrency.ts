/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html and its neighbours */
import type { Operation } from "../../../core/types";
import { numberOf } from "../../../wire/scalars";
import { constraint, invalidParameter } from "../errors";
import { ACCOUNT_CONCURRENCY } from "../invocations";
import type { LambdaStore } from "../store";

/** So many executions stay for functions that reserve none. */
const LEAST_UNRESERVED = 100;

export const putFunctionConcurrency = (store: LambdaStore): Operation<{ FunctionName: string; ReservedConcurrentExecutions: number }> => (input) => {
  const { fn } = store.find(input.FunctionName);
  const reserved = numberOf(input.ReservedConcurrentExecutions, "ReservedConcurrentExecutions") ?? -1;
  if (reserved < 0) throw constraint(reserved, "reservedConcurrentExecutions", "Member must have value greater than or equal to 0");
  const others = [...store.functions.values()].reduce((sum, other) => sum + (other === fn ? 0 : other.reservedConcurrency ?? 0), 0);
  if (others + reserved > ACCOUNT_CONCURRENCY - LEAST_UNRESERVED) throw invalidParameter(`Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`);
  fn.reservedConcurrency = reserved;
  return { ReservedConcurrentExecutions: reserved };
};

export const getFunctionConcurrency = (store: LambdaStore): Operation<{ FunctionName: string }> => (input) => {
  const { reservedConcurrency } = store.find(input.FunctionName).fn;
  return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
};

export const deleteFunctionConcurrency = (store: LambdaStore): Operation<{ FunctionName: string }> => (input) => {
  store.find(input.FunctionName).fn.reservedConcurrency = undefined;
};
