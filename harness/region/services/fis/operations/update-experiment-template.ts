/** What is given replaces what was; the whole is checked as a new template is. https://docs.aws.amazon.com/fis/latest/APIReference/API_UpdateExperimentTemplate.html */
import { templateOut } from "../store";
import { readDefinition } from "../validate";
import type { FisOperation } from "./operation";

export const updateExperimentTemplate: FisOperation = (store) => (input) => {
  const template = store.template(String(input["id"]));
  const { description, targets, actions, stopConditions, roleArn, logConfiguration, experimentOptions } = { ...template, ...input } as Record<string, unknown>;
  const definition = readDefinition({
    description, targets, actions, stopConditions, roleArn, logConfiguration, experimentOptions: { ...template.experimentOptions, ...(experimentOptions as object) },
  });
  const { id, createdAt, tags } = template;
  const updated = { ...definition, id, createdAt, tags, updatedAt: store.region.clock.now() };
  store.templates.set(id, updated);
  return { experimentTemplate: templateOut(store, updated) };
};
