/** The newest first. https://docs.aws.amazon.com/fis/latest/APIReference/API_ListExperiments.html */
import { toDate } from "../../../../time/clock";
import { paged } from "../store";
import { textOf, type FisOperation } from "./operation";

export const listExperiments: FisOperation = (store) => (input) => {
  const templateId = textOf(input, "experimentTemplateId");
  const all = [...store.experiments.values()].map(({ experiment }) => experiment).filter((experiment) => templateId === undefined || experiment.templateId === templateId).reverse();
  const { items, nextToken } = paged(all, input);
  return {
    experiments: items.map((experiment) => ({
      id: experiment.id, arn: store.arn("experiment", experiment.id), experimentTemplateId: experiment.templateId, state: experiment.state, creationTime: toDate(experiment.createdAt),
      tags: Object.fromEntries(experiment.tags), experimentOptions: { ...experiment.definition.experimentOptions, actionsMode: experiment.actionsMode },
    })),
    nextToken,
  };
};
