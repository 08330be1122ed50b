/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html */
import { filtered } from "../filters";
import { permissionsOut } from "../groups";
import { texts } from "../input";
import { paged } from "../paging";
import { tagSet } from "../tags";
import type { Ec2Operation } from "./operation";

export const describeSecurityGroups: Ec2Operation = (core) => (input) => {
  const ids = texts(input, "GroupId");
  const names = texts(input, "GroupName");
  const asked = ids.length + names.length > 0 ? [...ids.map((id) => core.groups.withId(id)), ...names.map((name) => core.groups.withName(name))] : core.groups.all();
  const matching = filtered(asked, input, {
    "description": ({ description }) => description, "group-id": ({ groupId }) => groupId, "group-name": ({ groupName }) => groupName,
    "owner-id": () => core.region.accountId, "vpc-id": ({ vpcId }) => vpcId,
  }, ({ groupId }) => core.tags.of(groupId));
  const { items, nextToken } = paged(matching, input, ({ groupId }) => groupId);
  return {
    securityGroupInfo: items.map((group) => ({
      groupId: group.groupId, groupName: group.groupName, groupDescription: group.description, vpcId: group.vpcId, ownerId: core.region.accountId,
      ipPermissions: permissionsOut(group, false, core.region.accountId), ipPermissionsEgress: permissionsOut(group, true, core.region.accountId),
      tagSet: tagSet(core.tags.of(group.groupId)), securityGroupArn: core.arn(`security-group/${group.groupId}`),
    })),
    nextToken,
  };
};
