/** What Task states call, through the region's own services. */
import { seconds } from "../../../../../harness/time/clock";
import { zip } from "../lambda/support";
import { startSfn, type SfnTest } from "./support";

let test: SfnTest;
beforeAll(async () => {
  test = await startSfn();
  await test.run(() => test.region.call(test.region.admin, "dynamodb", "CreateTable", {
    TableName: "table", AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }], KeySchema: [{ AttributeName: "k", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST",
  }));
});
afterAll(() => test.region.close());

const task = (resource: string, parameters: unknown, more: object = {}): object => ({
  QueryLanguage: "JSONata", StartAt: "T", States: { T: { Type: "Task", Resource: resource, Arguments: parameters, End: true, ...more } },
});

describe("aws-sdk:dynamodb", () => {
  it("calls the operation and gives its output", async () => {
    await test.execute(task("arn:aws:states:::aws-sdk:dynamodb:putItem", { TableName: "table", Item: { k: { S: "a" }, n: { N: "{% $string($states.input.n) %}" } } }), { n: 7 });
    const ran = await test.execute(task("arn:aws:states:::aws-sdk:dynamodb:getItem", { TableName: "table", Key: { k: { S: "a" } } }));
    expect(ran.output).toEqual({ Item: { k: { S: "a" }, n: { N: "7" } } });
    expect(ran.events[2]?.taskScheduledEventDetails).toMatchObject({ resource: "getItem", resourceType: "aws-sdk:dynamodb", region: "us-east-1", parameters: "{\"TableName\":\"table\",\"Key\":{\"k\":{\"S\":\"a\"}}}" });
  });

  it("names the service's errors as AWS does", async () => {
    const refused = await test.execute(task("arn:aws:states:::aws-sdk:dynamodb:putItem", { TableName: "table", Item: { k: { S: "a" } }, ConditionExpression: "attribute_not_exists(k)" }));
    expect(refused).toMatchObject({ status: "FAILED", error: "DynamoDb.ConditionalCheckFailedException" });
    expect(refused.cause).toMatch(/^The conditional request failed \(Service: DynamoDb, Status Code: 400, Request ID: [-0-9a-f]{36}\)$/);
    expect(refused.types).toEqual(["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskFailed", "ExecutionFailed"]);
  });

  it("waits for the token that it handed over", async () => {
    const machine = task("arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken", {
      TableName: "table", Key: { k: { S: "b" } }, UpdateExpression: "SET t = :t", ExpressionAttributeValues: { ":t": { S: "{% $states.context.Task.Token %}" } },
    }, { HeartbeatSeconds: 30 });
    const holder = test.clock.spawn("holder", async () => {
      await test.clock.sleep(seconds(20));
      const { Item } = await test.region.call(test.region.admin, "dynamodb", "GetItem", { TableName: "table", Key: { k: { S: "b" } } });
      await test.region.call(test.region.admin, "sfn", "SendTaskHeartbeat", { taskToken: Item.t.S });
      await test.clock.sleep(seconds(20));
      await test.region.call(test.region.admin, "sfn", "SendTaskSuccess", { taskToken: Item.t.S, output: "{\"outcome\":\"finished\"}" });
    });
    const ran = await test.execute(machine);
    await holder.done;
    expect(ran).toMatchObject({ status: "SUCCEEDED", output: { outcome: "finished" }, seconds: 40 });
    expect(ran.types).toContain("TaskSubmitted");
  });
});

describe("dynamodb, optimized", () => {
  it("has the metadata of its request, and an older SDK's errors", async () => {
    const ran = await test.execute(task("arn:aws:states:::dynamodb:getItem", { TableName: "table", Key: { k: { S: "a" } } }));
    expect(ran.output).toMatchObject({ Item: { k: { S: "a" } }, SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: expect.any(String) } });
    const { AllHttpHeaders: all, HttpHeaders: single } = ran.output.SdkHttpMetadata;
    expect(Object.keys(all)).toEqual(["Server", "Connection", "x-amzn-RequestId", "x-amz-crc32", "Content-Length", "Date", "Content-Type"]);
    expect(Object.keys(single)).toEqual(["Connection", "Content-Length", "Content-Type", "Date", "Server", "x-amz-crc32", "x-amzn-RequestId"]);
    const nothing = await test.execute(task("arn:aws:states:::dynamodb:deleteItem", { TableName: "table", Key: { k: { S: "never there" } } }));
    expect(nothing.output.SdkHttpMetadata.HttpHeaders).toMatchObject({ "Content-Length": "2", "x-amz-crc32": "2745614147" });
    const missing = await test.execute(task("arn:aws:states:::dynamodb:getItem", { TableName: "nope", Key: { k: { S: "a" } } }));
    expect(missing.error).toBe("DynamoDB.ResourceNotFoundException");
    expect(missing.cause).toMatch(/ \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException; Request ID: [-0-9a-f]{36}; Proxy: null\)$/);
  });
});

