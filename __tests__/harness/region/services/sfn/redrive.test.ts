/** RedriveExecution: an execution that ended without success goes on from where it stood. */
import { DescribeExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand, RedriveExecutionCommand, SendTaskSuccessCommand, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { seconds } from "../../../../../harness/time/clock";
import type { ServiceEvent } from "../../../../../harness/region/core/types";
import { boto3 } from "../../support/region";
import { startSfn, type SfnTest } from "./support";

let test_: SfnTest;
beforeEach(async () => { test_ = await startSfn(); });
afterEach(() => test_.region.close());

/** Fails until there is a table of that name. */
const read = (table: string, more: object = { End: true }): object => ({
  Type: "Task", Resource: "arn:aws:states:::dynamodb:getItem", Parameters: { TableName: table, Key: { id: { S: "x" } } }, ResultSelector: { found: table }, ...more,
});
const createTable = (TableName: string) => test_.region.call(test_.region.admin, "dynamodb", "CreateTable", {
  TableName, AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }], KeySchema: [{ AttributeName: "id", KeyType: "HASH" }], BillingMode: "PAY_PER_REQUEST",
});
const start = async (definition: object, input: unknown = {}): Promise<string> =>
  (await test_.sfn.send(new StartExecutionCommand({ stateMachineArn: await test_.create(definition), input: JSON.stringify(input) }))).executionArn as string;
