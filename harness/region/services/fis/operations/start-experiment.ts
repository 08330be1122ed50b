/** https://docs.aws.amazon.com/fis/latest/APIReference/API_StartExperiment.html */
import { experimentOut, readTags } from "../store";
import { optionalStructure, optionalText, text } from "../validate/read";
import { clientTokenOf, type FisOperation } from "./operation";

export const startExperiment: FisOperation = (store) => (input) => {
  const templateId = text(input["experimentTemplateId"], "experimentTemplateId", { most: 64, solid: true });
  const clientToken = clientTokenOf(input);
  const options = optionalStructure(input["experimentOptions"], "experimentOptions") ?? {};
  const mode = optionalText(options["actionsMode"], "experimentOptions.actionsMode", { of: ["skip-all", "run-all"] }) ?? "run-all";
  const earlier = store.earlier("StartExperiment", clientToken, input);
  if (earlier !== undefined) return { experiment: experimentOut(store, store.experiment(earlier)) };
  const run = store.startExperiment(store.template(templateId), readTags(input["tags"]), mode as "run-all" | "skip-all");
  store.remember("StartExperiment", clientToken, input, run.experiment.id);
  return { experiment: experimentOut(store, run) };
};