describe("states:startExecution", () => {
  const child = (state: object): object => ({ StartAt: "C", States: { C: state } });

  it("only starts it, or waits for its end with the output as text or as JSON", async () => {
    const stateMachineArn = await test.run(() => test.create(child({ Type: "Wait", Seconds: 50, End: true })));
    const parameters = { StateMachineArn: stateMachineArn, Input: { a: 1 } };
    const started = await test.execute(task("arn:aws:states:::states:startExecution", parameters));
    expect(started).toMatchObject({ seconds: 0, output: { ExecutionArn: expect.any(String) } });
    const text = await test.execute(task("arn:aws:states:::states:startExecution.sync", parameters));
    expect(text).toMatchObject({ seconds: 50, output: { Status: "SUCCEEDED", Output: "{\"a\":1}" } });
    expect(text.types).toEqual(["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted", "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"]);
    const json = await test.execute(task("arn:aws:states:::states:startExecution.sync:2", parameters));
    expect(json.output).toMatchObject({ Output: { a: 1 }, Input: { a: 1 } });
    const members = Object.keys(json.output as object);
    expect(members).toEqual([...members].sort());
    expect(json.output).toMatchObject({ RedriveCount: 0, RedriveStatus: "NOT_REDRIVABLE", RedriveStatusReason: "Execution is SUCCEEDED and cannot be redriven" });
  });

  it("fails with what the execution failed with", async () => {
    const stateMachineArn = await test.run(() => test.create(child({ Type: "Fail", Error: "Broken", Cause: "it is" })));
    const ran = await test.execute(task("arn:aws:states:::states:startExecution.sync:2", { StateMachineArn: stateMachineArn }));
    expect(ran.error).toBe("States.TaskFailed");
    expect(JSON.parse(ran.cause as string)).toMatchObject({ Status: "FAILED", Error: "Broken", Cause: "it is", Input: "{}", RedriveStatus: "REDRIVABLE" });
    expect(ran.cause).not.toContain("Output");
  });

  it("aborts the execution, and says why, when the task that waits for it is over", async () => {
    const stateMachineArn = await test.run(() => test.create(child({ Type: "Wait", Seconds: 50, End: true })));
    const ran = await test.execute(task("arn:aws:states:::states:startExecution.sync:2", { StateMachineArn: stateMachineArn }, { TimeoutSeconds: 5 }));
    expect(ran).toMatchObject({ status: "FAILED", error: "States.Timeout", seconds: 5 });
    const { executions } = await test.run(() => test.region.call<{ executions: { executionArn: string }[] }>(test.region.admin, "sfn", "ListExecutions", { stateMachineArn }));
    const aborted = await test.run(() => test.region.call(test.region.admin, "sfn", "DescribeExecution", { executionArn: executions[0]?.executionArn }));
    expect(aborted).toMatchObject({ status: "ABORTED", cause: `The Task state in AWS Step Functions execution [${ran.arn}] which was managing this resource was aborted` });
  });

  it("names a state machine that does not exist", async () => {
    const ran = await test.execute(task("arn:aws:states:::states:startExecution", { StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:none" }));
    expect(ran.error).toBe("StepFunctions.StateMachineDoesNotExistException");
    expect(ran.cause).toMatch(/^State Machine Does Not Exist: 'arn:aws:states:us-east-1:123456789012:stateMachine:none' \(Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; /);
  });
});

it("puts events, with the machine and the execution as resources", async () => {
  const ran = await test.execute(task("arn:aws:states:::events:putEvents", { Entries: [{ Detail: { a: 1 }, DetailType: "type", Source: "my.source" }] }));
  expect(ran.output).toEqual({ Entries: [{ EventId: expect.any(String) }], FailedEntryCount: 0 });
});

describe("lambda:invoke", () => {
  beforeAll(() => test.run(async () => {
    await test.region.call(test.region.admin, "iam", "CreateRole", {
      RoleName: "function", AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] }),
    });
    await test.region.call(test.region.admin, "lambda", "CreateFunction", {
      FunctionName: "same", Runtime: "nodejs22.x", Handler: "index.handler", Role: "arn:aws:iam::123456789012:role/function",
      Code: { ZipFile: zip({ "index.js": "exports.handler = async (event) => event;" }) },
    });
  }));
  const invoke = (more: object): object => task("arn:aws:states:::lambda:invoke", { FunctionName: "same", ...more });

  it.each<[string, unknown, unknown]>([
    ["a value as JSON", { a: [1] }, { a: [1] }],
    ["a text that is JSON as it is", "[1, {}]", [1, {}]],
    ["any other text as a JSON text", "hello", "hello"],
    ["nothing as an empty object", null, {}],
  ])("hands over %s", async (_name, payload, expected) => {
    expect((await test.execute(invoke({ Payload: payload }))).output.Payload).toEqual(expected);
  });

  it("tells of the headers of its request, the log's end among them", async () => {
    const { output } = await test.execute(invoke({ Payload: {}, LogType: "Tail" }));
    expect(Object.keys(output.SdkHttpMetadata.AllHttpHeaders)).toEqual(["X-Amz-Log-Result", "X-Amz-Executed-Version", "x-amzn-Remapped-Content-Length", "Connection", "x-amzn-RequestId", "Content-Length", "Date", "X-Amzn-Trace-Id", "Content-Type"]);
    expect(output.SdkHttpMetadata.HttpHeaders["X-Amz-Log-Result"]).toBe(output.LogResult);
  });
});

describe("sqs:sendMessage", () => {
  beforeAll(() => test.run(() => test.region.call(test.region.admin, "sqs", "CreateQueue", { QueueName: "queue" })));
  it("cannot reach a queue at a host that is neither the region's nor AWS's", async () => {
    const to = (QueueUrl: string): Promise<{ error: string | undefined; cause: string | undefined }> => test.execute(task("arn:aws:states:::sqs:sendMessage", { QueueUrl, MessageBody: "hello" }));
    await expect(to("https://queues.nowhere/123456789012/queue2")).resolves.toMatchObject({ error: "SQS.SdkClientException", cause: "Unable to execute HTTP request: queues.nowhere: Name or service not known" });
    await expect(to("https://sqs.us-east-1.amazonaws.com/123456789012/queue2")).resolves.toMatchObject({ error: "SQS.QueueDoesNotExistException" });
  });

  const send = (more: object): object => task("arn:aws:states:::sqs:sendMessage", { QueueUrl: `${test.region.endpoint}/123456789012/queue`, ...more });

  it("writes a body that is no text as JSON, and tells of its request", async () => {
    const ran = await test.execute(send({ MessageBody: { a: 1 } }));
    const { Messages } = await test.run(() => test.region.call(test.region.admin, "sqs", "ReceiveMessage", { QueueUrl: `${test.region.endpoint}/123456789012/queue` }));
    expect(Messages[0].Body).toBe("{\"a\":1}");
    expect(Object.keys(ran.output)).toEqual(["MD5OfMessageBody", "MessageId", "SdkHttpMetadata", "SdkResponseMetadata"]);
    expect(Object.keys(ran.output.SdkHttpMetadata.HttpHeaders)).toEqual(["connection", "Content-Length", "Content-Type", "Date", "x-amzn-RequestId"]);
  });

  it("names the service's errors as its older SDK did", async () => {
    const ran = await test.execute(send({ MessageBody: null }));
    expect(ran.error).toBe("SQS.AmazonSQSException");
    expect(ran.cause).toMatch(/^The request must contain the parameter MessageBody\. \(Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter; Request ID: [-0-9a-f]{36}; Proxy: null\)$/);
  });
});

it.each([
  ["ssm:getParameter", { Name: 1 }, "Name", "a STRING"],
  ["ssm:getParameters", { Names: ["a", {}] }, "Names", "a STRING"],
  ["sfn:listStateMachines", { MaxResults: "1" }, "MaxResults", "a NUMBER"],
  ["sqs:createQueue", { QueueName: "n", Attributes: { DelaySeconds: 5 } }, "DelaySeconds", "a STRING"],
])("starts no task with an argument of another type than the API's: %s %j", async (resource, given, field, kind) => {
  const ran = await test.execute(task(`arn:aws:states:::aws-sdk:${resource}`, given));
  expect(ran.error).toBe("States.Runtime");
  expect(ran.cause).toContain(`could not be used to start the Task: [The value for the field '${field}' must be ${kind}]`);
});

it("writes JSON out where the API takes a text, and whatever is given where it takes bytes", async () => {
  const child = await test.run(() => test.create({ StartAt: "C", States: { C: { Type: "Pass", End: true } } }));
  const started = await test.execute(task("arn:aws:states:::aws-sdk:sfn:startExecution", { StateMachineArn: child, Input: { a: [1] }, Name: null, TraceHeader: null }));
  const { input } = await test.run(() => test.region.call<{ input: string }>(test.region.admin, "sfn", "DescribeExecution", { executionArn: started.output.ExecutionArn }));
  expect(input).toBe("{\"a\":[1]}");
  await test.run(() => test.region.call(test.region.admin, "s3", "CreateBucket", { Bucket: "written-out" }));
  for (const [body, text] of [["data", "\"data\""], [{ a: 1 }, "{\"a\":1}"], [false, "false"]] as const) {
    const put = await test.execute(task("arn:aws:states:::aws-sdk:s3:putObject", { Bucket: "written-out", Key: "key", Body: body }));
    expect(put.output).toEqual({ ETag: expect.any(String), ServerSideEncryption: "AES256" });
    const got = await test.execute(task("arn:aws:states:::aws-sdk:s3:getObject", { Bucket: "written-out", Key: "key" }));
    expect(got.output).toMatchObject({ Body: text, ContentLength: text.length, Metadata: {} });
    expect(Object.keys(got.output as object).at(-1)).toBe("Body");
  }
});

it("keeps the execution's input as it was written, and its own values without spaces", async () => {
  const { StartExecutionCommand, GetExecutionHistoryCommand } = await import("@aws-sdk/client-sfn");
  const texts = await test.run(async () => {
    const stateMachineArn = await test.create({ StartAt: "P", States: { P: { Type: "Pass", End: true } } });
    const { executionArn } = await test.sfn.send(new StartExecutionCommand({ stateMachineArn, input: "[1, 2]" }));
    await test.clock.sleep(seconds(1));
    const { events = [] } = await test.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    return [events[0]?.executionStartedEventDetails?.input, events[1]?.stateEnteredEventDetails?.input];
  });
  expect(texts).toEqual(["[1, 2]", "[1,2]"]);
});

it("calls services whose names begin small, under names that begin large", async () => {
  const ran = await test.execute(task("arn:aws:states:::aws-sdk:sfn:describeExecution", { ExecutionArn: "{% $states.context.Execution.Id %}" }));
  expect(ran.output).toMatchObject({ Status: "RUNNING", Input: "{}", StartDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) });
  const missing = await test.execute(task("arn:aws:states:::aws-sdk:sfn:describeExecution", { ExecutionArn: "arn:aws:states:us-east-1:123456789012:execution:a:b" }));
  expect(missing.error).toBe("Sfn.ExecutionDoesNotExistException");
});

