/** The actions that the region has. https://docs.aws.amazon.com/fis/latest/APIReference/API_ListActions.html */
import { ACTIONS, type ActionDefinition } from "../actions";
import { paged, type FisStore } from "../store";
import type { FisOperation } from "./operation";

export const actionSummary = (store: FisStore, { id, description, targets }: ActionDefinition): object => ({
  id, arn: store.arn("action", id), description, targets: Object.fromEntries(Object.entries(targets).map(([key, resourceType]) => [key, { resourceType }])), tags: {},
});

export const listActions: FisOperation = (store) => (input) => {
  const { items, nextToken } = paged([...ACTIONS.values()], input);
  return { actions: items.map((action) => actionSummary(store, action)), nextToken };
};
