import {
  AddTagsToResourceCommand, DeleteParameterCommand, DeleteParametersCommand, DescribeParametersCommand, GetParameterCommand, GetParameterHistoryCommand, GetParametersByPathCommand, GetParametersCommand,
  LabelParameterVersionCommand, ListTagsForResourceCommand, PutParameterCommand, SSMClient, UnlabelParameterVersionCommand, type ParameterStringFilter,
} from "@aws-sdk/client-ssm";
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

it("keeps history, with labels that move from one version to another", async () => {
  for (const value of ["1", "2", "3"]) await ssm.send(new PutParameterCommand({ Name: "/app/x", Value: value, Type: "String", Overwrite: true }));
  expect(await ssm.send(new LabelParameterVersionCommand({ Name: "/app/x", ParameterVersion: 1, Labels: ["prod", "9bad", "aws-x"] }))).toMatchObject({ ParameterVersion: 1, InvalidLabels: ["9bad", "aws-x"] });
  expect((await ssm.send(new GetParameterCommand({ Name: "/app/x:prod" }))).Parameter).toMatchObject({ Value: "1", Selector: ":prod" });
  await ssm.send(new LabelParameterVersionCommand({ Name: "/app/x", Labels: ["prod"] }));
  expect((await ssm.send(new GetParameterHistoryCommand({ Name: "/app/x" }))).Parameters!.map(({ Version, Value, Labels, LastModifiedUser }) => [Version, Value, Labels, LastModifiedUser]))
    .toEqual([[1, "1", [], "arn:aws:iam::123456789012:root"], [2, "2", [], "arn:aws:iam::123456789012:root"], [3, "3", ["prod"], "arn:aws:iam::123456789012:root"]]);
  expect(await ssm.send(new UnlabelParameterVersionCommand({ Name: "/app/x", ParameterVersion: 3, Labels: ["prod", "none"] }))).toMatchObject({ RemovedLabels: ["prod"], InvalidLabels: ["none"] });
  await expect(ssm.send(new GetParameterCommand({ Name: "/app/x:prod" }))).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
});

it("keeps a hundred versions, and the oldest no longer than its label lets it", async () => {
  for (let count = 1; count <= 101; count++) await ssm.send(new PutParameterCommand({ Name: "v", Value: String(count), Type: "String", Overwrite: true }));
  await expect(ssm.send(new GetParameterCommand({ Name: "v:1" }))).rejects.toMatchObject({ name: "ParameterVersionNotFound" });
  await ssm.send(new LabelParameterVersionCommand({ Name: "v", ParameterVersion: 2, Labels: ["keep"] }));
  await expect(ssm.send(new PutParameterCommand({ Name: "v", Value: "x", Overwrite: true }))).rejects.toMatchObject({ name: "ParameterMaxVersionLimitExceeded" });
});

it("gives a SecureString's value only to who asks for its decryption", async () => {
  await ssm.send(new PutParameterCommand({ Name: "/secret", Value: "word", Type: "SecureString" }));
  const encrypted = (await ssm.send(new GetParameterCommand({ Name: "/secret" }))).Parameter!;
  expect(encrypted).toMatchObject({ Type: "SecureString", Value: expect.stringMatching(/^AQICAH/) });
  expect((await ssm.send(new GetParameterCommand({ Name: "/secret", WithDecryption: true }))).Parameter!.Value).toBe("word");
  expect((await ssm.send(new GetParametersByPathCommand({ Path: "/", WithDecryption: true }))).Parameters![0]!.Value).toBe("word");
  expect((await ssm.send(new DescribeParametersCommand({}))).Parameters).toMatchObject([{ Name: "/secret", KeyId: "alias/aws/ssm", Tier: "Standard" }]);
  await expect(ssm.send(new PutParameterCommand({ Name: "/other", Value: "x", Type: "SecureString", KeyId: "alias/mine" }))).rejects.toMatchObject({ name: "InvalidKeyId" });
});

