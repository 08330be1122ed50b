/** https://docs.aws.amazon.com/fis/latest/APIReference/API_ListExperimentResolvedTargets.html */
import { paged } from "../store";
import { textOf, type FisOperation } from "./operation";

export const listExperimentResolvedTargets: FisOperation = (store) => (input) => {
  const { experiment } = store.experiment(String(input["experimentId"]));
  const wanted = textOf(input, "targetName");
  const all = [...experiment.resolved].filter(([targetName]) => wanted === undefined || targetName === wanted).flatMap(([targetName, resources]) => resources.map(({ arn }) => ({
    targetName, resourceType: experiment.definition.targets[targetName]!.resourceType, targetInformation: { arn },
  })));
  const { items, nextToken } = paged(all, input);
  return { resolvedTargets: items, nextToken };
};
