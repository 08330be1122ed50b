/** What the operations on security groups share. */
import type { Ec2Core } from "../core";
import { ec2Error } from "../errors";
import { readPermissions, type SecurityGroup } from "../groups";
import { text, texts, type Wire } from "../input";
import { readTagSpecifications } from "../tags";

/** The group that a request names. @throws AwsError MissingParameter, InvalidGroup.NotFound */
export function groupOf(core: Ec2Core, input: Wire): SecurityGroup {
  const groupId = text(input, "GroupId");
  if (groupId) return core.groups.withId(groupId);
  const groupName = text(input, "GroupName");
  if (groupName) return core.groups.withName(groupName);
  throw ec2Error("MissingParameter", "The request must contain the parameter groupName or groupId");
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html, …Ingress.html */
export function authorize(core: Ec2Core, input: Wire, egress: boolean): object {
  const group = groupOf(core, input);
  const tags = readTagSpecifications(input, ["security-group-rule"]).get("security-group-rule") ?? new Map<string, string>();
  const added = core.groups.add(group, readPermissions(input, egress));
  for (const { id } of added) core.tags.put(id, tags);
  return { return: true, securityGroupRuleSet: added.map((rule) => core.groups.ruleOut(group, rule)) };
}

/** By rule id or by what the rule says. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupEgress.html, …Ingress.html */
export function revoke(core: Ec2Core, input: Wire, egress: boolean): object {
  const group = groupOf(core, input);
  const ids = texts(input, "SecurityGroupRuleId");
  const named = ids.map((id) => {
    const found = group.rules.find((rule) => rule.id === id && rule.egress === egress);
    if (!found) throw ec2Error("InvalidSecurityGroupRuleId.NotFound", `The security group rule ID '${id}' does not exist`);
    return found;
  });
  const revoked = core.groups.revoke(group, ids.length > 0 ? named : readPermissions(input, egress));
  return { return: true, revokedSecurityGroupRuleSet: revoked.map((rule) => core.groups.ruleOut(group, rule)) };
}
