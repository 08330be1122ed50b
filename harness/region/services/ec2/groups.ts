/**
 * Security groups and their rules. No traffic passes through them here: they are data that must be right.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
import type { Random } from "../../../time/clock";
import type { RegionContext } from "../../core/types";
import { ec2Error } from "./errors";
import { requiredText, structures, text, whole, type Wire } from "./input";

export interface Rule {
  id: string;
  egress: boolean;
  protocol: string;
  fromPort?: number;
  toPort?: number;
  /** Exactly one of these. */
  cidrIpv4?: string;
  cidrIpv6?: string;
  prefixListId?: string;
  groupId?: string;
  description?: string;
}

export interface SecurityGroup {
  groupId: string;
  groupName: string;
  description: string;
  vpcId: string;
  rules: Rule[];
}

export class SecurityGroups {
  readonly defaultGroup: SecurityGroup;
  private readonly byId = new Map<string, SecurityGroup>();

  constructor(private readonly random: Random, private vpcId: string, private readonly region: RegionContext) {
    this.defaultGroup = this.create("default", "default VPC security group", vpcId);
    this.add(this.defaultGroup, [{ egress: false, protocol: "-1", groupId: this.defaultGroup.groupId }]);
  }

  /** A group with the rule that every new one has: all traffic out. @throws AwsError InvalidGroup.Duplicate, InvalidVpcID.NotFound, InvalidParameterValue */
  create(groupName: string, description: string, vpcId: string | undefined): SecurityGroup {
    const inVpc = vpcId ?? this.vpcId;
    if (inVpc !== this.vpcId) throw ec2Error("InvalidVpcID.NotFound", `The vpc ID '${inVpc}' does not exist`);
    if (groupName.startsWith("sg-")) throw ec2Error("InvalidParameterValue", `Invalid value '${groupName}' for groupName. Group names may not start with 'sg-'.`);
    if ([...this.byId.values()].some((group) => group.groupName === groupName)) {
      throw ec2Error("InvalidGroup.Duplicate", `The security group '${groupName}' already exists for VPC '${inVpc}'`);
    }
    const group: SecurityGroup = { groupId: `sg-${this.random.hex(17)}`, groupName, description, vpcId: inVpc, rules: [] };
    this.byId.set(group.groupId, group);
    this.add(group, [{ egress: true, protocol: "-1", cidrIpv4: "0.0.0.0/0" }]);
    return group;
  }

  /** The VPC has another id. */
  rename(vpcId: string): void {
    this.vpcId = vpcId;
    for (const group of this.byId.values()) group.vpcId = vpcId;
  }

  all(): SecurityGroup[] {
    return [...this.byId.values()];
  }

  /** @throws AwsError InvalidGroup.NotFound */
  withId(groupId: string): SecurityGroup {
    const found = this.byId.get(groupId);
    if (!found) throw ec2Error("InvalidGroup.NotFound", `The security group '${groupId}' does not exist`);
    return found;
  }

  /** @throws AwsError InvalidGroup.NotFound */
  withName(groupName: string): SecurityGroup {
    const found = this.all().find((group) => group.groupName === groupName);
    if (!found) throw ec2Error("InvalidGroup.NotFound", `The security group '${groupName}' does not exist in default VPC '${this.vpcId}'`);
    return found;
  }

  delete(group: SecurityGroup): void {
    this.byId.delete(group.groupId);
  }

  /** Adds rules, all or none. @throws AwsError InvalidPermission.Duplicate */
  add(group: SecurityGroup, rules: readonly Omit<Rule, "id">[]): Rule[] {
    for (const rule of rules) {
      if (group.rules.some((present) => sameRule(present, rule))) {
        throw ec2Error("InvalidPermission.Duplicate", `the specified rule "peer: ${peerOf(rule)}, ${rule.protocol === "-1" ? "ALL" : `${rule.protocol.toUpperCase()}, from port: ${rule.fromPort}, to port: ${rule.toPort}`}, ALLOW" already exists`);
      }
    }
    const added = rules.map((rule) => ({ id: `sgr-${this.random.hex(17)}`, ...rule }));
    group.rules.push(...added);
    return added;
  }

