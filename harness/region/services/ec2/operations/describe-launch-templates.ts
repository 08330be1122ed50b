/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplates.html */
import { toDate } from "../../../../time/clock";
import { filtered } from "../filters";
import { texts } from "../input";
import { paged } from "../paging";
import { templateOut } from "./launch-templates";
import type { Ec2Operation } from "./operation";

export const describeLaunchTemplates: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "LaunchTemplateId");
  const names = texts(input, "LaunchTemplateName");
  const asked = ids.length + names.length > 0
    ? [...ids.map((id) => core.templates.withId(id)), ...names.map((name) => core.templates.withName(name))]
    : core.templates.all();
  const matching = filtered(asked, input, {
    "create-time": ({ createdAt }) => toDate(createdAt).toISOString(), "launch-template-name": ({ name }) => name,
  }, ({ id }) => core.tags.of(id));
  const { items, nextToken } = paged(matching, input, ({ id }) => id, { least: 1, most: 200 });
  return { launchTemplates: items.map((template) => templateOut(core, template)), nextToken };
};
