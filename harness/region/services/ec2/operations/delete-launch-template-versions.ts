/**
 * Versions that are there are deleted, and those that are not are told beside them; the default version stays.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplateVersions.html
 */
import { ec2Error } from "../errors";
import { texts } from "../input";
import type { Ec2Operation } from "./operation";

export const deleteLaunchTemplateVersions: Ec2Operation = (core) => (input) => {
  const template = core.templates.find(input);
  const versions = texts(input, "LaunchTemplateVersion");
  if (versions.length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter LaunchTemplateVersion");
  const identity = { launchTemplateId: template.id, launchTemplateName: template.name };
  const deleted: object[] = [];
  const kept: object[] = [];
  for (const version of versions) {
    const number = Number(version);
    const failed = (code: string, message: string): void => void kept.push({ ...identity, versionNumber: number, responseError: { code, message } });
    if (!template.versions.has(number)) failed("launchTemplateVersionDoesNotExist", `Could not find the specified version ${version} for the launch template with ID ${template.id}.`);
    else if (number === template.defaultVersion) failed("unexpectedError", `Version ${version} is the default version of the launch template with ID ${template.id}; make another the default first.`);
    else {
      template.versions.delete(number);
      deleted.push({ ...identity, versionNumber: number });
    }
  }
  return { successfullyDeletedLaunchTemplateVersionSet: deleted, unsuccessfullyDeletedLaunchTemplateVersionSet: kept };
};