  /** Takes rules away. @throws AwsError InvalidPermission.NotFound, with nothing changed */
  revoke(group: SecurityGroup, rules: readonly Omit<Rule, "id">[]): Rule[] {
    const found = rules.map((rule) => group.rules.find((present) => sameRule(present, rule)));
    if (found.includes(undefined)) throw ec2Error("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
    group.rules = group.rules.filter((rule) => !found.includes(rule));
    return found as Rule[];
  }

  ruleOut(group: SecurityGroup, rule: Rule): object {
    return {
      securityGroupRuleId: rule.id, groupId: group.groupId, groupOwnerId: this.region.accountId, isEgress: rule.egress, ipProtocol: rule.protocol,
      fromPort: rule.fromPort ?? -1, toPort: rule.toPort ?? -1, cidrIpv4: rule.cidrIpv4, cidrIpv6: rule.cidrIpv6, prefixListId: rule.prefixListId,
      referencedGroupInfo: rule.groupId ? { groupId: rule.groupId, userId: this.region.accountId, vpcId: group.vpcId } : undefined, description: rule.description,
      securityGroupRuleArn: `arn:${this.region.partition}:ec2:${this.region.regionName}:${this.region.accountId}:security-group-rule/${rule.id}`,
    };
  }
}

const peerOf = (rule: Omit<Rule, "id">): string => rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.prefixListId ?? rule.groupId ?? "";

const sameRule = (a: Omit<Rule, "id">, b: Omit<Rule, "id">): boolean =>
  a.egress === b.egress && a.protocol === b.protocol && a.fromPort === b.fromPort && a.toPort === b.toPort && peerOf(a) === peerOf(b);

const PROTOCOLS: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", all: "-1" };

/** The rules of `IpPermissions`, one for each peer. @throws AwsError MissingParameter, InvalidParameterValue */
export function readPermissions(input: Wire, egress: boolean): Omit<Rule, "id">[] {
  const permissions = structures(input, "IpPermissions");
  if (permissions.length === 0 && text(input, "IpProtocol")) {
    permissions.push({ IpProtocol: input["IpProtocol"], FromPort: input["FromPort"], ToPort: input["ToPort"], IpRanges: [{ CidrIp: input["CidrIp"] }] });
  }
  if (permissions.length === 0) throw ec2Error("MissingParameter", "Either 'ipPermissions' or 'securityGroupRuleIds' should be provided.");
  return permissions.flatMap((permission) => {
    const given = requiredText(permission, "IpProtocol").toLowerCase();
    const protocol = PROTOCOLS[given] ?? given;
    const fromPort = whole(permission, "FromPort", -1);
    const toPort = whole(permission, "ToPort", -1);
    if ((protocol === "tcp" || protocol === "udp") && (fromPort === undefined || toPort === undefined)) {
      throw ec2Error("InvalidParameterValue", "Invalid value for portRange. Must specify both from and to ports with TCP/UDP.");
    }
    // With all protocols, all ports are meant whatever is given.
    const ports = protocol === "-1" ? {} : { ...(fromPort === undefined ? {} : { fromPort }), ...(toPort === undefined ? {} : { toPort }) };
    const rule = (peer: Partial<Rule>, range: Wire): Omit<Rule, "id"> => {
      const description = text(range, "Description");
      return { egress, protocol, ...ports, ...peer, ...(description ? { description } : {}) };
    };
    const rules = [
      ...structures(permission, "IpRanges").map((range) => rule({ cidrIpv4: cidr(requiredText(range, "CidrIp")) }, range)),
      ...structures(permission, "Ipv6Ranges").map((range) => rule({ cidrIpv6: requiredText(range, "CidrIpv6") }, range)),
      ...structures(permission, "PrefixListIds").map((list) => rule({ prefixListId: requiredText(list, "PrefixListId") }, list)),
      ...structures(permission, "Groups").map((group) => rule({ groupId: requiredText(group, "GroupId") }, group)),
    ];
    if (rules.length === 0) throw ec2Error("MissingParameter", "Missing source specification: include source security group or CIDR information");
    return rules;
  });
}

function cidr(value: string): string {
  if (!/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(value)) throw ec2Error("InvalidParameterValue", `CIDR block ${value} is malformed`);
  return value;
}

/** Rules as `IpPermissions` has them: by protocol and ports, each with all its peers. */
export function permissionsOut(group: SecurityGroup, egress: boolean, accountId: string): object[] {
  const byPorts = new Map<string, Rule[]>();
  for (const rule of group.rules) {
    if (rule.egress !== egress) continue;
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    byPorts.set(key, [...(byPorts.get(key) ?? []), rule]);
  }
  return [...byPorts.values()].map((rules) => ({
    ipProtocol: rules[0]!.protocol, fromPort: rules[0]!.fromPort, toPort: rules[0]!.toPort,
    ipRanges: rules.filter((rule) => rule.cidrIpv4).map((rule) => ({ cidrIp: rule.cidrIpv4, description: rule.description })),
    ipv6Ranges: rules.filter((rule) => rule.cidrIpv6).map((rule) => ({ cidrIpv6: rule.cidrIpv6, description: rule.description })),
    prefixListIds: rules.filter((rule) => rule.prefixListId).map((rule) => ({ prefixListId: rule.prefixListId, description: rule.description })),
    groups: rules.filter((rule) => rule.groupId).map((rule) => ({ groupId: rule.groupId, userId: accountId, description: rule.description })),
  }));
}
