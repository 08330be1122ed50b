/** https://docs.aws.amazon.com/fis/latest/APIReference/API_ListExperimentTemplates.html */
import { toDate } from "../../../../time/clock";
import { paged } from "../store";
import type { FisOperation } from "./operation";

export const listExperimentTemplates: FisOperation = (store) => (input) => {
  const { items, nextToken } = paged([...store.templates.values()], input);
  return {
    experimentTemplates: items.map((template) => ({
      id: template.id, arn: store.arn("experiment-template", template.id), description: template.description, creationTime: toDate(template.createdAt), lastUpdateTime: toDate(template.updatedAt),
      tags: Object.fromEntries(template.tags),
    })),
    nextToken,
  };
};
