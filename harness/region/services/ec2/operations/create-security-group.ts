/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
import { requiredText, text } from "../input";
import { readTagSpecifications, tagSet } from "../tags";
import type { Ec2Operation } from "./operation";

export const createSecurityGroup: Ec2Operation = (core) => (input) => {
  const tags = readTagSpecifications(input, ["security-group"]).get("security-group") ?? new Map<string, string>();
  const group = core.groups.create(requiredText(input, "GroupName"), requiredText(input, "GroupDescription"), text(input, "VpcId"));
  core.tags.put(group.groupId, tags);
  return { groupId: group.groupId, tagSet: tagSet(tags), securityGroupArn: core.arn(`security-group/${group.groupId}`) };
};
