/**
 * The default VPC with a default subnet in each Availability Zone and its default security group: what a new account
 * has in each Region. https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
 */
import type { Random } from "../../../time/clock";
import { ec2Error } from "./errors";

export interface Vpc { vpcId: string; cidrBlock: string; dhcpOptionsId: string }

export interface Subnet {
  subnetId: string;
  vpcId: string;
  zone: string;
  zoneId: string;
  cidrBlock: string;
  /** First two numbers of its addresses and the base of the third. */
  base: readonly [number, number, number];
  /** Addresses handed out so far; AWS keeps the first four of a subnet for itself. */
  used: number;
}

/** A /20 has 4,096 addresses, of which AWS keeps five. */
export const SUBNET_ADDRESSES = 4091;

export class Network {
  readonly vpc: Vpc;
  readonly subnets: readonly Subnet[];
  private publicAddresses = 1;

  constructor(random: Random, zones: readonly { name: string; id: string }[]) {
    this.vpc = { vpcId: `vpc-${random.hex(17)}`, cidrBlock: "172.31.0.0/16", dhcpOptionsId: `dopt-${random.hex(17)}` };
    this.subnets = zones.map((zone, index) => ({
      subnetId: `subnet-${random.hex(17)}`, vpcId: this.vpc.vpcId, zone: zone.name, zoneId: zone.id,
      cidrBlock: `172.31.${index * 16}.0/20`, base: [172, 31, index * 16], used: 0,
    }));
  }

  /** Gives the VPC that id. */
  rename(vpcId: string): void {
    this.vpc.vpcId = vpcId;
    for (const subnet of this.subnets) subnet.vpcId = vpcId;
  }

  /** @throws AwsError InvalidSubnetID.NotFound */
  subnet(subnetId: string): Subnet {
    const found = this.subnets.find((subnet) => subnet.subnetId === subnetId);
    if (!found) throw ec2Error("InvalidSubnetID.NotFound", `The subnet ID '${subnetId}' does not exist`);
    return found;
  }

  /** The default subnet of a zone, by the zone's name or id. @throws AwsError InvalidParameterValue, when there is no such zone */
  subnetOfZone(zone: string): Subnet {
    const found = this.subnets.find((subnet) => subnet.zone === zone || subnet.zoneId === zone);
    if (!found) throw ec2Error("InvalidParameterValue", `Invalid availability zone: [${zone}]`);
    return found;
  }

  /** A public address out of the range that RFC 2544 sets aside for benchmarks, so that it is nobody's. They begin again after 131,072. */
  publicAddress(): string {
    const host = this.publicAddresses++ % 0x20000;
    return `198.${18 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
  }

  /** The next free private address of a subnet. @throws AwsError InsufficientFreeAddressesInSubnet */
  address(subnet: Subnet): string {
    if (subnet.used >= SUBNET_ADDRESSES) {
      throw ec2Error("InsufficientFreeAddressesInSubnet", `There are not enough free addresses in subnet '${subnet.subnetId}' to satisfy the requested number of instances.`);
    }
    const host = 4 + subnet.used++;
    return `${subnet.base[0]}.${subnet.base[1]}.${subnet.base[2] + (host >> 8)}.${host & 255}`;
  }
}

/** The public DNS name of an address. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames */
export const publicName = (regionName: string, address: string): string =>
  `ec2-${address.replaceAll(".", "-")}.${regionName === "us-east-1" ? "compute-1" : `${regionName}.compute`}.amazonaws.com`;
