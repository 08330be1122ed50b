/**
 * IAM: roles with inline and managed policies, instance profiles. It holds what the synthesized Terraform declares; what
 * a role may do is decided elsewhere, from this state. Users, groups and AWS's own managed policies are not modelled.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html
 */
import type { AppliedPolicy } from "../../authorization/directory";
import type { SessionRole } from "../../core/credentials";
import { AwsError, type RegionContext, type Service } from "../../core/types";
import { refusingMembers } from "../../core/unsupported";
import { queryService } from "../../wire/query";
import { REFUSED_MEMBERS } from "./limits";
import { IamState } from "./state";
import { addRoleToInstanceProfile } from "./operations/add-role-to-instance-profile";
import { attachRolePolicy } from "./operations/attach-role-policy";
import { createInstanceProfile } from "./operations/create-instance-profile";
import { createPolicy } from "./operations/create-policy";
import { createRole } from "./operations/create-role";
import { deleteInstanceProfile } from "./operations/delete-instance-profile";
import { deletePolicy } from "./operations/delete-policy";
import { deleteRole } from "./operations/delete-role";
import { deleteRolePolicy } from "./operations/delete-role-policy";
import { detachRolePolicy } from "./operations/detach-role-policy";
import { getInstanceProfile } from "./operations/get-instance-profile";
import { getPolicy } from "./operations/get-policy";
import { getPolicyVersion } from "./operations/get-policy-version";
import { getRole } from "./operations/get-role";
import { getRolePolicy } from "./operations/get-role-policy";
import { listAttachedRolePolicies } from "./operations/list-attached-role-policies";
import { listInstanceProfiles } from "./operations/list-instance-profiles";
import { listInstanceProfilesForRole } from "./operations/list-instance-profiles-for-role";
import { listPolicies } from "./operations/list-policies";
import { listPolicyVersions } from "./operations/list-policy-versions";
import { listRolePolicies } from "./operations/list-role-policies";
import { listRoleTags } from "./operations/list-role-tags";
import { listRoles } from "./operations/list-roles";
import { putRolePolicy } from "./operations/put-role-policy";
import { removeRoleFromInstanceProfile } from "./operations/remove-role-from-instance-profile";
import { tagRole } from "./operations/tag-role";
import { untagRole } from "./operations/untag-role";
import { updateAssumeRolePolicy } from "./operations/update-assume-role-policy";

/** The iam service, with what has no API between services. */
export interface IamService extends Service {
  readonly state: IamState;
  /** The role of that name, as sessions need it; undefined when there is none. */
  role(name: string): SessionRole | undefined;
  /** The role in an instance profile, given by name or ARN; undefined when there is none. */
  roleOfInstanceProfile(nameOrArn: string): SessionRole | undefined;
  /** Every identity policy of a role. @throws AwsError NoSuchEntity */
  policiesOf(roleName: string): AppliedPolicy[];
}

export function createIamService(region: RegionContext): IamService {
  const state = new IamState({ clock: region.clock, random: region.random.fork("iam"), accountId: region.accountId, partition: region.partition });
  const service = queryService({
    name: "iam",
    signingName: "iam",
    xmlns: "https://iam.amazonaws.com/doc/2010-05-08/",
    version: "2010-05-08",
    region,
    operations: refusingMembers({
      CreateRole: createRole(state),
      GetRole: getRole(state),
      ListRoles: listRoles(state),
      DeleteRole: deleteRole(state),
      UpdateAssumeRolePolicy: updateAssumeRolePolicy(state),
      PutRolePolicy: putRolePolicy(state),
      GetRolePolicy: getRolePolicy(state),
      DeleteRolePolicy: deleteRolePolicy(state),
      ListRolePolicies: listRolePolicies(state),
      CreatePolicy: createPolicy(state),
      GetPolicy: getPolicy(state),
      GetPolicyVersion: getPolicyVersion(state),
      ListPolicyVersions: listPolicyVersions(state),
      ListPolicies: listPolicies(state),
      DeletePolicy: deletePolicy(state),
      AttachRolePolicy: attachRolePolicy(state),
      DetachRolePolicy: detachRolePolicy(state),
      ListAttachedRolePolicies: listAttachedRolePolicies(state),
      CreateInstanceProfile: createInstanceProfile(state),
      GetInstanceProfile: getInstanceProfile(state),
      ListInstanceProfiles: listInstanceProfiles(state),
      ListInstanceProfilesForRole: listInstanceProfilesForRole(state),
      AddRoleToInstanceProfile: addRoleToInstanceProfile(state),
      RemoveRoleFromInstanceProfile: removeRoleFromInstanceProfile(state),
      DeleteInstanceProfile: deleteInstanceProfile(state),
      TagRole: tagRole(state),
      UntagRole: untagRole(state),
      ListRoleTags: listRoleTags(state),
    }, REFUSED_MEMBERS, (message) => new AwsError("ValidationError", message)),
  });
  const role = (name: string): SessionRole | undefined => {
    const found = state.roles.get(name);
    return found && { roleName: found.name, roleId: found.id, arn: found.arn };
  };
  return Object.assign(service, {
    state,
    role,
    roleOfInstanceProfile(nameOrArn: string) {
      const profile = nameOrArn.startsWith("arn:") ? [...state.instanceProfiles.values()].find(({ arn }) => arn === nameOrArn) : state.instanceProfiles.get(nameOrArn);
      return profile?.roleName === undefined ? undefined : role(profile.roleName);
    },
    policiesOf: (roleName: string) => state.policiesOf(roleName),
  });
}
