import { AwsError, type CallContext, type Operation } from "../../../../harness/region/core/types";
import { refusingMembers } from "../../../../harness/region/core/unsupported";
import { startRegion } from "../support/region";

const refuse = (message: string): AwsError => new AwsError("ValidationException", message);
const context = {} as CallContext;

describe("refused members", () => {
  const echo: Operation = (input: object) => input;
  const { Do, Other } = refusingMembers({ Do: echo, Other: echo }, { Do: { Mode: ["STANDARD"], Key: [] } }, refuse);

  it.each([[{}], [{ Mode: "STANDARD" }], [{ Key: "" }], [{ Key: undefined }], [{ Key: false }], [{ Key: "false" }], [{ Key: [] }], [{ Key: {} }], [{ Name: "x" }]])("pass when they ask for nothing: %j", (input) => {
    expect(Do(input, context)).toBe(input);
  });

  it.each([[{ Mode: "EXPRESS" }, "Mode"], [{ Key: "k" }, "Key"], [{ Key: 0 }, "Key"], [{ Key: ["a"] }, "Key"], [{ Key: true }, "Key"]])("are refused by name: %j", (input, member) => {
    expect(() => Do(input, context)).toThrow(`The embedded region does not support the parameter ${member} of Do.`);
    expect(Other(input, context)).toBe(input);
  });

  it("belong to operations that exist", () => {
    expect(() => refusingMembers({}, { Do: { Key: [] } }, refuse)).toThrow("there is no operation Do");
  });
});

it.each([
  ["sfn", "DescribeExecution", { executionArn: "e", includedData: "METADATA_ONLY" }, "ValidationException", "includedData"],
  ["eventbridge", "PutEvents", { Entries: [], EndpointId: "e" }, "ValidationException", "EndpointId"],
  ["cloudwatch", "PutDashboard", { DashboardName: "d", DashboardBody: "{}", Tags: [{ Key: "a", Value: "b" }] }, "ValidationError", "Tags"],
  ["cloudwatch-logs", "PutResourcePolicy", { resourceArn: "arn" }, "InvalidParameterException", "resourceArn"],
  ["lambda", "PublishVersion", { FunctionName: "f", PublishTo: "LATEST_PUBLISHED" }, "InvalidParameterValueException", "PublishTo"],
  ["sqs", "SendMessage", { QueueUrl: "q", MessageBody: "m", MessageGroupId: "g" }, "InvalidParameterValue", "MessageGroupId"],
  ["iam", "ListPolicies", { PolicyUsageFilter: "PermissionsBoundary" }, "ValidationError", "PolicyUsageFilter"],
  ["ec2", "DescribeFleets", { Filters: [{ Name: "activity-status", Values: ["fulfilled"] }] }, "UnsupportedOperation", "Filter"],
  ["s3", "ListBuckets", { BucketRegion: "us-west-2" }, "NotImplemented", "bucket-region"],
])("%s refuses what it would otherwise ignore: %s", async (service, operation, input, code, member) => {
  const { region, clock } = await startRegion();
  try {
    await clock.run("test", () => expect(region.call(region.admin, service, operation, input)).rejects.toMatchObject({ code, message: `The embedded region does not support the parameter ${member} of ${operation}.` }));
  } finally {
    await region.close();
  }
});
