/** What IAM remembers: roles with their policies, managed policies, instance profiles. The evaluator reads it here. */
import { toDate, type Clock, type Random } from "../../../time/clock";
import { uniqueId } from "../../core/credentials";
import { AwsError } from "../../core/types";

export interface Tag { Key: string; Value: string }

export interface Role {
  name: string;
  path: string;
  arn: string;
  /** `AROA…` */
  id: string;
  createDate: Date;
  description?: string;
  maxSessionSeconds: number;
  /** The trust policy, as JSON text. */
  trustPolicy: string;
  /** Inline policies: name to JSON text. */
  inlinePolicies: Map<string, string>;
  /** ARNs of managed policies. */
  attachedPolicies: Set<string>;
  permissionsBoundary?: string;
  tags: Map<string, string>;
}

export interface ManagedPolicy {
  name: string;
  path: string;
  arn: string;
  /** `ANPA…` */
  id: string;
  createDate: Date;
  description?: string;
  /** JSON text, by version id (`v1`). */
  versions: Map<string, { document: string; createDate: Date }>;
  defaultVersionId: string;
  tags: Map<string, string>;
}

export interface InstanceProfile {
  name: string;
  path: string;
  arn: string;
  /** `AIPA…` */
  id: string;
  createDate: Date;
  /** At most one. */
  roleName?: string;
  tags: Map<string, string>;
}

/** A policy that applies to a role: what an evaluation of the role's permissions reads. */
export interface AppliedPolicy {
  /** `inline:NAME`, or a managed policy's ARN. */
  source: string;
  /** JSON text. */
  document: string;
}

export class IamState {
  readonly roles = new Map<string, Role>();
  readonly policies = new Map<string, ManagedPolicy>();
  readonly instanceProfiles = new Map<string, InstanceProfile>();

  constructor(readonly identity: { clock: Clock; random: Random; accountId: string; partition: string }) {}

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
    return this.policies.get(arn) ?? missing(`Policy ${arn} was not found.`);
  }

  /** @throws AwsError NoSuchEntity */
  instanceProfile(name: string): InstanceProfile {
    return this.instanceProfiles.get(name) ?? missing(`Instance Profile ${name} cannot be found.`);
  }

  /** Every identity policy of a role, inline ones first. @throws AwsError NoSuchEntity */
  policiesOf(roleName: string): AppliedPolicy[] {
    const role = this.role(roleName);
    const inline = [...role.inlinePolicies].map(([name, document]) => ({ source: `inline:${name}`, document }));
    const attached = [...role.attachedPolicies].map((arn) => ({ source: arn, document: defaultDocument(this.policy(arn)) }));
    return [...inline, ...attached];
  }
}

export const defaultDocument = (policy: ManagedPolicy): string => policy.versions.get(policy.defaultVersionId)!.document;

export function missing(message: string): never {
  throw new AwsError("NoSuchEntity", message, 404);
}
