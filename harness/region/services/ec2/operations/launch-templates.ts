/** What the operations on launch templates share. */
import { toDate } from "../../../../time/clock";
import type { Ec2Core } from "../core";
import { ec2Error } from "../errors";
import { structure, texts, type Wire } from "../input";
import { decodeUserData } from "../launch-data";
import { tagSet } from "../tags";
import { templateDataOut, type LaunchTemplate, type TemplateVersion } from "../templates";

/** LaunchTemplateData, checked as far as EC2 checks it without launching. @throws AwsError MissingParameter, InvalidUserData.Malformed */
export function readTemplateData(input: Wire): Wire {
  const data = structure(input, "LaunchTemplateData");
  if (Object.keys(data).length === 0) throw ec2Error("MissingParameter", "The request must contain the parameter LaunchTemplateData");
  const userData = data["UserData"];
  if (typeof userData === "string") decodeUserData(userData);
  for (const list of ["SecurityGroupId", "SecurityGroup"]) texts(data, list);
  return data;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplate.html */
export const templateOut = (core: Ec2Core, template: LaunchTemplate): object => ({
  launchTemplateId: template.id, launchTemplateName: template.name, createTime: toDate(template.createdAt), createdBy: template.createdBy,
  defaultVersionNumber: template.defaultVersion, latestVersionNumber: template.latestVersion, tagSet: tagSet(core.tags.of(template.id)),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateVersion.html */
export const versionOut = (template: LaunchTemplate, version: TemplateVersion): object => ({
  launchTemplateId: template.id, launchTemplateName: template.name, versionNumber: version.number, versionDescription: version.description,
  createTime: toDate(version.createdAt), createdBy: version.createdBy, defaultVersion: version.number === template.defaultVersion, launchTemplateData: templateDataOut(version.data),
});
