import { DeleteParameterCommand, GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { boto3, startRegion, type TestRegion } from "../../support/region";

const AL2023 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
let test: TestRegion;
let ssm: SSMClient;
beforeEach(async () => {
  test = await startRegion();
  ssm = new SSMClient(test.region.sdkConfig());
});
afterEach(() => test.region.close());

it("has AWS's public image parameters, with images that EC2 has", async () => {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: AL2023 }));
  expect(Parameter).toMatchObject({ DataType: "aws:ec2:image", Value: expect.stringMatching(/^ami-/), ARN: `arn:aws:ssm:us-east-1::parameter${AL2023}` });
  const { Images } = await test.region.call<{ Images: { Architecture: string }[] }>(test.region.admin, "ec2", "DescribeImages", { ImageIds: [Parameter!.Value] });
  expect(Images).toMatchObject([{ Architecture: "x86_64" }]);
});

it("keeps versions of a parameter and finds them by selector", async () => {
  expect(await ssm.send(new PutParameterCommand({ Name: "/app/x", Value: "1", Type: "String" }))).toMatchObject({ Version: 1, Tier: "Standard" });
  await expect(ssm.send(new PutParameterCommand({ Name: "/app/x", Value: "2", Type: "String" }))).rejects.toMatchObject({ name: "ParameterAlreadyExists" });
  expect(await ssm.send(new PutParameterCommand({ Name: "/app/x", Value: "2", Overwrite: true }))).toMatchObject({ Version: 2 });
  expect((await ssm.send(new GetParameterCommand({ Name: "/app/x" }))).Parameter).toMatchObject({ Value: "2", Version: 2, LastModifiedDate: new Date("2026-01-01T00:00:00Z"), ARN: "arn:aws:ssm:us-east-1:123456789012:parameter/app/x" });
  expect((await ssm.send(new GetParameterCommand({ Name: "/app/x:1" }))).Parameter).toMatchObject({ Value: "1", Selector: ":1" });
  expect((await ssm.send(new GetParameterCommand({ Name: "arn:aws:ssm:us-east-1:123456789012:parameter/app/x" }))).Parameter?.Value).toBe("2");
  await expect(ssm.send(new GetParameterCommand({ Name: "/app/x:9" }))).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
});

it("tells parameters that are not there apart", async () => {
  expect(await ssm.send(new GetParametersCommand({ Names: [AL2023, "/none"] }))).toMatchObject({ Parameters: [{ Name: AL2023 }], InvalidParameters: ["/none"] });
});

it("lists by path, on pages", async () => {
  for (const name of ["/app/a", "/app/b", "/app/c", "/app/deep/d"]) await ssm.send(new PutParameterCommand({ Name: name, Value: "x", Type: "String" }));
  const first = await ssm.send(new GetParametersByPathCommand({ Path: "/app", MaxResults: 2 }));
  expect(first.Parameters?.map(({ Name }) => Name)).toEqual(["/app/a", "/app/b"]);
  expect((await ssm.send(new GetParametersByPathCommand({ Path: "/app", MaxResults: 2, NextToken: first.NextToken }))).Parameters?.map(({ Name }) => Name)).toEqual(["/app/c"]);
  expect((await ssm.send(new GetParametersByPathCommand({ Path: "/app", Recursive: true }))).Parameters).toHaveLength(4);
  await ssm.send(new DeleteParameterCommand({ Name: "/app/a" }));
  await expect(ssm.send(new DeleteParameterCommand({ Name: "/app/a" }))).rejects.toMatchObject({ name: "ParameterNotFound" });
});

it("refuses by name what it does not model, as boto3 sees it", async () => {
  expect(await boto3(test.region, `
ssm = client('ssm')
result = [ssm.get_parameter(Name='${AL2023}')['Parameter']['LastModifiedDate'].isoformat(), refused(ssm.put_parameter, Name='x', Value='y', Type='SecureString')[:2], refused(ssm.put_parameter, Name='/aws/x', Value='y', Type='String')[:2], refused(ssm.describe_parameters)[:2]]`))
    .toEqual(["2025-05-12T20:14:53+00:00", ["UnsupportedParameterType", 400], ["ValidationException", 400], ["UnknownOperationException", 400]]);
});
