/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachineAlias.html */
import type { Operation } from "../../../core/types";
import { checkAliasName, readRoutes, type RouteInput } from "../aliases";
import { conflict, stateMachineDeleting } from "../errors";
import type { SfnStore } from "../store";

/** Idempotent: the same alias again is that alias. */
export const createStateMachineAlias = (store: SfnStore): Operation<{ name?: string; description?: string; routingConfiguration?: RouteInput[] }> => (input) => {
  const name = checkAliasName(input.name);
  const { machine, routes } = readRoutes(store, input.routingConfiguration);
  if (machine.status === "DELETING") throw stateMachineDeleting(machine.arn);
  const existing = machine.aliases.get(name);
  if (existing !== undefined) {
    if (JSON.stringify([existing.description, existing.routes]) !== JSON.stringify([input.description, routes])) {
      throw conflict("Failed to create alias because an alias with the same name and a different routing configuration already exists.");
    }
    return { stateMachineAliasArn: existing.arn, creationDate: existing.creationDate };
  }
  const now = store.now();
  const alias = { arn: `${machine.arn}:${name}`, name, description: input.description, routes, creationDate: now, updateDate: now };
  machine.aliases.set(name, alias);
  return { stateMachineAliasArn: alias.arn, creationDate: now };
};
