/** Inputs that have not their operation's shape, on each wire, in the words of the services. */
import { startRegion, type TestRegion } from "../support/region";
import { callsOf, requestOf, type Wire } from "../malformed/requests";

let test: TestRegion;
beforeAll(async () => { test = await startRegion(); });
afterAll(() => test.region.close());

async function answer(name: string, operation: string, input: unknown, wire?: Wire): Promise<{ status: number; body: string }> {
  const calls = callsOf(test.region.services.get(name)!).filter((call) => call.operation === operation);
  const { status, body } = await test.region.router.handle(requestOf(calls.find((call) => wire === undefined || call.wire === wire)!, input));
  expect(test.region.defects).toEqual([]);
  return { status, body: body.toString() };
}
const refusal = async (name: string, operation: string, input: unknown, wire?: Wire): Promise<unknown> => {
  const { status, body } = await answer(name, operation, input, wire);
  const { __type, message } = JSON.parse(body) as { __type?: string; message: string };
  return [status, __type, message];
};

it.each([
  ["ssm", "GetParameter", { Name: 1 }, "NUMBER_VALUE can not be converted to a String"],
  ["ssm", "GetParameter", { Name: true }, "TRUE_VALUE can not be converted to a String"],
  ["ssm", "GetParameter", { Name: ["a"] }, "Start of list found where not expected"],
  ["ssm", "GetParameter", { Name: {} }, "Start of structure or map found where not expected."],
  ["ssm", "GetParameters", { Names: "a" }, "Expected list or null"],
  ["ssm", "GetParameters", { Names: ["a", 1.5] }, "DECIMAL_VALUE can not be converted to a String"],
  ["ssm", "DescribeParameters", { MaxResults: "1" }, "STRING_VALUE can not be converted to an Integer"],
  ["sfn", "ListStateMachines", { maxResults: [1] }, "Start of list found where not expected"],
  ["sfn", "CreateStateMachine", { name: "n", loggingConfiguration: "x" }, "Expected null"],
  ["eventbridge", "DescribeEventBus", { Name: 1 }, "NUMBER_VALUE can not be converted to a String"],
  ["sqs", "CreateQueue", { QueueName: "q", Attributes: { DelaySeconds: 1 } }, "NUMBER_VALUE can not be converted to a String"],
])("AWS JSON, a wrong type: %s %s %j", async (service, operation, input, message) => {
  expect(await refusal(service, operation, input)).toEqual([400, "SerializationException", message]);
});

it.each([
  ["ssm", "GetParameter", {}, "ValidationException", "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"],
  ["ssm", "GetParameter", { Name: null }, "ValidationException", "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"],
  ["cloudwatch-logs", "TestMetricFilter", {}, "InvalidParameterException", "2 validation errors detected: Value null at 'filterPattern' failed to satisfy constraint: Member must not be null; Value null at 'logEventMessages' failed to satisfy constraint: Member must not be null"],
  ["eventbridge", "PutTargets", { Rule: "r", Targets: [{ Id: "a" }] }, "ValidationException", "1 validation error detected: Value null at 'targets.1.member.arn' failed to satisfy constraint: Member must not be null"],
  ["eventbridge", "PutTargets", { Rule: "r", Targets: [null] }, "ValidationException", "1 validation error detected: Value null at 'targets.1.member' failed to satisfy constraint: Member must not be null"],
  ["sqs", "SendMessage", { QueueUrl: "q" }, "MissingParameter", "The request must contain the parameter MessageBody."],
  ["dynamodb", "TransactGetItems", { TransactItems: [null] }, "ValidationException", "1 validation error detected: Value null at 'transactItems.1.member' failed to satisfy constraint: Member must not be null"],
])("AWS JSON, what is required and absent: %s %s %j", async (service, operation, input, code, message) => {
  expect(await refusal(service, operation, input)).toEqual([400, code, message]);
});

it("an optional member that is null counts as not given, and unknown ones are ignored", async () => {
  expect(await answer("sfn", "ListStateMachines", { maxResults: null, nextToken: null, other: 1 })).toEqual({ status: 200, body: "{\"stateMachines\":[]}" });
});

it("REST JSON: a text is well in the query string, and wrong in the body", async () => {
  expect(await answer("lambda", "ListFunctions", { MaxItems: "5" })).toMatchObject({ status: 200 });
  expect(await answer("lambda", "PutFunctionConcurrency", { FunctionName: "f", ReservedConcurrentExecutions: "5" })).toEqual({ status: 400, body: "{\"message\":\"STRING_VALUE can not be converted to an Integer\"}" });
});

it("CloudWatch refuses the same on all its wires", async () => {
  expect(await refusal("cloudwatch", "PutMetricData", { Namespace: [], MetricData: [] }, "json")).toEqual([400, "SerializationException", "Start of list found where not expected"]);
  expect((await answer("cloudwatch", "PutMetricData", { Namespace: [], MetricData: [] }, "cbor"))).toMatchObject({ status: 400, body: expect.stringContaining("SerializationException") });
  expect((await answer("cloudwatch", "PutMetricData", { Namespace: ["a"] }, "query"))).toMatchObject({ status: 400, body: expect.stringContaining("<Code>MalformedInput</Code><Message>Start of list found where not expected</Message>") });
});

it("query: a text where a list or a structure belongs, and what is required", async () => {
  expect(await answer("iam", "TagRole", { RoleName: "r", Tags: "x" })).toMatchObject({ status: 400, body: expect.stringContaining("<Code>MalformedInput</Code><Message>Unexpected list element termination</Message>") });
  expect(await answer("iam", "TagRole", { RoleName: "r", Tags: ["x"] })).toMatchObject({ status: 400, body: expect.stringContaining("<Message>Unexpected complex element termination</Message>") });
  expect(await answer("iam", "GetRole", {})).toMatchObject({ status: 400, body: expect.stringContaining("<Code>ValidationError</Code><Message>1 validation error detected: Value null at &apos;roleName&apos; failed to satisfy constraint: Member must not be null") });
});

it("EC2 does not know a parameter that stands for another type", async () => {
  expect(await answer("ec2", "DescribeInstances", { InstanceId: "i-1" })).toMatchObject({ status: 400, body: expect.stringContaining("<Code>UnknownParameter</Code><Message>The parameter InstanceId is not recognized</Message>") });
  expect(await answer("ec2", "RunInstances", { ImageId: ["ami-1"], MinCount: 1, MaxCount: 1 })).toMatchObject({ body: expect.stringContaining("The parameter ImageId.1 is not recognized") });
});
