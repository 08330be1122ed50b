/**
 * Versions of one template (newest first), or the latest or default ones of all.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html
 */
import { ec2Error } from "../errors";
import { filtered } from "../filters";
import { text, texts, whole } from "../input";
import { paged } from "../paging";
import type { LaunchTemplate, TemplateVersion } from "../templates";
import { versionOut } from "./launch-templates";
import type { Ec2Operation } from "./operation";

export const describeLaunchTemplateVersions: Ec2Operation = (core) => (input) => {
  const versions = texts(input, "LaunchTemplateVersion");
  const named = text(input, "LaunchTemplateId") !== undefined || text(input, "LaunchTemplateName") !== undefined;
  if (!named && (versions.length === 0 || versions.some((version) => !version.startsWith("$")))) {
    throw ec2Error("MissingParameter", "Either a launch template ID or a launch template name must be specified in the request.");
  }
  const templates = named ? [core.templates.find(input)] : core.templates.all();
  const least = whole(input, "MinVersion") ?? 0;
  const most = whole(input, "MaxVersion") ?? Infinity;
  const asked = templates.flatMap((template): { template: LaunchTemplate; version: TemplateVersion }[] => {
    const found = versions.length > 0
      ? versions.map((version) => core.templates.version(template, version))
      : [...template.versions.values()].reverse().filter(({ number }) => number >= least && number <= most);
    return found.map((version) => ({ template, version }));
  });
  const matching = filtered(asked, input, {
    "image-id": ({ version }) => text(version.data, "ImageId"), "instance-type": ({ version }) => text(version.data, "InstanceType"),
    "is-default-version": ({ template, version }) => template.defaultVersion === version.number,
  });
  const { items, nextToken } = paged(matching, input, ({ template, version }) => `${template.id} ${version.number}`, { least: 1, most: 200 });
  return { launchTemplateVersionSet: items.map(({ template, version }) => versionOut(template, version)), nextToken };
};
