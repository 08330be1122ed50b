/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_role */
import type { ResourceType } from "../resource";

export const awsIamRole: ResourceType = (args) => {
  const name = args.text("name");
  const input = {
    RoleName: name, Path: args.optionalText("path"), AssumeRolePolicyDocument: args.text("assume_role_policy"), Description: args.optionalText("description"),
    MaxSessionDuration: args.optionalNumber("max_session_duration"), PermissionsBoundary: args.optionalText("permissions_boundary"), Tags: args.tagList(),
  };
  const inline = args.blocks("inline_policy").map((block) => ({ name: block.text("name"), document: block.text("policy") }));
  const managed = args.texts("managed_policy_arns");
  args.noEffect("it says how a role is destroyed", "force_detach_policies");
  return async ({ call }) => {
    const { Role } = await call<{ Role: { Arn: string; RoleId: string; CreateDate: Date } }>("iam", "CreateRole", input);
    for (const policy of inline) await call("iam", "PutRolePolicy", { RoleName: name, PolicyName: policy.name, PolicyDocument: policy.document });
    for (const PolicyArn of managed) await call("iam", "AttachRolePolicy", { RoleName: name, PolicyArn });
    return { arn: Role.Arn, id: name, name, unique_id: Role.RoleId, create_date: Role.CreateDate.toISOString() };
  };
};
