/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html */
import { requiredText, text } from "../input";
import { readTagSpecifications } from "../tags";
import { readTemplateData, templateOut } from "./launch-templates";
import type { Ec2Operation } from "./operation";

export const createLaunchTemplate: Ec2Operation = (core) => (input, { caller }) =>
  core.idempotency.once("CreateLaunchTemplate", text(input, "ClientToken"), input, () => {
    const tags = readTagSpecifications(input, ["launch-template"]).get("launch-template") ?? new Map<string, string>();
    const description = text(input, "VersionDescription");
    const template = core.templates.create(requiredText(input, "LaunchTemplateName"), {
      createdAt: core.now(), createdBy: caller.arn, data: readTemplateData(input), ...(description ? { description } : {}),
    });
    core.tags.put(template.id, tags);
    return { launchTemplate: templateOut(core, template) };
  });
