/** What decisions read of IAM: its roles and the policies that apply to them, as they are now. */
import type { Service } from "../core/types";

export interface DirectoryRole {
  readonly name: string;
  readonly arn: string;
  /** The trust policy, as JSON text. */
  readonly trustPolicy: string;
  /** Inline policies: name to JSON text. */
  readonly inlinePolicies: ReadonlyMap<string, string>;
  /** ARNs of managed policies. */
  readonly attachedPolicies: ReadonlySet<string>;
  readonly permissionsBoundary?: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** A policy that applies to a role. */
export interface AppliedPolicy {
  /** `inline:NAME`, or a managed policy's ARN. */
  source: string;
  /** JSON text. */
  document: string;
}

export interface Directory {
  readonly roles: ReadonlyMap<string, DirectoryRole>;
  roleByArn(arn: string): DirectoryRole | undefined;
  /** Every identity policy of a role, inline ones first. @throws AwsError NoSuchEntity */
  policiesOf(roleName: string): AppliedPolicy[];
  /** The text of a managed policy. @throws AwsError NoSuchEntity */
  documentOf(arn: string): string;
}

/** The iam service, as decisions read it. */
export interface IamDirectory extends Service { readonly state: Directory }
