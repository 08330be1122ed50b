/** https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html and its neighbours */
import type { Operation } from "../../../core/types";
import { numberOf } from "../../../wire/scalars";
import { isDestination } from "../destinations";
import { constraint, notFound, unsupported } from "../errors";
import { REFUSED } from "../limits";
import { page, type EventInvokeConfig, type LambdaFunction, type LambdaStore } from "../store";

interface Identified { FunctionName: string; Qualifier?: string }
interface Input extends Identified {
  MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number;
  DestinationConfig?: { OnSuccess?: { Destination?: string }; OnFailure?: { Destination?: string } };
}

function within(value: unknown, name: string, low: number, high: number): number | undefined {
  const number = numberOf(value, name);
  if (number !== undefined && !(number >= low && number <= high)) throw constraint(number, name, `Member must have value ${number < low ? `greater than or equal to ${low}` : `less than or equal to ${high}`}`);
  return number;
}

function destination(arn: string | undefined): string | undefined {
  if (arn && !isDestination(arn)) throw unsupported(REFUSED.destinations, arn);
  return arn || undefined;
}

function put(store: LambdaStore, input: Input, keepsBefore: boolean): object {
  const { fn, qualifier } = store.resolve(input.FunctionName, input.Qualifier);
  const name = qualifier ?? "$LATEST";
  const before = keepsBefore ? fn.eventInvokeConfigs.get(name) : undefined;
  const destinations = input.DestinationConfig;
  const config: EventInvokeConfig = {
    qualifier: name,
    maximumRetryAttempts: within(input.MaximumRetryAttempts, "maximumRetryAttempts", 0, 2) ?? before?.maximumRetryAttempts,
    maximumEventAgeSeconds: within(input.MaximumEventAgeInSeconds, "maximumEventAgeInSeconds", 60, 21_600) ?? before?.maximumEventAgeSeconds,
    onSuccess: destinations?.OnSuccess ? destination(destinations.OnSuccess.Destination) : before?.onSuccess,
    onFailure: destinations?.OnFailure ? destination(destinations.OnFailure.Destination) : before?.onFailure,
    lastModified: store.now(),
  };
  fn.eventInvokeConfigs.set(name, config);
  return members(fn, config);
}

const members = (fn: LambdaFunction, config: EventInvokeConfig): object => ({
  LastModified: config.lastModified,
  FunctionArn: `${fn.arn}:${config.qualifier}`,
  MaximumRetryAttempts: config.maximumRetryAttempts,
  MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
  DestinationConfig: { OnSuccess: config.onSuccess ? { Destination: config.onSuccess } : {}, OnFailure: config.onFailure ? { Destination: config.onFailure } : {} },
});

export const putFunctionEventInvokeConfig = (store: LambdaStore): Operation<Input> => (input) => put(store, input, false);
export const updateFunctionEventInvokeConfig = (store: LambdaStore): Operation<Input> => (input) => put(store, input, true);

function find(store: LambdaStore, input: Identified): { fn: LambdaFunction; config: EventInvokeConfig } {
  const { fn, qualifier } = store.find(input.FunctionName, input.Qualifier);
  const config = fn.eventInvokeConfigs.get(qualifier ?? "$LATEST");
  if (!config) throw notFound(`The function ${fn.arn}:${qualifier ?? "$LATEST"} doesn't have an EventInvokeConfig`);
  return { fn, config };
}

export const getFunctionEventInvokeConfig = (store: LambdaStore): Operation<Identified> => (input) => {
  const { fn, config } = find(store, input);
  return members(fn, config);
};

export const deleteFunctionEventInvokeConfig = (store: LambdaStore): Operation<Identified> => (input) => {
  const { fn, config } = find(store, input);
  fn.eventInvokeConfigs.delete(config.qualifier);
};

export const listFunctionEventInvokeConfigs = (store: LambdaStore): Operation<{ FunctionName: string; Marker?: string; MaxItems?: string | number }> => (input) => {
  const { fn } = store.find(input.FunctionName);
  const { items, NextMarker } = page([...fn.eventInvokeConfigs.values()], input.Marker, input.MaxItems);
  return { FunctionEventInvokeConfigs: items.map((config) => members(fn, config)), NextMarker };
};
