/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
import type { Operation } from "../../../core/types";
import { booleanOf } from "../../../wire/scalars";
import { readCode, type CodeInput } from "../code";
import { describe, readConfiguration, type ConfigurationInput } from "../configuration";
import { conflict } from "../errors";
import { parseName, type Configuration, type LambdaFunction, type LambdaStore } from "../store";
import { isPython } from "../runtime/create";
import { publish } from "./versions";

interface Input extends ConfigurationInput { FunctionName: string; Code?: CodeInput; Publish?: boolean; Tags?: Record<string, string> }

export const createFunction = (store: LambdaStore): Operation<Input> => async (input, { region, caller }) => {
  const { name } = parseName(input.FunctionName);
  if (store.functions.has(name)) throw conflict(`Function already exist: ${name}`);
  const given = readConfiguration(region, name, input, undefined);
  const code = await readCode(region, caller, input.Code);
  const latest: Configuration = { ...given, functionName: name, version: "$LATEST", code, lastModified: store.now(), revisionId: store.random.uuid() };
  const fn: LambdaFunction = {
    name, arn: store.arn(name), latest, versions: [], aliases: new Map(), statements: new Map(), eventInvokeConfigs: new Map(), tags: new Map(Object.entries(input.Tags ?? {})), concurrency: 0,
  };
  store.functions.set(name, fn);
  store.settle(latest, "Creating");
  if (isPython(latest.runtime)) void region.guests.prewarm?.().catch(() => undefined); // its first invocation meets the error, too
  return describe(fn, booleanOf(input.Publish) ? publish(store, fn) : latest);
};
