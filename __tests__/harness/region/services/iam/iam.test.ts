import { AddRoleToInstanceProfileCommand, AttachRolePolicyCommand, CreateInstanceProfileCommand, CreatePolicyCommand, CreateRoleCommand, DeleteInstanceProfileCommand, DeletePolicyCommand, DeleteRoleCommand, DeleteRolePolicyCommand, DetachRolePolicyCommand, GetInstanceProfileCommand, GetPolicyCommand, GetPolicyVersionCommand, GetRoleCommand, GetRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand, ListInstanceProfilesForRoleCommand, ListPoliciesCommand, ListRolePoliciesCommand, ListRolesCommand, ListRoleTagsCommand, PutRolePolicyCommand, RemoveRoleFromInstanceProfileCommand, TagRoleCommand, UntagRoleCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import type { IamService } from "../../../../../harness/region/services/iam";
import { boto3, startRegion, type TestRegion } from "../../support/region";

const TRUST = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: ["ec2.amazonaws.com"] }, Action: ["sts:AssumeRole"] }] });
const POLICY = JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: "Read", Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: ["arn:aws:dynamodb:us-east-1:123456789012:table/x"] }] });

let test: TestRegion;
let iam: IAMClient;
beforeEach(async () => {
  test = await startRegion();
  iam = new IAMClient(test.region.sdkConfig());
});
afterEach(() => test.region.close());
const service = () => test.region.service<IamService>("iam");

it("keeps roles with their trust policies and tags", async () => {
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "app", Path: "/jobs/", AssumeRolePolicyDocument: TRUST, Description: "d", Tags: [{ Key: "a", Value: "b" }] }));
  expect(Role).toMatchObject({ Arn: "arn:aws:iam::123456789012:role/jobs/app", RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/), MaxSessionDuration: 3600, CreateDate: new Date("2026-01-01T00:00:00Z") });
  await iam.send(new TagRoleCommand({ RoleName: "app", Tags: [{ Key: "c", Value: "d" }] }));
  await iam.send(new UntagRoleCommand({ RoleName: "app", TagKeys: ["a"] }));
  expect((await iam.send(new ListRoleTagsCommand({ RoleName: "app" }))).Tags).toEqual([{ Key: "c", Value: "d" }]);
  const got = await iam.send(new GetRoleCommand({ RoleName: "app" }));
  expect(JSON.parse(decodeURIComponent(got.Role!.AssumeRolePolicyDocument!))).toEqual(JSON.parse(TRUST));
  const other = TRUST.replace("ec2", "lambda");
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "app", PolicyDocument: other }));
  expect(service().state.role("app").trustPolicy).toBe(other);
  expect((await iam.send(new ListRolesCommand({ PathPrefix: "/jobs/" }))).Roles?.map(({ RoleName }) => RoleName)).toEqual(["app"]);
});

it("tells an evaluator every policy that applies to a role", async () => {
  await iam.send(new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument: TRUST }));
  await iam.send(new PutRolePolicyCommand({ RoleName: "app", PolicyName: "inline", PolicyDocument: POLICY }));
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "managed", PolicyDocument: POLICY }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "app", PolicyArn: Policy!.Arn }));
  expect(service().policiesOf("app")).toEqual([{ source: "inline:inline", document: POLICY }, { source: "arn:aws:iam::123456789012:policy/managed", document: POLICY }]);
  expect((await iam.send(new ListRolePoliciesCommand({ RoleName: "app" }))).PolicyNames).toEqual(["inline"]);
  expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: "app" }))).AttachedPolicies).toEqual([{ PolicyName: "managed", PolicyArn: Policy!.Arn }]);
  expect(JSON.parse(decodeURIComponent((await iam.send(new GetRolePolicyCommand({ RoleName: "app", PolicyName: "inline" }))).PolicyDocument!))).toEqual(JSON.parse(POLICY));
  expect((await iam.send(new GetPolicyCommand({ PolicyArn: Policy!.Arn }))).Policy).toMatchObject({ AttachmentCount: 1, DefaultVersionId: "v1" });
  expect(JSON.parse(decodeURIComponent((await iam.send(new GetPolicyVersionCommand({ PolicyArn: Policy!.Arn, VersionId: "v1" }))).PolicyVersion!.Document!))).toEqual(JSON.parse(POLICY));
});

it("finds the role of an instance profile by name and by ARN", async () => {
  await iam.send(new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument: TRUST }));
  const { InstanceProfile } = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "profile" }));
  expect(service().roleOfInstanceProfile("profile")).toBeUndefined();
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "profile", RoleName: "app" }));
  await expect(iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "profile", RoleName: "app" }))).rejects.toMatchObject({ name: "LimitExceededException", $metadata: { httpStatusCode: 409 } });
  for (const name of ["profile", InstanceProfile!.Arn!]) expect(service().roleOfInstanceProfile(name)).toMatchObject({ roleName: "app", arn: "arn:aws:iam::123456789012:role/app" });
  expect((await iam.send(new GetInstanceProfileCommand({ InstanceProfileName: "profile" }))).InstanceProfile?.Roles?.[0]?.RoleName).toBe("app");
  expect((await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName: "app" }))).InstanceProfiles).toHaveLength(1);
});

