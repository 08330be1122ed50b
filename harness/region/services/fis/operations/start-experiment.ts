/** https://docs.aws.amazon.com/fis/latest/APIReference/API_StartExperiment.html */
import { notSupported } from "../../../core/unsupported";
import { validation } from "../errors";
import { REFUSED } from "../limits";
import { experimentOut, readTags } from "../store";
import { textOf, type FisOperation } from "./operation";

export const startExperiment: FisOperation = (store) => (input) => {
  const templateId = textOf(input, "experimentTemplateId");
  if (!templateId) throw validation("experimentTemplateId is required.");
  const clientToken = textOf(input, "clientToken");
  const mode = (input["experimentOptions"] as { actionsMode?: string } | undefined)?.actionsMode ?? "run-all";
  if (mode !== "run-all") throw validation(notSupported(REFUSED.actionsMode, mode));
  const earlier = store.earlier("StartExperiment", clientToken, input);
  if (earlier !== undefined) return { experiment: experimentOut(store, store.experiment(earlier)) };
  const run = store.startExperiment(store.template(templateId), readTags(input["tags"]));
  store.remember("StartExperiment", clientToken, input, run.experiment.id);
  return { experiment: experimentOut(store, run) };
};
