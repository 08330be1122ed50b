/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html */
import { ec2Error } from "../errors";
import type { Ec2Operation } from "./operation";
import { groupOf } from "./security-groups";

export const deleteSecurityGroup: Ec2Operation = (core) => (input) => {
  const group = groupOf(core, input);
  if (group === core.groups.defaultGroup) throw ec2Error("CannotDelete", `the specified group: "${group.groupId}" name: "default" cannot be deleted by a user`);
  const used = [...core.instances.values()].some(({ state, plan }) => state !== "terminated" && plan.groupIds.includes(group.groupId));
  if (used) throw ec2Error("DependencyViolation", `resource ${group.groupId} has a dependent object`);
  core.groups.delete(group);
  core.tags.clear(group.groupId);
  return { return: true, groupId: group.groupId };
};
