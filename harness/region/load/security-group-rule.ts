/** What the two resource types of single security group rules share. */
import type { ResourceType } from "./resource";

export function securityGroupRule(operation: "AuthorizeSecurityGroupIngress" | "AuthorizeSecurityGroupEgress"): ResourceType {
  return (args) => {
    const groupId = args.text("security_group_id");
    const description = args.optionalText("description");
    const described = (member: string, value: string | undefined): object[] | undefined => (value === undefined ? undefined : [{ [member]: value, ...(description ? { Description: description } : {}) }]);
    const permission = {
      IpProtocol: args.text("ip_protocol"),
      FromPort: args.optionalNumber("from_port"),
      ToPort: args.optionalNumber("to_port"),
      IpRanges: described("CidrIp", args.optionalText("cidr_ipv4")),
      Ipv6Ranges: described("CidrIpv6", args.optionalText("cidr_ipv6")),
      PrefixListIds: described("PrefixListId", args.optionalText("prefix_list_id")),
      UserIdGroupPairs: described("GroupId", args.optionalText("referenced_security_group_id")),
    };
    const tags = args.tagList();
    return async ({ call }) => {
      const answer = await call<{ SecurityGroupRules?: { SecurityGroupRuleId: string; SecurityGroupRuleArn?: string }[] }>("ec2", operation, {
        GroupId: groupId, IpPermissions: [permission], ...(tags ? { TagSpecifications: [{ ResourceType: "security-group-rule", Tags: tags }] } : {}),
      });
      const rule = answer.SecurityGroupRules?.[0];
      return rule ? { id: rule.SecurityGroupRuleId, security_group_rule_id: rule.SecurityGroupRuleId, arn: rule.SecurityGroupRuleArn } : {};
    };
  };
}
