/** Roles, policies and profiles in the API's shapes. */
import { encodeDocument, tagList } from "./input";
import type { IamState, InstanceProfile, ManagedPolicy, Role } from "./state";

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
export function describeRole(role: Role): object {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: role.createDate,
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    ...(role.permissionsBoundary ? { PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: role.permissionsBoundary } } : {}),
    ...(role.tags.size > 0 ? { Tags: tagList(role.tags) } : {}),
    RoleLastUsed: {},
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_Policy.html */
export function describePolicy(state: IamState, policy: ManagedPolicy): object {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: [...state.roles.values()].filter((role) => role.attachedPolicies.has(policy.arn)).length,
    PermissionsBoundaryUsageCount: [...state.roles.values()].filter((role) => role.permissionsBoundary === policy.arn).length,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: policy.createDate,
    UpdateDate: policy.versions.get(policy.defaultVersionId)!.createDate,
    ...(policy.tags.size > 0 ? { Tags: tagList(policy.tags) } : {}),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_InstanceProfile.html */
export function describeInstanceProfile(state: IamState, profile: InstanceProfile): object {
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: profile.createDate,
    Roles: profile.roleName === undefined ? [] : [describeRole(state.role(profile.roleName))],
    ...(profile.tags.size > 0 ? { Tags: tagList(profile.tags) } : {}),
  };
}
