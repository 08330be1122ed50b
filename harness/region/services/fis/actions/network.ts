/** Disrupting subnets' connectivity. https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html#disrupt-connectivity */
import type { Need } from "../../../core/types";
import { notSupported } from "../../../core/unsupported";
import type { Ec2Service } from "../../ec2";
import { REFUSED } from "../limits";
import { faultDuration, hold, type ActionContext, type ActionDefinition } from "./definition";

const SCOPES = ["all", "s3", "dynamodb"] as const;
/** What AWS has besides: between instances, or to what the region does not have. */
const OTHER_SCOPES = ["availability-zone", "prefix-list", "s3express", "vpc"];

/** FIS clones the subnets' network ACLs, adds denials, and puts the original ones back: what its role must be allowed for that. */
function needs({ region, targets }: ActionContext): Need[] {
  const arn = (resource: string): string => `arn:${region.partition}:ec2:${region.regionName}:${region.accountId}:${resource}`;
  const acl = arn("network-acl/*");
  const tags = new Map([["managedByFIS", "true"]]);
  const marked = { "aws:RequestTag/managedByFIS": "true", "aws:TagKeys": ["managedByFIS"] };
  return [
    ...["DescribeSubnets", "DescribeVpcs", "DescribeNetworkAcls", "DescribeManagedPrefixLists", "GetManagedPrefixListEntries"].map((name) => ({ action: `ec2:${name}`, resource: "*" })),
    { action: "ec2:CreateNetworkAcl", resource: acl, keys: marked },
    { action: "ec2:CreateTags", resource: acl, keys: { ...marked, "ec2:CreateAction": "CreateNetworkAcl" } },
    ...["CreateNetworkAclEntry", "DeleteNetworkAcl"].map((name) => ({ action: `ec2:${name}`, resource: acl, tags: () => tags })),
    ...[acl, ...targets("Subnets").map((subnet) => subnet.arn)].map((resource) => ({ action: "ec2:ReplaceNetworkAclAssociation", resource })),
  ];
}

export const disruptConnectivity: ActionDefinition = {
  id: "aws:network:disrupt-connectivity", description: "Denies the specified traffic to the target subnets.", targets: { Subnets: "aws:ec2:subnet" },
  parameters: {
    duration: faultDuration,
    scope: {
      description: "The type of traffic to deny: all, s3 or dynamodb.", required: true,
      check(value) {
        if ((SCOPES as readonly string[]).includes(value)) return undefined;
        return OTHER_SCOPES.includes(value) ? notSupported(REFUSED.scopes, value).replace(/\.$/, "").replace(/^The/, "the") : `the possible values are ${[...SCOPES, ...OTHER_SCOPES].sort().join(", ")}`;
      },
    },
    prefixListIdentifier: { description: "If the scope is prefix-list, the identifier of the customer managed prefix list.", required: false, check: () => undefined },
  },
  check: ({ scope, prefixListIdentifier }) => (prefixListIdentifier !== undefined && scope !== "prefix-list" ? "prefixListIdentifier is for the scope prefix-list alone" : undefined),
  async run(context) {
    const subnetIds = context.targets("Subnets").map(({ id }) => id);
    context.region.permit?.(context.role.caller, "ec2", needs(context));
    await hold(context.region.service<Ec2Service>("ec2").disruptConnectivity(subnetIds, context.parameters["scope"] as (typeof SCOPES)[number]), context);
  },
};
