/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_instance_profile */
import type { ResourceType } from "../resource";

export const awsIamInstanceProfile: ResourceType = (args) => {
  const name = args.text("name");
  const role = args.optionalText("role");
  const input = { InstanceProfileName: name, Path: args.optionalText("path"), Tags: args.tagList() };
  return async ({ call }) => {
    const { InstanceProfile } = await call<{ InstanceProfile: { Arn: string; InstanceProfileId: string; CreateDate: Date } }>("iam", "CreateInstanceProfile", input);
    if (role !== undefined) await call("iam", "AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName: role });
    return { arn: InstanceProfile.Arn, id: name, name, unique_id: InstanceProfile.InstanceProfileId, create_date: InstanceProfile.CreateDate.toISOString() };
  };
};
