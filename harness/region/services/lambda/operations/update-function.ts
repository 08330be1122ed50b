/**
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html and
 * https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
 */
import { AwsError, type Operation } from "../../../core/types";
import { booleanOf } from "../../../wire/scalars";
import { readCode, type CodeInput } from "../code";
import { describe, readConfiguration, type ConfigurationInput } from "../configuration";
import { beingUpdated, notActive } from "../errors";
import type { Invocations } from "../invocations";
import type { Configuration, LambdaFunction, LambdaStore } from "../store";
import { publish } from "./versions";

interface Identified { FunctionName: string; RevisionId?: string }

async function replace(store: LambdaStore, invocations: Invocations, fn: LambdaFunction, changes: Partial<Configuration>): Promise<void> {
  const before = fn.latest;
  fn.latest = { ...before, ...changes, lastModified: store.now(), revisionId: store.random.uuid() };
  store.settle(fn.latest, "Updating");
  await invocations.forget(before);
}

/** One that is still being created or updated takes no update. */
function checkSettled(fn: LambdaFunction): void {
  if (fn.latest.pending === "Creating") throw notActive("Pending");
  if (fn.latest.pending === "Updating") throw beingUpdated(fn.arn);
}

function checkRevision(fn: LambdaFunction, revision: string | undefined): void {
  if (revision !== undefined && revision !== fn.latest.revisionId) throw new AwsError("PreconditionFailedException", "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId", 412, { Type: "User" });
}

export const updateFunctionCode = (store: LambdaStore, invocations: Invocations): Operation<Identified & CodeInput & { Publish?: boolean; DryRun?: boolean; Architectures?: string[] }> => async (input, { region, caller }) => {
  const { fn } = store.find(input.FunctionName);
  checkSettled(fn);
  checkRevision(fn, input.RevisionId);
  const code = await readCode(region, caller, input);
  const { architectures } = readConfiguration(region, fn.name, { Architectures: input.Architectures }, fn.latest);
  if (!booleanOf(input.DryRun)) await replace(store, invocations, fn, { code, architectures });
  return describe(fn, booleanOf(input.Publish) ? publish(store, fn) : fn.latest);
};

export const updateFunctionConfiguration = (store: LambdaStore, invocations: Invocations): Operation<Identified & ConfigurationInput> => async (input, { region }) => {
  const { fn } = store.find(input.FunctionName);
  checkSettled(fn);
  checkRevision(fn, input.RevisionId);
  await replace(store, invocations, fn, readConfiguration(region, fn.name, input, fn.latest));
  return describe(fn, fn.latest);
};
