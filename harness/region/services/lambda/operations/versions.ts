/**
 * https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html and
 * https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
 */
import type { Operation } from "../../../core/types";
import { describe } from "../configuration";
import { invalidParameter } from "../errors";
import { page, type Configuration, type LambdaFunction, type LambdaStore } from "../store";

/** Freezes $LATEST as a version; when nothing has changed since the last one, that one is given. */
export function publish(store: LambdaStore, fn: LambdaFunction, description?: string): Configuration {
  const last = fn.versions[fn.versions.length - 1];
  if (last && last.code === fn.latest.code && last.lastModified >= fn.latest.lastModified) return last;
  const version = String(Number(last?.version ?? 0) + 1);
  const published: Configuration = { ...fn.latest, version, description: description ?? fn.latest.description, lastModified: store.now(), revisionId: store.random.uuid() };
  delete published.pending;
  if (fn.latest.pending !== undefined) store.settle(published, "Creating");
  fn.versions.push(published);
  return published;
}

export const publishVersion = (store: LambdaStore): Operation<{ FunctionName: string; CodeSha256?: string; Description?: string; RevisionId?: string }> => (input) => {
  const { fn } = store.find(input.FunctionName);
  if (input.CodeSha256 && input.CodeSha256 !== fn.latest.code.sha256) throw invalidParameter(`CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${fn.latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`);
  return describe(fn, publish(store, fn, input.Description));
};

export const listVersionsByFunction = (store: LambdaStore): Operation<{ FunctionName: string; Marker?: string; MaxItems?: string | number }> => (input) => {
  const { fn } = store.find(input.FunctionName);
  const { items, NextMarker } = page([fn.latest, ...fn.versions], input.Marker, input.MaxItems);
  return { Versions: items.map((configuration) => describe(fn, configuration, true)), NextMarker };
};
