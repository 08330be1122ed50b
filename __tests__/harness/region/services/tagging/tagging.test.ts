import {
  GetResourcesCommand, GetTagKeysCommand, GetTagValuesCommand, ResourceGroupsTaggingAPIClient, TagResourcesCommand, UntagResourcesCommand, type GetResourcesCommandInput,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { AwsError } from "../../../../../harness/region/core/types";
import { boto3, startRegion, type TestRegion } from "../../support/region";

const ARN = (service: string, resource: string): string => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const ROLE = "arn:aws:iam::123456789012:role/r";

/** One taggable resource of each service that the region has, by its ARN. */
async function makeResources({ region }: TestRegion): Promise<Record<string, string>> {
  const call = <T = any>(service: string, operation: string, input: object): Promise<T> => region.call<T>(region.admin, service, operation, input); // eslint-disable-line @typescript-eslint/no-explicit-any
  await call("dynamodb", "CreateTable", { TableName: "table", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }], KeySchema: [{ AttributeName: "k", KeyType: "HASH" }] });
  await call("s3", "CreateBucket", { Bucket: "bucket-of-tags" });
  await call("sqs", "CreateQueue", { QueueName: "q" });
  await call("eventbridge", "PutRule", { Name: "r", EventPattern: "{\"source\":[\"a\"]}" });
  await call("cloudwatch-logs", "CreateLogGroup", { logGroupName: "/g" });
  await call("cloudwatch", "PutMetricAlarm", { AlarmName: "a", Namespace: "n", MetricName: "m", Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" });
  const { stateMachineArn } = await call("sfn", "CreateStateMachine", { name: "m", definition: JSON.stringify({ StartAt: "P", States: { P: { Type: "Pass", End: true } } }), roleArn: ROLE });
  const { experimentTemplate } = await call("fis", "CreateExperimentTemplate", { clientToken: "c", description: "d", roleArn: ROLE, stopConditions: [{ source: "none" }], actions: { wait: { actionId: "aws:fis:wait", parameters: { duration: "PT1M" } } }, targets: {} });
  const { Vpcs } = await call("ec2", "DescribeVpcs", {});
  const { TargetGroups } = await call("elastic-load-balancing-v2", "CreateTargetGroup", { Name: "g", Protocol: "HTTP", Port: 80, VpcId: Vpcs[0].VpcId });
  const { LaunchTemplate } = await call("ec2", "CreateLaunchTemplate", { LaunchTemplateName: "template", LaunchTemplateData: { InstanceType: "t3.small" } });
  return {
    ec2: ARN("ec2", `launch-template/${LaunchTemplate.LaunchTemplateId}`), dynamodb: ARN("dynamodb", "table/table"), s3: "arn:aws:s3:::bucket-of-tags", sqs: ARN("sqs", "q"), states: stateMachineArn,
    fis: ARN("fis", `experiment-template/${experimentTemplate.id}`), events: ARN("events", "rule/r"), logs: ARN("logs", "log-group:/g"), cloudwatch: ARN("cloudwatch", "alarm:a"),
    elasticloadbalancing: TargetGroups[0].TargetGroupArn,
  };
}

let test: TestRegion;
let tagging: ResourceGroupsTaggingAPIClient;
let arns: Record<string, string>;
beforeAll(async () => {
  test = await startRegion({ unknownRoles: "administrator" });
  tagging = new ResourceGroupsTaggingAPIClient(test.region.sdkConfig());
  arns = await makeResources(test);
});
afterAll(() => test.region.close());

const listed = async (input: GetResourcesCommandInput): Promise<string[]> =>
  (await tagging.send(new GetResourcesCommand(input))).ResourceTagMappingList!.map(({ ResourceARN }) => ResourceARN!);

it("tags, finds and untags a resource of every service that keeps tags", async () => {
  const all = Object.values(arns);
  expect((await tagging.send(new TagResourcesCommand({ ResourceARNList: all, Tags: { team: "spot", shared: "yes" } }))).FailedResourcesMap).toEqual({});
  expect((await listed({ TagFilters: [{ Key: "team", Values: ["spot"] }] })).sort()).toEqual([...all].sort());
  expect(await listed({ ResourceTypeFilters: ["dynamodb:table", "sqs"], TagFilters: [{ Key: "team" }] })).toEqual([arns["dynamodb"], arns["sqs"]]);
  expect(await listed({ TagFilters: [{ Key: "team", Values: ["other"] }] })).toEqual([]);
  expect(await listed({ ResourceARNList: [arns["logs"]!, ARN("logs", "log-group:/none")] })).toEqual([arns["logs"]]);
  expect((await tagging.send(new GetTagKeysCommand({}))).TagKeys).toEqual(["shared", "team"]);
  expect((await tagging.send(new GetTagValuesCommand({ Key: "team" }))).TagValues).toEqual(["spot"]);
  expect((await tagging.send(new UntagResourcesCommand({ ResourceARNList: all, TagKeys: ["shared"] }))).FailedResourcesMap).toEqual({});
  expect((await tagging.send(new GetTagKeysCommand({}))).TagKeys).toEqual(["team"]);
});

it("pages", async () => {
  const found: string[] = [];
  for (let token: string | undefined; token !== ""; ) {
    const { ResourceTagMappingList, PaginationToken } = await tagging.send(new GetResourcesCommand({ ResourcesPerPage: 4, PaginationToken: token }));
    expect(ResourceTagMappingList!.length).toBeLessThanOrEqual(4);
    found.push(...ResourceTagMappingList!.map(({ ResourceARN }) => ResourceARN!));
    token = PaginationToken;
  }
  expect(found.sort()).toEqual(Object.values(arns).sort());
});

it("changes what it can, and tells of each resource that its service refused", async () => {
  const missing = ARN("ec2", "instance/i-0123456789abcdef0");
  const { FailedResourcesMap } = await tagging.send(new TagResourcesCommand({ ResourceARNList: [missing, arns["sqs"]!, ARN("rds", "db:x")], Tags: { partly: "1" } }));
  expect(FailedResourcesMap).toEqual({
    [missing]: { StatusCode: 400, ErrorCode: "InvalidInstanceID.NotFound", ErrorMessage: "The instance ID 'i-0123456789abcdef0' does not exist" },
    [ARN("rds", "db:x")]: { StatusCode: 400, ErrorCode: "InvalidParameterException", ErrorMessage: expect.stringContaining("no taggable resources of rds") },
  });
  expect(await listed({ TagFilters: [{ Key: "partly" }] })).toEqual([arns["sqs"]]);
});

it("needs the permission of the service that keeps the tags, too", async () => {
  const { region } = await startRegion({
    authorize: ({ operation, service }) => {
      if (service === "sqs" && operation === "TagQueue") throw new AwsError("AccessDeniedException", "no sqs:TagQueue", 400);
    },
  });
  try {
    await region.call(region.admin, "sqs", "CreateQueue", { QueueName: "q" });
    expect(await region.call(region.admin, "resource-groups-tagging-api", "TagResources", { ResourceARNList: [ARN("sqs", "q")], Tags: { a: "b" } }))
      .toEqual({ FailedResourcesMap: { [ARN("sqs", "q")]: { StatusCode: 400, ErrorCode: "AccessDeniedException", ErrorMessage: "no sqs:TagQueue" } } });
  } finally {
    await region.close();
  }
});

it("refuses what it does not take, as boto3 sees it", async () => {
  expect(await boto3(test.region, `
tags = client('resourcegroupstaggingapi')
tags.tag_resources(ResourceARNList=['${ARN("sqs", "q")}'], Tags={'from': 'python'})
result = [[mapping['ResourceARN'] for page in tags.get_paginator('get_resources').paginate(TagFilters=[{'Key': 'from'}], ResourcesPerPage=1) for mapping in page['ResourceTagMappingList']]] + [refused(call, **input)[:2] for call, input in [
  (tags.get_resources, {'ResourceARNList': ['${ARN("sqs", "q")}'], 'TagFilters': [{'Key': 'a'}]}), (tags.get_resources, {'ResourcesPerPage': 101}), (tags.get_resources, {'IncludeComplianceDetails': True}),
  (tags.tag_resources, {'ResourceARNList': ['nonsense'], 'Tags': {'a': 'b'}}), (tags.tag_resources, {'ResourceARNList': ['${ARN("sqs", "q")}'], 'Tags': {'aws:a': 'b'}}), (tags.get_compliance_summary, {})]]`)).toEqual([
    [ARN("sqs", "q")], ...Array.from({ length: 5 }, () => ["InvalidParameterException", 400]), ["UnknownOperationException", 400],
  ]);
});
