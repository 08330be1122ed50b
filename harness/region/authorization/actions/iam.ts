/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
import { all, anywhere, each, on, passRole, requestTags, tagKeys, type Call, type RuleTable } from "../need";

const arnOf = (call: Call, kind: string, name: unknown): string => `arn:${call.region.partition}:iam::${call.region.accountId}:${kind}${String(name ?? "")}`;
/** A role as it is, with its path; one that is not there has none. */
const role = (call: Call): string => {
  const name = String(call.input.RoleName ?? "");
  return call.region.service<{ role(name: string): { arn: string } | undefined } & import("../../core/types").Service>("iam").role(name)?.arn ?? arnOf(call, `role${call.input.Path ?? "/"}`, name);
};
const profile = (call: Call): string => arnOf(call, `instance-profile${call.input.Path ?? "/"}`, call.input.InstanceProfileName);
const policyArn = (call: Call): string => String(call.input.PolicyArn ?? "");
const attaching = (call: Call): Record<string, string> => ({ "iam:PolicyARN": policyArn(call) });

export const IAM: RuleTable = {
  ...each("GetRole DeleteRole UpdateAssumeRolePolicy PutRolePolicy GetRolePolicy DeleteRolePolicy ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole ListRoleTags", (name) => on(`iam:${name}`, role)),
  CreateRole: on("iam:CreateRole", role, ({ input }) => ({ ...requestTags(input.Tags), "iam:PermissionsBoundary": input.PermissionsBoundary })),
  AttachRolePolicy: on("iam:AttachRolePolicy", role, attaching),
  DetachRolePolicy: on("iam:DetachRolePolicy", role, attaching),
  TagRole: on("iam:TagRole", role, ({ input }) => requestTags(input.Tags)),
  UntagRole: on("iam:UntagRole", role, ({ input }) => tagKeys(input.TagKeys)),
  ...each("ListRoles ListPolicies ListInstanceProfiles", (name) => anywhere(`iam:${name}`)),
  CreatePolicy: on("iam:CreatePolicy", (call) => arnOf(call, `policy${call.input.Path ?? "/"}`, call.input.PolicyName), ({ input }) => requestTags(input.Tags)),
  ...each("GetPolicy GetPolicyVersion ListPolicyVersions DeletePolicy", (name) => on(`iam:${name}`, policyArn)),
  CreateInstanceProfile: on("iam:CreateInstanceProfile", profile, ({ input }) => requestTags(input.Tags)),
  ...each("GetInstanceProfile RemoveRoleFromInstanceProfile DeleteInstanceProfile", (name) => on(`iam:${name}`, profile)),
  AddRoleToInstanceProfile: all(on("iam:AddRoleToInstanceProfile", profile), passRole(role, "ec2.amazonaws.com")),
};
