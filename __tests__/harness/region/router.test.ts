import { seconds } from "../../../harness/time/clock";
import type { WireRequest } from "../../../harness/region/core/types";
import { decodeCbor } from "../../../harness/region/wire/cbor";
import { bodyText, request } from "./support/context";
import { startRegion, type TestRegion } from "./support/region";

let test: TestRegion;
beforeAll(async () => { test = await startRegion(); });
afterAll(() => test.region.close());

const signed = (service: string, { key = "AKIDEXAMPLE", region = "us-east-1", token }: { key?: string; region?: string; token?: string } = {}): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc`,
  ...(token ? { "x-amz-security-token": token } : {}),
});
const handle = (more: Partial<WireRequest> & { text?: string }) => test.region.router.handle(request(more));
const whoAmI = async (headers: Record<string, string>, query = "") => {
  const answer = await handle({ headers: { ...headers, "content-type": "application/x-www-form-urlencoded" }, query, text: "Action=GetCallerIdentity" });
  return { status: answer.status, arn: /<Arn>(.*)<\/Arn>/.exec(bodyText(answer.body))?.[1], code: /<Code>(.*)<\/Code>/.exec(bodyText(answer.body))?.[1] };
};

it("finds the service by the credential scope, in the header or in a presigned query string", async () => {
  expect(await whoAmI(signed("sts"))).toMatchObject({ status: 200, arn: "arn:aws:iam::123456789012:root" });
  const answer = await handle({ method: "GET", query: "Action=GetCallerIdentity&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260101%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Signature=abc" });
  expect(bodyText(answer.body)).toContain("arn:aws:iam::123456789012:root");
});

it("gives every answer a request id and the region's own time as its date", async () => {
  const answer = await handle({ headers: signed("sts"), text: "Action=GetCallerIdentity" });
  expect(answer.headers).toMatchObject({ "x-amzn-requestid": expect.stringMatching(/^[0-9a-f-]{36}$/), date: "Thu, 01 Jan 2026 00:00:00 GMT" });
});

describe("a role's session", () => {
  const ROLE = "arn:aws:iam::123456789012:role/app/instance";
  const EC2 = { service: "ec2.amazonaws.com" };
  beforeAll(() => test.region.call(test.region.admin, "iam", "CreateRole", {
    RoleName: "instance", Path: "/app/", AssumeRolePolicyDocument: JSON.stringify({ Statement: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" } }),
  }));

  it("is who its access key stands for", async () => {
    const { credentials, caller } = test.region.assumeRole(ROLE, "i-1", EC2);
    expect(caller).toMatchObject({ arn: "arn:aws:sts::123456789012:assumed-role/instance/i-1", roleName: "instance" });
    expect(await whoAmI(signed("sts", { key: credentials.accessKeyId, token: credentials.sessionToken }))).toMatchObject({ arn: caller.arn });
  });

  it("is refused without its token, in each service's own words", async () => {
    const { credentials } = test.region.assumeRole(ROLE, "i-1", EC2);
    expect(await whoAmI(signed("sts", { key: credentials.accessKeyId }))).toMatchObject({ status: 403, code: "InvalidClientTokenId" });
    const json = await handle({ headers: { ...signed("dynamodb", { key: credentials.accessKeyId, token: "other" }), "x-amz-target": "DynamoDB_20120810.ListTables" } });
    expect(json).toMatchObject({ status: 400 });
    expect(JSON.parse(bodyText(json.body)).__type).toBe("UnrecognizedClientException");
  });

  it("expires", async () => {
    await test.clock.run("expiry", async () => {
      const { credentials } = test.region.assumeRole(ROLE, "i-1", EC2);
      const headers = signed("sts", { key: credentials.accessKeyId, token: credentials.sessionToken });
      await test.clock.sleep(seconds(3599));
      expect(await whoAmI(headers)).toMatchObject({ status: 200 });
      await test.clock.sleep(seconds(1));
      expect(await whoAmI(headers)).toMatchObject({ status: 403, code: "ExpiredToken" });
      const refused = async (service: string, more: Record<string, string>): Promise<[number, string]> => {
        const { status, body } = await handle({ headers: { ...signed(service, { key: credentials.accessKeyId, token: credentials.sessionToken }), ...more }, text: "{}" });
        return [status, bodyText(body)];
      };
      expect(await refused("s3", {})).toEqual([400, expect.stringMatching(/<Code>ExpiredToken<.*>The provided token has expired\.</)]);
      expect(await refused("ec2", {})).toEqual([400, expect.stringMatching(/<Code>RequestExpired<.*>Request has expired\.</)]);
      for (const [service, target] of [["dynamodb", "DynamoDB_20120810.ListTables"], ["states", "AWSStepFunctions.ListStateMachines"]] as const) {
        expect(await refused(service, { "x-amz-target": target })).toEqual([400, expect.stringMatching(/ExpiredTokenException.*The security token included in the request is expired/)]);
      }
    });
  });

  it("needs a role that is there", () => {
    for (const arn of ["arn:aws:iam::123456789012:role/none", "arn:aws:iam::123456789012:role/instance", "arn:aws:iam::999999999999:role/app/instance", "nonsense"]) {
      expect(() => test.region.assumeRole(arn, "x", EC2)).toThrow(expect.objectContaining({ code: "AccessDenied" }));
    }
  });
});

describe("a request without a proper signature", () => {
  it("is refused as AWS does, in the protocol that it seems to be in", async () => {
    const json = await handle({ headers: { "x-amz-target": "DynamoDB_20120810.ListTables" }, text: "{}" });
    expect(json.status).toBe(403);
    expect(JSON.parse(bodyText(json.body))).toEqual({ __type: "MissingAuthenticationToken", message: "Request is missing Authentication Token" });
    const query = await handle({ text: "Action=DescribeInstances", headers: { "content-type": "application/x-www-form-urlencoded" } });
    expect(bodyText(query.body)).toContain("<Code>MissingAuthenticationToken</Code>");
    const cbor = await handle({ headers: { "smithy-protocol": "rpc-v2-cbor" } });
    expect(decodeCbor(cbor.body as Buffer)["__type"]).toBe("MissingAuthenticationToken");
    const s3 = await handle({ method: "GET", path: "/key", headers: { host: "bucket.s3.amazonaws.com" } });
    expect(bodyText(s3.body)).toContain("<Error><Code>AccessDenied</Code>");
    const rest = await handle({ method: "GET", path: "/experiments" });
    expect(rest).toMatchObject({ status: 403, headers: { "x-amzn-errortype": "MissingAuthenticationToken" } });
  });

  it.each(["AWS4-HMAC-SHA256 Signature=abc", "AWS4-HMAC-SHA256 Credential=a/b/c"])("is refused when its scope is incomplete: %s", async (authorization) => {
    expect((await handle({ headers: { authorization, "x-amz-target": "DynamoDB_20120810.ListTables" } })).status).toBe(400);
  });

  it("is refused when it is scoped to another region, saying what to set", async () => {
    const answer = await handle({ headers: { ...signed("dynamodb", { region: "eu-west-1" }), "x-amz-target": "DynamoDB_20120810.ListTables" } });
    expect(answer.status).toBe(403);
    expect(bodyText(answer.body)).toContain("AWS_REGION=us-east-1");
  });

  it("is refused by name when the region does not have the service", async () => {
    const answer = await handle({ headers: { ...signed("redshift"), "x-amz-target": "Redshift.X" } });
    expect(answer.status).toBe(400);
    expect(bodyText(answer.body)).toContain("redshift");
  });
});
