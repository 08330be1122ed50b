/** Experiments started from it run on. https://docs.aws.amazon.com/fis/latest/APIReference/API_DeleteExperimentTemplate.html */
import { templateOut } from "../store";
import type { FisOperation } from "./operation";

export const deleteExperimentTemplate: FisOperation = (store) => (input) => {
  const template = store.template(String(input["id"]));
  store.templates.delete(template.id);
  return { experimentTemplate: templateOut(store, template) };
};
