/** Which version is the default. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyLaunchTemplate.html */
import { text } from "../input";
import { templateOut } from "./launch-templates";
import type { Ec2Operation } from "./operation";

export const modifyLaunchTemplate: Ec2Operation = (core) => (input) => {
  const template = core.templates.find(input);
  const wanted = text(input, "SetDefaultVersion") ?? text(input, "DefaultVersion");
  if (wanted) template.defaultVersion = core.templates.version(template, wanted).number;
  return { launchTemplate: templateOut(core, template) };
};
