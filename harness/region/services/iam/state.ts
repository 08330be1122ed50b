/** What IAM remembers: roles with their policies, managed policies, instance profiles. Decisions read it as a Directory. */
import { toDate, type Clock, type Random } from "../../../time/clock";
import type { AppliedPolicy, Directory } from "../../authorization/directory";
import { uniqueId } from "../../core/credentials";
import { AwsError } from "../../core/types";
import { AWS_MANAGED_POLICIES } from "./aws-managed-policies";

export interface Tag { Key: string; Value: string }

/** What roles, policies and instance profiles have alike. */
interface Entity {
  name: string;
  path: string;
  arn: string;
  /** `AROA…` of a role, `ANPA…` of a policy, `AIPA…` of an instance profile. */
  id: string;
  createDate: Date;
  tags: Map<string, string>;
}

export interface Role extends Entity {
  description?: string;
  maxSessionSeconds: number;
  /** The trust policy, as JSON text. */
  trustPolicy: string;
  /** Inline policies: name to JSON text. */
  inlinePolicies: Map<string, string>;
  /** ARNs of managed policies. */
  attachedPolicies: Set<string>;
  permissionsBoundary?: string;
}

export interface ManagedPolicy extends Entity {
  description?: string;
  /** JSON text, by version id (`v1`). */
  versions: Map<string, { document: string; createDate: Date }>;
  defaultVersionId: string;
}

export interface InstanceProfile extends Entity {
  /** At most one. */
  roleName?: string;
}

export class IamState implements Directory {
  readonly roles = new Map<string, Role>();
  readonly policies = new Map<string, ManagedPolicy>();
  readonly instanceProfiles = new Map<string, InstanceProfile>();
  /** AWS's own. */
  readonly awsPolicies: ReadonlyMap<string, ManagedPolicy>;

  constructor(readonly identity: { clock: Clock; random: Random; accountId: string; partition: string }) {
    this.awsPolicies = awsPolicies(identity.partition);
  }

  /** An ARN of this account: IAM's have no region. */
  arn(kind: "role" | "policy" | "instance-profile", path: string, name: string): string {
    return `arn:${this.identity.partition}:iam::${this.identity.accountId}:${kind}${path}${name}`;
  }

  now(): Date {
    return toDate(this.identity.clock.now());
  }

  newId(prefix: string): string {
    return uniqueId(this.identity.random, prefix);
  }

  /** @throws AwsError NoSuchEntity */
  role(name: string): Role {
    return this.roles.get(name) ?? missing(`The role with name ${name} cannot be found.`);
  }

  /** @throws AwsError NoSuchEntity */
  policy(arn: string): ManagedPolicy {
    return this.findPolicy(arn) ?? missing(`Policy ${arn} was not found.${this.whyUnknown(arn)}`);
  }

  /** A managed policy, the account's or AWS's own. */
  findPolicy(arn: string): ManagedPolicy | undefined {
    return this.policies.get(arn) ?? this.awsPolicies.get(arn);
  }

  /** For messages: that it is this region which lacks a policy of AWS's. */
  whyUnknown(arn: string): string {
    const prefix = `arn:${this.identity.partition}:iam::aws:policy/`;
    return arn.startsWith(prefix) ? ` Of AWS's managed policies the embedded region has: ${Object.keys(AWS_MANAGED_POLICIES).join(", ")}.` : "";
  }

  documentOf(arn: string): string {
    return defaultDocument(this.policy(arn));
  }

  roleByArn(arn: string): Role | undefined {
    const role = this.roles.get(arn.slice(arn.lastIndexOf("/") + 1));
    return role?.arn === arn ? role : undefined;
  }

  /** @throws AwsError NoSuchEntity */
  instanceProfile(name: string): InstanceProfile {
    return this.instanceProfiles.get(name) ?? missing(`Instance Profile ${name} cannot be found.`);
  }

  policiesOf(roleName: string): AppliedPolicy[] {
    const role = this.role(roleName);
    const inline = [...role.inlinePolicies].map(([name, document]) => ({ source: `inline:${name}`, document }));
    const attached = [...role.attachedPolicies].map((arn) => ({ source: arn, document: defaultDocument(this.policy(arn)) }));
    return [...inline, ...attached];
  }
}

/** AWS's own policies: the same ids and times wherever they are asked for. */
function awsPolicies(partition: string): Map<string, ManagedPolicy> {
  const createDate = new Date("2015-02-06T18:39:46Z");
  return new Map(Object.entries(AWS_MANAGED_POLICIES).map(([name, statements], index) => {
    const slash = name.lastIndexOf("/");
    const policy: ManagedPolicy = {
      name: name.slice(slash + 1), path: slash < 0 ? "/" : `/${name.slice(0, slash)}/`, arn: `arn:${partition}:iam::aws:policy/${name}`,
      id: `ANPAAWS${String(index).padStart(14, "0")}`, createDate, versions: new Map([["v1", { document: JSON.stringify({ Version: "2012-10-17", Statement: statements }), createDate }]]),
      defaultVersionId: "v1", tags: new Map(),
    };
    return [policy.arn, policy];
  }));
}

const defaultDocument = (policy: ManagedPolicy): string => policy.versions.get(policy.defaultVersionId)!.document;

export function missing(message: string): never {
  throw new AwsError("NoSuchEntity", message, 404);
}
