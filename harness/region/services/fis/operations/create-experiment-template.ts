/** https://docs.aws.amazon.com/fis/latest/APIReference/API_CreateExperimentTemplate.html */
import { checkQuota } from "../quotas";
import { readTags, templateOut } from "../store";
import { readDefinition } from "../validate";
import { clientTokenOf, type FisOperation } from "./operation";

export const createExperimentTemplate: FisOperation = (store) => (input) => {
  const clientToken = clientTokenOf(input);
  const earlier = store.earlier("CreateExperimentTemplate", clientToken, input);
  if (earlier !== undefined) return { experimentTemplate: templateOut(store, store.template(earlier)) };
  const definition = readDefinition(input, store.region);
  const tags = readTags(input["tags"]);
  checkQuota("Experiment templates", store.templates.size + 1);
  const now = store.region.clock.now();
  const template = { ...definition, id: store.newId("EXT"), createdAt: now, updatedAt: now, tags };
  store.templates.set(template.id, template);
  store.remember("CreateExperimentTemplate", clientToken, input, template.id);
  return { experimentTemplate: templateOut(store, template) };
};
