/** https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html */
import type { Operation } from "../../../core/types";
import { conflict, invalidParameter } from "../errors";
import type { Invocations } from "../invocations";
import type { LambdaStore } from "../store";

export const deleteFunction = (store: LambdaStore, invocations: Invocations): Operation<{ FunctionName: string; Qualifier?: string }> => async (input) => {
  const { fn, configuration, qualifier } = store.resolve(input.FunctionName, input.Qualifier);
  if (qualifier === undefined) {
    store.functions.delete(fn.name);
    for (const one of [fn.latest, ...fn.versions]) await invocations.forget(one);
    return { StatusCode: 204 };
  }
  if (qualifier === "$LATEST") throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
  const user = [...fn.aliases.values()].find((alias) => alias.version === configuration.version);
  if (user) throw conflict(`Version ${configuration.version} is referenced by alias ${user.name} and cannot be deleted.`);
  fn.versions = fn.versions.filter((one) => one !== configuration);
  await invocations.forget(configuration);
  return { StatusCode: 204 };
};