it("ends the execution for arguments that make no request", async () => {
  const region = test.region as { -readonly [K in keyof SfnTest["region"]]: SfnTest["region"][K] };
  const { call } = region;
  region.call = () => Promise.reject(new TypeError("StartTime is no date"));
  const ran = await test.execute(task("arn:aws:states:::aws-sdk:ec2:describeSpotPriceHistory", { StartTime: "soon" }, { Retry: [{ ErrorEquals: ["States.ALL"] }] })).finally(() => { region.call = call; });
  expect(ran.error).toBe("States.Runtime");
  expect(ran.cause).toMatch(/^An error occurred while executing the state 'T' \(entered at the event id #2\)\. The Parameters '\{"StartTime":"soon"\}' could not be used to start the Task: \[/);
});

it("takes timestamps as texts", async () => {
  const ran = await test.execute(task("arn:aws:states:::aws-sdk:ec2:describeSpotPriceHistory", { StartTime: "2026-01-01T00:00:00Z", MaxResults: 5 }));
  expect(ran.status).toBe("SUCCEEDED");
  expect(ran.output.SpotPriceHistory[0].Timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

it("names EC2's errors by the one name that its model has", async () => {
  const ran = await test.execute(task("arn:aws:states:::aws-sdk:ec2:describeInstances", { InstanceIds: ["i-00000000000000000"] }));
  expect(ran.error).toBe("Ec2.Ec2Exception");
  expect(ran.cause).toMatch(/^The instance ID 'i-00000000000000000' does not exist \(Service: Ec2, Status Code: 400, Request ID: [-0-9a-f]{36}\)$/);
});

it("refuses, when the machine is created, what the region does not have", async () => {
  for (const resource of ["arn:aws:states:::aws-sdk:dynamodb:noSuchOperation", "arn:aws:states:::aws-sdk:nosuch:do", "arn:aws:states:::sns:publish", "arn:aws:states:::dynamodb:getItem.sync", "arn:nonsense"]) {
    await expect(test.create(task(resource, {}))).rejects.toMatchObject({
      name: "InvalidDefinition",
      message: `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The resource provided ${resource} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/T/Resource'`,
    });
  }
});
