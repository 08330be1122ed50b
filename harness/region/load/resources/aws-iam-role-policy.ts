/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_role_policy */
import type { ResourceType } from "../resource";

export const awsIamRolePolicy: ResourceType = (args) => {
  const role = args.text("role");
  const name = args.text("name");
  const policy = args.text("policy");
  return async ({ call }) => {
    await call("iam", "PutRolePolicy", { RoleName: role, PolicyName: name, PolicyDocument: policy });
    return { id: `${role}:${name}`, name, role, policy };
  };
};
