/** Where instances run: subnets that were given, or the default VPC's zones; and a security group that lets nothing in. */
import { DataAwsAvailabilityZones } from "@cdktf/provider-aws/lib/data-aws-availability-zones";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { Fn } from "cdktf";
import type { TerraformRefs } from "../machine/definition-text";
import type { Conditions } from "../policy";
import type { StackContext } from "./context";

export interface Network {
  /** Of the instances: the stack's own, then those of the knob. */
  securityGroupIds: string[];
  securityGroupArns: string[];
  /** Where a launch may happen, as policies say it. */
  subnets: { arns: string[]; conditions?: Conditions };
  places: Pick<TerraformRefs, "places" | "placeKind">;
}

export function network(context: StackContext): Network {
  const { scope, config, names, arns } = context;
  const defaultVpc = config.vpcId === undefined ? new DataAwsVpc(scope, "default_vpc", { default: true }) : undefined;
  const vpcId = config.vpcId ?? defaultVpc!.id;
  const group = new SecurityGroup(scope, "instance_security_group", {
    name: names.securityGroup,
    description: "spotproof job instances: nothing in, HTTPS out",
    vpcId,
    egress: [
      {
        description: "AWS APIs, packages, artifacts",
        protocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrBlocks: ["0.0.0.0/0"],
        ipv6CidrBlocks: ["::/0"],
      },
    ],
  });
  return {
    securityGroupIds: [group.id, ...config.securityGroupIds],
    securityGroupArns: [group.arn, ...config.securityGroupIds.map((id) => arns.ec2(`security-group/${id}`))],
    subnets:
      defaultVpc === undefined
        ? { arns: config.subnetIds.map((id) => arns.ec2(`subnet/${id}`)) }
        : { arns: [arns.ec2("subnet/*")], conditions: { ArnEquals: { "ec2:Vpc": defaultVpc.arn } } },
    places: places(context),
  };
}

function places({ scope, config }: StackContext): Network["places"] {
  if (config.subnetIds.length > 0) return { places: config.subnetIds, placeKind: "SubnetId" };
  if (config.zones.length > 0) return { places: config.zones, placeKind: "AvailabilityZone" };
  return { places: Fn.jsonencode(availabilityZones(scope).names), placeKind: "AvailabilityZone" };
}

/** The region's zones that need no opt-in; local and Wavelength zones have no default subnets and few Spot pools. */
export function availabilityZones(scope: StackContext["scope"]): DataAwsAvailabilityZones {
  return new DataAwsAvailabilityZones(scope, "zones", {
    state: "available",
    filter: [
      { name: "opt-in-status", values: ["opt-in-not-required"] },
      { name: "zone-type", values: ["availability-zone"] },
    ],
  });
}
