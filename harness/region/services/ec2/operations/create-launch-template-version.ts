/** A new version, on top of SourceVersion when one is given. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html */
import { text } from "../input";
import { mergeLaunchData } from "../launch-data";
import { readTemplateData, versionOut } from "./launch-templates";
import type { Ec2Operation } from "./operation";

export const createLaunchTemplateVersion: Ec2Operation = (core) => (input, { caller }) =>
  core.idempotency.once("CreateLaunchTemplateVersion", text(input, "ClientToken"), input, () => {
    const template = core.templates.find(input);
    const source = text(input, "SourceVersion");
    const own = readTemplateData(input);
    const description = text(input, "VersionDescription");
    const version = core.templates.addVersion(template, {
      createdAt: core.now(), createdBy: caller.arn, data: source ? mergeLaunchData(core.templates.version(template, source).data, own) : own,
      ...(description ? { description } : {}),
    });
    return { launchTemplateVersion: versionOut(template, version) };
  });
