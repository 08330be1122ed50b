/** https://docs.aws.amazon.com/fis/latest/APIReference/API_ListTargetResourceTypes.html */
import { RESOURCE_TYPES } from "../resource-types";
import { paged } from "../store";
import type { FisOperation } from "./operation";

export const listTargetResourceTypes: FisOperation = () => (input) => {
  const { items, nextToken } = paged(Object.entries(RESOURCE_TYPES), input);
  return { targetResourceTypes: items.map(([resourceType, { description }]) => ({ resourceType, description })), nextToken };
};
