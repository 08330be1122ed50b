/** https://docs.aws.amazon.com/fis/latest/APIReference/API_GetAction.html */
import { ACTIONS } from "../actions";
import { notFound } from "../errors";
import { actionSummary } from "./list-actions";
import type { FisOperation } from "./operation";

export const getAction: FisOperation = (store) => (input) => {
  const action = ACTIONS.get(String(input["id"]));
  if (!action) throw notFound(`The action ${String(input["id"])} does not exist in the embedded region.`);
  const parameters = Object.fromEntries(Object.entries(action.parameters).map(([name, { description, required }]) => [name, { description, required }]));
  return { action: { ...actionSummary(store, action), parameters } };
};
