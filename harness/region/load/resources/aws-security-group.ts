/**
 * A security group. As Terraform does, the rule that AWS gives a new group (all egress) is removed first.
 * https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group
 */
import type { Arguments } from "../arguments";
import type { ResourceType } from "../resource";

interface Permission { own: boolean; permission: Record<string, unknown> }

function permission(args: Arguments): Permission {
  const description = args.optionalText("description");
  const described = (members: object): object => ({ ...members, ...(description ? { Description: description } : {}) });
  const groups = args.texts("security_groups");
  return {
    own: args.optionalFlag("self") ?? false,
    permission: {
      IpProtocol: args.text("protocol"),
      FromPort: args.number("from_port"),
      ToPort: args.number("to_port"),
      IpRanges: args.texts("cidr_blocks").map((CidrIp) => described({ CidrIp })),
      Ipv6Ranges: args.texts("ipv6_cidr_blocks").map((CidrIpv6) => described({ CidrIpv6 })),
      PrefixListIds: args.texts("prefix_list_ids").map((PrefixListId) => described({ PrefixListId })),
      UserIdGroupPairs: groups.map((GroupId) => described({ GroupId })),
    },
  };
}

/** The rule with its empty lists left out, and with the group itself where the rule says `self`. */
function withGroup({ own, permission: given }: Permission, groupId: string): object {
  const pairs = [...(given["UserIdGroupPairs"] as object[]), ...(own ? [{ GroupId: groupId }] : [])];
  const all = { ...given, UserIdGroupPairs: pairs };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !Array.isArray(value) || value.length > 0));
}

export const awsSecurityGroup: ResourceType = (args) => {
  const name = args.text("name");
  const description = args.optionalText("description") ?? "Managed by Terraform";
  const vpcId = args.optionalText("vpc_id");
  const tags = args.tagList();
  const ingress = args.blocks("ingress").map(permission);
  const egress = args.blocks("egress").map(permission);
  args.noEffect("it says how a group is destroyed", "revoke_rules_on_delete");
  return async ({ call, region }) => {
    const { GroupId } = await call<{ GroupId: string }>("ec2", "CreateSecurityGroup", {
      GroupName: name, Description: description, VpcId: vpcId, ...(tags ? { TagSpecifications: [{ ResourceType: "security-group", Tags: tags }] } : {}),
    });
    await call("ec2", "RevokeSecurityGroupEgress", { GroupId, IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }] });
    if (ingress.length > 0) await call("ec2", "AuthorizeSecurityGroupIngress", { GroupId, IpPermissions: ingress.map((rule) => withGroup(rule, GroupId)) });
    if (egress.length > 0) await call("ec2", "AuthorizeSecurityGroupEgress", { GroupId, IpPermissions: egress.map((rule) => withGroup(rule, GroupId)) });
    const { accountId, partition, regionName } = region;
    return { id: GroupId, name, arn: `arn:${partition}:ec2:${regionName}:${accountId}:security-group/${GroupId}`, owner_id: accountId, description };
  };
};