const redrive = (executionArn: string, clientToken?: string) => test_.sfn.send(new RedriveExecutionCommand({ executionArn, clientToken }));
const describeIt = (executionArn: string) => test_.sfn.send(new DescribeExecutionCommand({ executionArn }));
const history = async (executionArn: string) => (await test_.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events ?? [];
const types = async (executionArn: string, from = 0) => (await history(executionArn)).slice(from).map(({ type }) => type);

test("a failed task is scheduled again, and what had succeeded is not", () => test_.run(async () => {
  const executionArn = await start({ StartAt: "P", States: { P: { Type: "Pass", Result: { kept: 1 }, ResultPath: "$.p", Next: "T" }, T: read("table", { ResultPath: "$.t", Next: "Q" }), Q: { Type: "Pass", End: true } } });
  await test_.clock.sleep(seconds(1));
  expect(await describeIt(executionArn)).toMatchObject({ status: "FAILED", error: "DynamoDB.ResourceNotFoundException", redriveCount: 0, redriveStatus: "REDRIVABLE" });
  expect((await describeIt(executionArn)).redriveDate).toBeUndefined();
  await createTable("table");
  const before = (await history(executionArn)).length;
  const { redriveDate } = await redrive(executionArn);
  const running = await describeIt(executionArn);
  expect(running).toMatchObject({ status: "RUNNING", redriveCount: 1, redriveDate, redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: "Execution is RUNNING and cannot be redriven" });
  expect([running.error, running.stopDate]).toEqual([undefined, undefined]);
  await test_.clock.sleep(seconds(1));
  expect(await describeIt(executionArn)).toMatchObject({ status: "SUCCEEDED", output: JSON.stringify({ p: { kept: 1 }, t: { found: "table" } }), redriveCount: 1, redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven" });
  expect(await types(executionArn, before)).toEqual(["ExecutionRedriven", "TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"]);
  expect((await history(executionArn))[before]).toMatchObject({ id: before + 1, previousEventId: before, executionRedrivenEventDetails: { redriveCount: 1 } });
}));

test("the context object counts redrives, and retries begin anew", () => test_.run(async () => {
  const executionArn = await start({ StartAt: "T", States: {
    T: { ...read("table"), End: undefined, Next: "P", Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 2, IntervalSeconds: 1 }] },
    P: { Type: "Pass", Parameters: { "count.$": "$$.Execution.RedriveCount", "time.$": "$$.Execution.RedriveTime", "start.$": "$$.Execution.StartTime" }, End: true },
  } });
  await test_.clock.sleep(seconds(10));
  await redrive(executionArn);
  await test_.clock.sleep(seconds(10));
  expect((await types(executionArn)).filter((type) => type === "TaskFailed").length).toBe(6);
  await createTable("table");
  await redrive(executionArn);
  await test_.clock.sleep(seconds(1));
  expect(JSON.parse((await describeIt(executionArn)).output!)).toEqual({ count: 2, time: "2026-01-01T00:00:20.000Z", start: "2026-01-01T00:00:00.000Z" });
}));

test("of a Parallel state only the branches that had not succeeded go on", () => test_.run(async () => {
  const executionArn = await start({ StartAt: "Both", States: { Both: { Type: "Parallel", End: true, Branches: [
    { StartAt: "A", States: { A: { Type: "Pass", Result: "a", End: true } } },
    { StartAt: "B", States: { B: { Type: "Pass", Result: { b: 1 }, Next: "T" }, T: read("table") } },
    { StartAt: "W", States: { W: { Type: "Wait", Seconds: 100, Next: "C" }, C: { Type: "Pass", Result: "c", End: true } } },
  ] } } });
  await test_.clock.sleep(seconds(1));
  const before = (await history(executionArn)).length;
  await createTable("table");
  await redrive(executionArn);
  await test_.clock.sleep(seconds(200));
  expect(await describeIt(executionArn)).toMatchObject({ status: "SUCCEEDED", output: JSON.stringify(["a", { found: "table" }, "c"]) });
  expect(await types(executionArn, before)).toEqual([
    "ExecutionRedriven", "TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited", "WaitStateExited", "PassStateEntered", "PassStateExited", "ParallelStateSucceeded", "ParallelStateExited", "ExecutionSucceeded",
  ]);
}));

test("of a Map the iterations that had not succeeded go on, again and again, those not yet begun included", () => test_.run(async () => {
  await createTable("one");
  const executionArn = await start({ StartAt: "M", States: { M: { Type: "Map", MaxConcurrency: 1, End: true, ItemProcessor: { StartAt: "T", States: {
    T: { Type: "Task", Resource: "arn:aws:states:::dynamodb:getItem", Parameters: { "TableName.$": "$", Key: { id: { S: "x" } } }, ResultSelector: { "index.$": "$$.Map.Item.Index" }, End: true },
  } } } } }, ["one", "two", "six"]);
  await test_.clock.sleep(seconds(1));
  expect((await describeIt(executionArn)).status).toBe("FAILED");
  await redrive(executionArn);
  await test_.clock.sleep(seconds(1));
  await createTable("two");
  await redrive(executionArn);
  await test_.clock.sleep(seconds(1));
  expect((await describeIt(executionArn)).status).toBe("FAILED");
  await createTable("six");
  await redrive(executionArn);
  await test_.clock.sleep(seconds(1));
  expect(await describeIt(executionArn)).toMatchObject({ status: "SUCCEEDED", output: JSON.stringify([{ index: 0 }, { index: 1 }, { index: 2 }]), redriveCount: 3 });
  expect((await types(executionArn)).filter((type) => type === "MapIterationSucceeded").length).toBe(3);
}));

test("a Fail state is entered again and fails again", () => test_.run(async () => {
  const executionArn = await start({ StartAt: "F", States: { F: { Type: "Fail", Error: "E" } } });
  await test_.clock.sleep(seconds(1));
  await redrive(executionArn);
  await test_.clock.sleep(seconds(1));
  expect(await types(executionArn)).toEqual(["ExecutionStarted", "FailStateEntered", "ExecutionFailed", "ExecutionRedriven", "FailStateEntered", "ExecutionFailed"]);
}));

test("an aborted execution goes on, with variables and a new token, whatever its old task still does", () => test_.run(async () => {
  const { region } = test_;
  await region.call(region.admin, "sqs", "CreateQueue", { QueueName: "q" });
  const QueueUrl = (await region.call(region.admin, "sqs", "GetQueueUrl", { QueueName: "q" })).QueueUrl as string;
  const executionArn = await start({ QueryLanguage: "JSONata", StartAt: "P", States: {
    P: { Type: "Pass", Assign: { n: 7 }, Next: "T" },
    T: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:sqs:sendMessage.waitForTaskToken", Arguments: { QueueUrl, MessageBody: "{% $states.context.Task.Token %}" }, Output: "{% { 'n': $n, 'got': $states.result } %}", End: true },
  } });
  await test_.clock.sleep(seconds(5));
  await test_.sfn.send(new StopExecutionCommand({ executionArn }));
  await redrive(executionArn);
  await test_.clock.sleep(seconds(5));
  const tokens: string[] = [];
  for (let round = 0; round < 2; round++) {
    const { Messages } = await region.call(region.admin, "sqs", "ReceiveMessage", { QueueUrl, MaxNumberOfMessages: 10 });
    tokens.push(...(Messages as { Body: string }[] | undefined ?? []).map(({ Body }) => Body));
  }
  expect(new Set(tokens).size).toBe(2);
  await expect(test_.sfn.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: "1" }))).rejects.toMatchObject({ name: "TaskTimedOut" });
  await test_.sfn.send(new SendTaskSuccessCommand({ taskToken: tokens[1], output: "2" }));
  await test_.clock.sleep(seconds(1));
  expect(JSON.parse((await describeIt(executionArn)).output!)).toEqual({ n: 7, got: 2 });
}));

