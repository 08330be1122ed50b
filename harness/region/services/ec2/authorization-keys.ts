/**
 * Condition keys of resources that exist, beside their tags.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html#amazonec2-policy-keys
 */
import type { Ec2Core } from "./core";

export function authorizationKeys(core: Ec2Core, id: string): Record<string, string> {
  const keys: Record<string, string> = { "ec2:Region": core.region.regionName };
  const instance = core.instances.get(id);
  if (instance) {
    const { plan, subnet } = instance;
    Object.assign(keys, {
      "ec2:InstanceID": id, "ec2:InstanceType": plan.type.name, "ec2:AvailabilityZone": subnet.zone, "ec2:InstanceMarketType": instance.lifecycle, "ec2:Tenancy": "default", "ec2:RootDeviceType": "ebs",
      "ec2:EbsOptimized": String(plan.ebsOptimized), "ec2:MetadataHttpTokens": plan.metadata.httpTokens, ...(plan.profile ? { "ec2:InstanceProfile": plan.profile.arn } : {}),
    });
  }
  return keys;
}
