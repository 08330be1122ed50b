/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachineAlias.html */
import type { Operation } from "../../../core/types";
import { findAlias, readRoutes, type RouteInput } from "../aliases";
import { stateMachineDeleting, validation } from "../errors";
import type { SfnStore } from "../store";

interface UpdateStateMachineAliasInput { stateMachineAliasArn?: string; description?: string; routingConfiguration?: RouteInput[] }

export const updateStateMachineAlias = (store: SfnStore): Operation<UpdateStateMachineAliasInput> => ({ stateMachineAliasArn, description, routingConfiguration }) => {
  if (description === undefined && routingConfiguration === undefined) throw validation("Either the description or the RoutingConfiguration must be specified");
  const { machine, alias } = findAlias(store, stateMachineAliasArn);
  if (machine.status === "DELETING") throw stateMachineDeleting(machine.arn);
  if (routingConfiguration !== undefined) {
    const { machine: owner, routes } = readRoutes(store, routingConfiguration);
    if (owner !== machine) throw validation(`Routing configuration must contain versions of the alias's own state machine. Received: [${routes.map((route) => route.stateMachineVersionArn).join(", ")}]`);
    alias.routes = routes;
  }
  alias.description = description ?? alias.description;
  alias.updateDate = store.now();
  return { updateDate: alias.updateDate };
};
