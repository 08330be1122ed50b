/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_policy */
import type { ResourceType } from "../resource";

export const awsIamPolicy: ResourceType = (args) => {
  const name = args.text("name");
  const input = { PolicyName: name, Path: args.optionalText("path"), Description: args.optionalText("description"), PolicyDocument: args.text("policy"), Tags: args.tagList() };
  return async ({ call }) => {
    const { Policy } = await call<{ Policy: { Arn: string; PolicyId: string } }>("iam", "CreatePolicy", input);
    return { arn: Policy.Arn, id: Policy.Arn, policy_id: Policy.PolicyId, name };
  };
};
