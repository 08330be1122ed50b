/** What is given replaces what was; the whole is checked as a new template is. https://docs.aws.amazon.com/fis/latest/APIReference/API_UpdateExperimentTemplate.html */
import { validation } from "../errors";
import { templateOut } from "../store";
import { readDefinition } from "../validate";
import { optionalStructure } from "../validate/read";
import { refuseUnsupported } from "../validate/settings";
import type { FisOperation } from "./operation";

export const updateExperimentTemplate: FisOperation = (store) => (input) => {
  const template = store.template(String(input["id"]));
  refuseUnsupported(input);
  const newOptions = optionalStructure(input["experimentOptions"], "experimentOptions");
  if (newOptions?.["accountTargeting"] !== undefined) throw validation("The account targeting of an experiment template cannot be changed (experimentOptions.accountTargeting).");
  const { description, targets, actions, stopConditions, roleArn, logConfiguration } = { ...template, ...input } as Record<string, unknown>;
  const definition = readDefinition({
    description, targets, actions, stopConditions, roleArn, logConfiguration, experimentOptions: { ...template.experimentOptions, ...newOptions },
  }, store.region);
  const { id, createdAt, tags } = template;
  const updated = { ...definition, id, createdAt, tags, updatedAt: store.region.clock.now() };
  store.templates.set(id, updated);
  return { experimentTemplate: templateOut(store, updated) };
};