it("finds parameters by filters and by tags", async () => {
  await ssm.send(new PutParameterCommand({ Name: "/a/one", Value: "x", Type: "String", Tags: [{ Key: "team", Value: "spot" }] }));
  await ssm.send(new PutParameterCommand({ Name: "/a/b/two", Value: "x,y", Type: "StringList" }));
  await ssm.send(new PutParameterCommand({ Name: "three", Value: "x".repeat(5000), Type: "String", Tier: "Intelligent-Tiering" }));
  const named = async (...ParameterFilters: ParameterStringFilter[]): Promise<unknown[]> => (await ssm.send(new DescribeParametersCommand({ ParameterFilters }))).Parameters!.map(({ Name }) => Name);
  expect(await named({ Key: "Name", Option: "BeginsWith", Values: ["/a"] })).toEqual(["/a/b/two", "/a/one"]);
  expect(await named({ Key: "Path", Values: ["/a"] })).toEqual(["/a/one"]);
  expect(await named({ Key: "Path", Option: "Recursive", Values: ["/a"] }, { Key: "Type", Values: ["StringList"] })).toEqual(["/a/b/two"]);
  expect(await named({ Key: "Tier", Values: ["Advanced"] })).toEqual(["three"]);
  expect(await named({ Key: "tag:team", Values: ["spot"] })).toEqual(["/a/one"]);
  await ssm.send(new AddTagsToResourceCommand({ ResourceType: "Parameter", ResourceId: "three", Tags: [{ Key: "team", Value: "fleet" }] }));
  expect((await ssm.send(new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: "three" }))).TagList).toEqual([{ Key: "team", Value: "fleet" }]);
  expect(await test.region.call(test.region.admin, "resource-groups-tagging-api", "UntagResources", { ResourceARNList: ["arn:aws:ssm:us-east-1:123456789012:parameter/three"], TagKeys: ["team"] })).toEqual({ FailedResourcesMap: {} });
  expect(await named({ Key: "tag:team" })).toEqual(["/a/one"]);
  expect(await ssm.send(new DeleteParametersCommand({ Names: ["three", "four"] }))).toMatchObject({ DeletedParameters: ["three"], InvalidParameters: ["four"] });
});

it("refuses as AWS does, and by name what it does not model, as boto3 sees it", async () => {
  expect(await boto3(test.region, `
ssm = client('ssm')
ssm.put_parameter(Name='/number', Value='1', Type='String', AllowedPattern='[0-9]+')
result = [ssm.get_parameter(Name='${AL2023}')['Parameter']['LastModifiedDate'].isoformat()] + [refused(call, **input)[:2] for call, input in [
  (ssm.put_parameter, {'Name': '/number', 'Value': 'x', 'Overwrite': True}), (ssm.put_parameter, {'Name': '/x', 'Value': 'y', 'Type': 'String', 'AllowedPattern': '('}),
  (ssm.put_parameter, {'Name': '/aws/x', 'Value': 'y', 'Type': 'String'}), (ssm.put_parameter, {'Name': 'a/b', 'Value': 'y', 'Type': 'String'}), (ssm.put_parameter, {'Name': '/x', 'Value': 'y' * 4097, 'Type': 'String'}),
  (ssm.put_parameter, {'Name': '/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16', 'Value': 'y', 'Type': 'String'}), (ssm.put_parameter, {'Name': '/x', 'Value': 'y', 'Type': 'Number'}),
  (ssm.put_parameter, {'Name': '/x', 'Value': 'not-an-ami', 'Type': 'String', 'DataType': 'aws:ec2:image'}),
  (ssm.describe_parameters, {'ParameterFilters': [{'Key': 'Colour', 'Values': ['red']}]}), (ssm.describe_parameters, {'ParameterFilters': [{'Key': 'Type', 'Option': 'Contains', 'Values': ['x']}]}),
  (ssm.add_tags_to_resource, {'ResourceType': 'Parameter', 'ResourceId': 'none', 'Tags': [{'Key': 'a', 'Value': 'b'}]}), (ssm.get_parameters_by_path, {'Path': 'x'})]]`))
    .toEqual([
      "2025-05-12T20:14:53+00:00", ["ParameterPatternMismatchException", 400], ["InvalidAllowedPatternException", 400], ["ValidationException", 400], ["ValidationException", 400], ["ValidationException", 400],
      ["HierarchyLevelLimitExceededException", 400], ["UnsupportedParameterType", 400], ["ValidationException", 400], ["InvalidFilterKey", 400], ["InvalidFilterOption", 400], ["InvalidResourceId", 400], ["ValidationException", 400],
    ]);
});
