/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplate.html */
import { templateOut } from "./launch-templates";
import type { Ec2Operation } from "./operation";

export const deleteLaunchTemplate: Ec2Operation = (core) => (input) => {
  const template = core.templates.find(input);
  const launchTemplate = templateOut(core, template);
  core.templates.delete(template);
  core.tags.clear(template.id);
  return { launchTemplate };
};