test("the execution's own time-out begins anew", () => test_.run(async () => {
  const executionArn = await start({ TimeoutSeconds: 10, StartAt: "W", States: { W: { Type: "Wait", Seconds: 100, End: true } } });
  await test_.clock.sleep(seconds(50));
  expect((await describeIt(executionArn)).status).toBe("TIMED_OUT");
  await redrive(executionArn);
  await test_.clock.sleep(seconds(9));
  expect((await describeIt(executionArn)).status).toBe("RUNNING");
  await test_.clock.sleep(seconds(2));
  expect((await describeIt(executionArn)).status).toBe("TIMED_OUT");
}));

test("is refused for what runs or has succeeded, after 14 days, and is idempotent by its token for 15 minutes", () => test_.run(async () => {
  const running = await start({ StartAt: "W", States: { W: { Type: "Wait", Seconds: 100, End: true } } });
  await expect(redrive(running)).rejects.toMatchObject({ name: "ExecutionNotRedrivable", message: "Execution is RUNNING and cannot be redriven" });
  await test_.clock.sleep(seconds(200));
  await expect(redrive(running)).rejects.toMatchObject({ name: "ExecutionNotRedrivable", message: "Execution is SUCCEEDED and cannot be redriven" });
  const failed = await start({ StartAt: "F", States: { F: { Type: "Fail" } } });
  await test_.clock.sleep(seconds(1));
  const { redriveDate } = await redrive(failed, "token");
  await test_.clock.sleep(seconds(60));
  expect((await redrive(failed, "token")).redriveDate).toEqual(redriveDate);
  expect((await describeIt(failed)).redriveCount).toBe(1);
  await test_.clock.sleep(seconds(15 * 60));
  await redrive(failed, "token");
  expect((await describeIt(failed)).redriveCount).toBe(2);
  await test_.clock.sleep(seconds(15 * 24 * 3600));
  await expect(redrive(failed)).rejects.toMatchObject({ name: "ExecutionNotRedrivable", message: "Execution redrivable period exceeded" });
  await expect(redrive(`${failed}x`)).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
}));

test("is listed, published and told to boto3", () => test_.run(async () => {
  const events: ServiceEvent[] = [];
  const publish = test_.region.publish;
  (test_.region as { publish: typeof publish }).publish = (event) => { events.push(event); publish(event); };
  const stateMachineArn = await test_.create({ StartAt: "F", States: { F: { Type: "Fail" } } });
  const { executionArn } = await test_.sfn.send(new StartExecutionCommand({ stateMachineArn, name: "one" }));
  await test_.sfn.send(new StartExecutionCommand({ stateMachineArn, name: "two" }));
  await test_.clock.sleep(seconds(1));
  await redrive(executionArn!);
  await test_.clock.sleep(seconds(1));
  const names = async (redriveFilter?: "REDRIVEN" | "NOT_REDRIVEN") => (await test_.sfn.send(new ListExecutionsCommand({ stateMachineArn, redriveFilter }))).executions!.map(({ name }) => name);
  expect([await names("REDRIVEN"), await names("NOT_REDRIVEN"), await names()]).toEqual([["one"], ["two"], ["two", "one"]]);
  expect(events.filter(({ detail }) => detail["name"] === "one").map(({ detail }) => [detail["status"], detail["redriveCount"]])).toEqual([["RUNNING", 0], ["FAILED", 0], ["RUNNING", 1], ["FAILED", 1]]);
  expect(await boto3(test_.region, `
s = client("stepfunctions")
arn = ${JSON.stringify(executionArn)}
before = s.describe_execution(executionArn=arn)["redriveCount"]
date = str(s.redrive_execution(executionArn=arn)["redriveDate"])
result = [before, date[:19], s.describe_execution(executionArn=arn)["redriveCount"], refused(s.redrive_execution, executionArn=arn)]
`)).toEqual([1, "2026-01-01 00:00:02", 2, ["ExecutionNotRedrivable", 400, "Execution is RUNNING and cannot be redriven"]]);
}));
