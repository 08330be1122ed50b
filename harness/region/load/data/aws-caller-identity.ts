/** https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/caller_identity */
import type { ResourceType } from "../resource";

export const awsCallerIdentity: ResourceType = () => async ({ call }) => {
  const { Account, Arn, UserId } = await call<{ Account: string; Arn: string; UserId: string }>("sts", "GetCallerIdentity", {});
  return { account_id: Account, arn: Arn, user_id: UserId, id: Account };
};
