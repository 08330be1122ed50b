/** The region as a server, asked by the SDK over its socket. */
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateStateMachineCommand, DescribeExecutionCommand, SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { ObservedCall } from "../../../harness/region/core/types";
import type { ClockChoice } from "../../../harness/serve/arguments";
import { callLine } from "../../../harness/serve/call-line";
import { startServer, type Server } from "../../../harness/serve/server";
import { seconds } from "../../../harness/time/clock";

let server: Server | undefined;
const calls: ObservedCall[] = [];
const troubles: string[] = [];
afterEach(async () => {
  await server?.close();
  server = undefined;
  calls.length = troubles.length = 0;
});

async function start(clock: ClockChoice): Promise<Server> {
  return (server = await startServer({ port: 0, clock, stacks: [], onCall: (call) => calls.push(call), onTrouble: (message) => troubles.push(message) }));
}
const configuration = ({ region }: Server) => ({ region: region.regionName, endpoint: region.endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 });
const machine = (states: object, first: string): CreateStateMachineCommand =>
  new CreateStateMachineCommand({ name: "machine", roleArn: "arn:aws:iam::123456789012:role/nobody", definition: JSON.stringify({ StartAt: first, States: states }) });

test("on the virtual clock an execution with an hour of Wait has succeeded when it is asked for", async () => {
  const sfn = new SFNClient(configuration(await start({ kind: "virtual" })));
  const { stateMachineArn } = await sfn.send(machine({ Hour: { Type: "Wait", Seconds: 3600, End: true } }, "Hour"));
  const { executionArn, startDate } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name: "one" }));
  const { status, stopDate } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  expect({ status, seconds: (stopDate!.getTime() - startDate!.getTime()) / 1000 }).toEqual({ status: "SUCCEEDED", seconds: 3600 });
  sfn.destroy();
});

test("a callback without a time-out stands still until a visitor answers it", async () => {
  const { clock } = await start({ kind: "virtual" });
  const sfn = new SFNClient(configuration(server!));
  const dynamodb = new DynamoDBClient(configuration(server!));
  await dynamodb.send(new CreateTableCommand({ TableName: "tokens", KeySchema: [{ AttributeName: "k", KeyType: "HASH" }], AttributeDefinitions: [{ AttributeName: "k", AttributeType: "S" }], BillingMode: "PAY_PER_REQUEST" }));
  const { stateMachineArn } = await sfn.send(machine({ Ask: {
    Type: "Task", Resource: "arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken", End: true,
    Parameters: { TableName: "tokens", Item: { k: { S: "k" }, token: { "S.$": "$$.Task.Token" } } },
  } }, "Ask"));
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name: "one" }));
  let token: string | undefined;
  while (token === undefined) token = (await dynamodb.send(new GetItemCommand({ TableName: "tokens", Key: { k: { S: "k" } } }))).Item?.["token"]?.S;
  const then = clock.now();
  await expect(sfn.send(new DescribeExecutionCommand({ executionArn }))).resolves.toMatchObject({ status: "RUNNING" });
  expect(clock.now()).toBe(then);
  await sfn.send(new SendTaskSuccessCommand({ taskToken: token, output: '{"answer": 42}' }));
  await expect(sfn.send(new DescribeExecutionCommand({ executionArn }))).resolves.toMatchObject({ status: "SUCCEEDED", output: '{"answer":42}' });
  sfn.destroy();
  dynamodb.destroy();
});

test("many visitors at once are all answered, each at one moment of the region's time", async () => {
  await start({ kind: "virtual" });
  const sfn = new SFNClient(configuration(server!));
  const { stateMachineArn } = await sfn.send(machine({ Hour: { Type: "Wait", Seconds: 3600, End: true } }, "Hour"));
  const started = await Promise.all(Array.from({ length: 100 }, (_, index) => sfn.send(new StartExecutionCommand({ stateMachineArn, name: `e${index}` }))));
  const statuses = await Promise.all(started.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn }))));
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(["SUCCEEDED"]));
  sfn.destroy();
});

test("a request that waits on the region's clock is answered when its time has come there", async () => {
  const { clock, region } = await start({ kind: "virtual" });
  const ask = async (operation: string, input: object): Promise<{ QueueUrl: string }> => {
    const answer = await fetch(region.endpoint, {
      method: "POST", body: JSON.stringify(input),
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}`, authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0" },
    });
    return answer.json() as Promise<{ QueueUrl: string }>;
  };
  const { QueueUrl } = await ask("CreateQueue", { QueueName: "q" });
  const began = clock.now();
  await expect(ask("ReceiveMessage", { QueueUrl, WaitTimeSeconds: 20 })).resolves.not.toHaveProperty("Messages");
  expect(clock.now() - began).toBe(seconds(20));
});

test("on a scaled clock time passes by itself, that many times as fast", async () => {
  const { clock } = await start({ kind: "system", scale: 3600 });
  const sfn = new SFNClient(configuration(server!));
  const { stateMachineArn } = await sfn.send(machine({ Hour: { Type: "Wait", Seconds: 3600, End: true } }, "Hour"));
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name: "one" }));
  await expect(sfn.send(new DescribeExecutionCommand({ executionArn }))).resolves.toMatchObject({ status: "RUNNING" });
  const began = clock.now();
  let status: string | undefined;
  while (status !== "SUCCEEDED") ({ status } = await sfn.send(new DescribeExecutionCommand({ executionArn })));
  expect(clock.now() - began).toBeGreaterThan(seconds(1800));
  sfn.destroy();
});

test("every call is told of with its caller and its outcome", async () => {
  const sfn = new SFNClient(configuration(await start({ kind: "virtual" })));
  const { stateMachineArn } = await sfn.send(machine({ Look: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:sfn:listStateMachines", End: true } }, "Look"));
  await sfn.send(new StartExecutionCommand({ stateMachineArn, name: "one" }));
  await expect(sfn.send(new DescribeExecutionCommand({ executionArn: "arn:aws:states:us-east-1:123456789012:execution:machine:two" }))).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
  await fetch(server!.region.endpoint, { method: "POST", body: "Action=Dance&Version=1" });
  expect(calls.map((call) => callLine(0, call))).toEqual([
    "1970-01-01T00:00:00.000Z  administrator  sfn:CreateStateMachine  ok",
    "1970-01-01T00:00:00.000Z  administrator  sfn:StartExecution  ok",
    expect.stringMatching(/^1970-01-01T00:00:00.000Z {2}nobody\/[0-9a-f]{32} {2}sfn:ListStateMachines {2}ok$/),
    "1970-01-01T00:00:00.000Z  administrator  sfn:DescribeExecution  ExecutionDoesNotExist (400)",
    "1970-01-01T00:00:00.000Z  nobody  (unsigned):Dance  MissingAuthenticationToken (403)",
  ]);
  sfn.destroy();
});