it("deletes nothing that is still in use", async () => {
  await iam.send(new CreateRoleCommand({ RoleName: "app", AssumeRolePolicyDocument: TRUST }));
  await iam.send(new PutRolePolicyCommand({ RoleName: "app", PolicyName: "inline", PolicyDocument: POLICY }));
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "managed", PolicyDocument: POLICY }));
  const PolicyArn = Policy!.Arn!;
  await iam.send(new AttachRolePolicyCommand({ RoleName: "app", PolicyArn }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "profile" }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "profile", RoleName: "app" }));
  const inUse = { name: "DeleteConflictException", $metadata: { httpStatusCode: 409 } };
  const deleteRole = () => iam.send(new DeleteRoleCommand({ RoleName: "app" }));
  await expect(deleteRole()).rejects.toMatchObject({ ...inUse, message: "Cannot delete entity, must remove roles from instance profile first." });
  await expect(iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: "profile" }))).rejects.toMatchObject(inUse);
  await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: "profile", RoleName: "app" }));
  await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: "profile" }));
  await expect(deleteRole()).rejects.toMatchObject({ ...inUse, message: "Cannot delete entity, must detach all policies first." });
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject(inUse);
  await iam.send(new DetachRolePolicyCommand({ RoleName: "app", PolicyArn }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
  await expect(deleteRole()).rejects.toMatchObject({ ...inUse, message: "Cannot delete entity, must delete policies first." });
  await iam.send(new DeleteRolePolicyCommand({ RoleName: "app", PolicyName: "inline" }));
  await deleteRole();
  expect((await iam.send(new ListRolesCommand({}))).Roles).toEqual([]);
});

it("pages", async () => {
  for (const name of ["a", "b", "c"]) await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: POLICY }));
  const first = await iam.send(new ListPoliciesCommand({ Scope: "Local", MaxItems: 2 }));
  expect(first).toMatchObject({ IsTruncated: true, Policies: [{ PolicyName: "a" }, { PolicyName: "b" }] });
  expect(await iam.send(new ListPoliciesCommand({ Scope: "Local", MaxItems: 2, Marker: first.Marker }))).toMatchObject({ IsTruncated: false, Policies: [{ PolicyName: "c" }] });
});

it.each([
  ["no JSON", "{", "Syntax errors in policy."],
  ["no statement", "{}", "Syntax errors in policy."],
  ["an unknown effect", '{"Statement":[{"Effect":"Maybe","Action":"a:b","Resource":"*"}]}', "Syntax errors in policy."],
  ["no action", '{"Statement":[{"Effect":"Allow","Resource":"*"}]}', "Policy statement must contain actions."],
  ["no resource", '{"Statement":[{"Effect":"Allow","Action":"a:b"}]}', "Policy statement must contain resources."],
  ["a principal", '{"Statement":[{"Effect":"Allow","Action":"a:b","Resource":"*","Principal":"*"}]}', "Policy document should not specify a principal."],
  ["an unknown version", '{"Version":"2020-01-01","Statement":[]}', "The policy must contain a valid version string"],
])("refuses a policy document with %s", async (_what, PolicyDocument, message) => {
  await expect(iam.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument }))).rejects.toMatchObject({ name: "MalformedPolicyDocumentException", message });
});

it.each([
  ["no JSON", "{", "This policy contains invalid Json"],
  ["a resource", '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"}]}', "Has prohibited field Resource"],
])("refuses a trust policy with %s", async (_what, AssumeRolePolicyDocument, message) => {
  await expect(iam.send(new CreateRoleCommand({ RoleName: "p", AssumeRolePolicyDocument }))).rejects.toMatchObject({ name: "MalformedPolicyDocumentException", message });
});

it("refuses names twice, names that are none, and entities that are not there, as boto3 sees it", async () => {
  expect(await boto3(test.region, `
iam = client('iam'); trust = ${JSON.stringify(TRUST)}
iam.create_role(RoleName='app', AssumeRolePolicyDocument=trust)
result = [
  iam.get_role(RoleName='app')['Role']['AssumeRolePolicyDocument']['Version'],
  refused(iam.create_role, RoleName='app', AssumeRolePolicyDocument=trust),
  refused(iam.create_role, RoleName='a b', AssumeRolePolicyDocument=trust)[:2],
  refused(iam.create_role, RoleName='x', AssumeRolePolicyDocument='{}')[:2],
  refused(iam.attach_role_policy, RoleName='app', PolicyArn='arn:aws:iam::aws:policy/AmazonGlacierFullAccess')[2][:100],
  refused(iam.get_role_policy, RoleName='app', PolicyName='none'),
  refused(iam.get_instance_profile, InstanceProfileName='none'),
  refused(iam.list_users)[0],
]`)).toEqual([
    "2012-10-17",
    ["EntityAlreadyExists", 409, "Role with name app already exists."],
    ["ValidationError", 400],
    ["MalformedPolicyDocument", 400],
    "Policy arn:aws:iam::aws:policy/AmazonGlacierFullAccess does not exist or is not attachable. Of AWS's",
    ["NoSuchEntity", 404, "The role policy with name none cannot be found."],
    ["NoSuchEntity", 404, "Instance Profile none cannot be found."],
    "InvalidAction",
  ]);
});
