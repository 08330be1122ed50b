/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_role_policy_attachment */
import type { ResourceType } from "../resource";

export const awsIamRolePolicyAttachment: ResourceType = (args) => {
  const role = args.text("role");
  const policyArn = args.text("policy_arn");
  return async ({ call }) => {
    await call("iam", "AttachRolePolicy", { RoleName: role, PolicyArn: policyArn });
    return { id: `${role}-${policyArn}` };
  };
};
