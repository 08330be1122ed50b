import { EC2Client, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { AssumeRoleCommand, DecodeAuthorizationMessageCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { boto3, startRegion, type TestRegion } from "../../support/region";

const TRUST = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" }] });
const ROLE = "arn:aws:iam::123456789012:role/app";

let test: TestRegion;
let sts: STSClient;
beforeAll(async () => {
  test = await startRegion();
  sts = new STSClient(test.region.sdkConfig());
  await test.region.call(test.region.admin, "iam", "CreateRole", { RoleName: "app", AssumeRolePolicyDocument: TRUST });
});
afterAll(() => test.region.close());

it("takes an unknown access key for the administrator", async () => {
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: "123456789012", Arn: "arn:aws:iam::123456789012:root", UserId: "123456789012" });
});

it("gives credentials of a role, which are then who they say", async () => {
  const { Credentials, AssumedRoleUser } = await sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "me" }));
  expect(Credentials).toMatchObject({ AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{17}$/), Expiration: new Date("2026-01-01T01:00:00Z") });
  expect(AssumedRoleUser).toMatchObject({ Arn: "arn:aws:sts::123456789012:assumed-role/app/me" });
  const me = new STSClient(test.region.sdkConfig({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! }));
  expect(await me.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: AssumedRoleUser!.Arn, UserId: AssumedRoleUser!.AssumedRoleId });
});

it.each([
  ["a role that is not there", { RoleArn: "arn:aws:iam::123456789012:role/none" }, "AccessDenied", /not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role\/none/],
  ["a session name with a space", { RoleSessionName: "a b" }, "ValidationError", /roleSessionName/],
  ["less than 15 minutes", { DurationSeconds: 899 }, "ValidationError", /greater than or equal to 900/],
  ["more than the role allows", { DurationSeconds: 3601 }, "ValidationError", /exceeds the MaxSessionDuration/],
  ["a source identity", { SourceIdentity: "me" }, "ValidationError", /does not support the parameter SourceIdentity of AssumeRole/],
  ["a session policy", { Policy: "{}" }, "ValidationError", /does not support the parameter Policy of AssumeRole/],
])("refuses %s", async (_what, more, name, message) => {
  await expect(sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "me", ...more }))).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
});

it("tells a trust policy the external id and the session's name", async () => {
  const Condition = { StringEquals: { "sts:ExternalId": "partner" }, StringLike: { "sts:RoleSessionName": "build-*" } };
  await test.region.call(test.region.admin, "iam", "CreateRole", {
    RoleName: "partner", AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole", Condition }] }),
  });
  const assume = (RoleSessionName: string, ExternalId?: string): Promise<unknown> => sts.send(new AssumeRoleCommand({ RoleArn: "arn:aws:iam::123456789012:role/partner", RoleSessionName, ExternalId }));
  await expect(assume("build-1", "partner")).resolves.toMatchObject({ Credentials: {} });
  for (const [name, id] of [["build-1", "another"], ["build-1", undefined], ["me", "partner"]] as const) await expect(assume(name, id)).rejects.toMatchObject({ name: "AccessDenied" });
});

const keysOf = ({ Credentials }: { Credentials?: { AccessKeyId?: string; SecretAccessKey?: string; SessionToken?: string } }) =>
  ({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! });

it("gives the administrator credentials for an hour, which stand for the administrator and are good for no others", async () => {
  const own = await sts.send(new GetSessionTokenCommand({ DurationSeconds: 7200 }));
  expect(own.Credentials).toMatchObject({ AccessKeyId: expect.stringMatching(/^ASIA/), Expiration: new Date("2026-01-01T01:00:00Z") });
  const me = new STSClient(test.region.sdkConfig(keysOf(own)));
  expect(await me.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: "arn:aws:iam::123456789012:root" });
  await expect(me.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({ name: "AccessDenied", message: "Cannot call GetSessionToken with session credentials" });
  await expect(sts.send(new GetSessionTokenCommand({ SerialNumber: "arn:aws:iam::123456789012:mfa/me", TokenCode: "123456" }))).rejects.toThrow("does not support multi-factor authentication");
  await expect(sts.send(new GetSessionTokenCommand({ DurationSeconds: 899 }))).rejects.toMatchObject({ name: "ValidationError" });
});

it("decodes what EC2 says of a call that it refused", async () => {
  const ec2 = new EC2Client(test.region.sdkConfig(keysOf(await sts.send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "me" })))));
  const { message } = await ec2.send(new TerminateInstancesCommand({ InstanceIds: ["i-0123456789abcdef0"] })).then(() => ({ message: "it was allowed" }), (error: Error) => error);
  const [, encoded] = /Encoded authorization failure message: (\S+)$/.exec(message) ?? [];
  const { DecodedMessage } = await sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: encoded }));
  expect(JSON.parse(DecodedMessage!)).toMatchObject({ allowed: false, explicitDeny: false, context: { principal: { arn: "arn:aws:sts::123456789012:assumed-role/app/me" }, action: "ec2:TerminateInstances" } });
  await expect(sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: "nonsense" }))).rejects.toMatchObject({ name: "InvalidAuthorizationMessageException" });
  ec2.destroy();
});

it("refuses identities from outside by name", async () => {
  expect(await boto3(test.region, `
sts = client('sts')
result = [refused(sts.assume_role_with_web_identity, RoleArn='${ROLE}', RoleSessionName='me', WebIdentityToken='token')[:2], refused(sts.assume_role_with_saml, RoleArn='${ROLE}', PrincipalArn='arn:aws:iam::123456789012:saml-provider/x', SAMLAssertion='abcd')[:2]]`))
    .toEqual([["InvalidAction", 400], ["InvalidAction", 400]]);
});

it("answers boto3", async () => {
  expect(await boto3(test.region, `result = client('sts').assume_role(RoleArn='${ROLE}', RoleSessionName='py', DurationSeconds=900)['Credentials']['Expiration'].isoformat()`)).toBe("2026-01-01T00:15:00+00:00");
});
