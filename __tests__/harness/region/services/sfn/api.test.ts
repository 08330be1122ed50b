/** The API: state machines, executions, histories, waiting tasks, tags; through the SDK, and boto3 as a second decoder. */
import {
  CreateStateMachineCommand, DeleteStateMachineCommand, DescribeExecutionCommand, DescribeStateMachineCommand, DescribeStateMachineForExecutionCommand, GetExecutionHistoryCommand,
  ListExecutionsCommand, ListStateMachinesCommand, ListStateMachineVersionsCommand, ListTagsForResourceCommand, PublishStateMachineVersionCommand, SendTaskFailureCommand,
  SendTaskHeartbeatCommand, SendTaskSuccessCommand, StartExecutionCommand, StopExecutionCommand, TagResourceCommand, UntagResourceCommand, UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from "@aws-sdk/client-sfn";
import { seconds } from "../../../../../harness/time/clock";
import type { ServiceEvent } from "../../../../../harness/region/core/types";
import { boto3 } from "../../support/region";
import { ROLE, startSfn, type SfnTest } from "./support";

const PASS = { StartAt: "P", States: { P: { Type: "Pass", Result: { a: 1 }, End: true } } };
const WAIT = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 100, End: true } } };

let test: SfnTest;
beforeEach(async () => { test = await startSfn(); });
afterEach(() => test.region.close());

const text = (definition: object): string => JSON.stringify(definition);
const arnOf = (name: string): string => `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;
const start = async (definition: object, more: object = {}): Promise<string> => {
  const stateMachineArn = await test.create(definition);
  return (await test.sfn.send(new StartExecutionCommand({ stateMachineArn, ...more }))).executionArn as string;
};

describe("state machines", () => {
  it("are created once: the same again is the same, another is refused", async () => {
    const input = { name: "m", definition: text(PASS), roleArn: ROLE };
    const created = await test.sfn.send(new CreateStateMachineCommand(input));
    expect(created).toMatchObject({ stateMachineArn: arnOf("m"), creationDate: new Date("2026-01-01T00:00:00Z") });
    await expect(test.sfn.send(new CreateStateMachineCommand(input))).resolves.toMatchObject({ stateMachineArn: arnOf("m") });
    await expect(test.sfn.send(new CreateStateMachineCommand({ ...input, definition: text(WAIT) }))).rejects.toMatchObject({ name: "StateMachineAlreadyExists", message: `State Machine Already Exists: '${arnOf("m")}'` });
  });

  it("are described, updated to a new revision, listed by name and deleted", async () => {
    const stateMachineArn = await test.create(PASS);
    const described = await test.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({ name: "machine-1", status: "ACTIVE", type: "STANDARD", definition: text(PASS), roleArn: ROLE, loggingConfiguration: { level: "OFF", includeExecutionData: false }, tracingConfiguration: { enabled: false } });
    expect(described.revisionId).toBeUndefined();
    const { revisionId } = await test.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: text(WAIT) }));
    await expect(test.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: text(WAIT) }))).resolves.toMatchObject({ revisionId });
    await expect(test.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).resolves.toMatchObject({ definition: text(WAIT), revisionId });
    await test.create(PASS);
    expect((await test.sfn.send(new ListStateMachinesCommand({ maxResults: 1 }))).stateMachines).toMatchObject([{ name: "machine-1" }]);
    await test.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
    await test.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
    expect((await test.sfn.send(new ListStateMachinesCommand({}))).stateMachines).toMatchObject([{ name: "machine-2" }]);
    await expect(test.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({ name: "StateMachineDoesNotExist", message: `State Machine Does Not Exist: '${stateMachineArn}'` });
  });

  it.each<[string, object, string, string]>([
    ["a bad name", { name: "a b" }, "InvalidName", "Invalid Name: 'a b'"],
    ["a bad definition", { definition: "{\"StartAt\":\"A\"}" }, "InvalidDefinition", "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'"],
    ["a bad role", { roleArn: "role" }, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: role'"],
    ["the express type", { type: "EXPRESS" }, "StateMachineTypeNotSupported", "The embedded region does not support state machines of any type but STANDARD ('EXPRESS' was given)."],
    ["logging without a destination", { loggingConfiguration: { level: "ALL" } }, "InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination."],
  ])("are refused for %s", async (_name, fields, name, message) => {
    await expect(test.sfn.send(new CreateStateMachineCommand({ name: "m", definition: text(PASS), roleArn: ROLE, ...fields } as never))).rejects.toMatchObject({ name, message });
  });

  it("have versions that do not change", async () => {
    const stateMachineArn = await test.create(PASS);
    const { stateMachineVersionArn } = await test.sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn }));
    expect(stateMachineVersionArn).toBe(`${stateMachineArn}:1`);
    await test.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: text(WAIT), publish: true }));
    expect((await test.sfn.send(new ListStateMachineVersionsCommand({ stateMachineArn }))).stateMachineVersions?.map((version) => version.stateMachineVersionArn)).toEqual([`${stateMachineArn}:2`, `${stateMachineArn}:1`]);
    await expect(test.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: stateMachineVersionArn }))).resolves.toMatchObject({ definition: text(PASS) });
  });

  it("stay the same revision and version when an update changes nothing", async () => {
    const stateMachineArn = await test.create(PASS);
    const again = (): Promise<object> => test.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition: text(PASS), publish: true }));
    const first = await again();
    expect(first).toMatchObject({ stateMachineVersionArn: `${stateMachineArn}:1` });
    expect(first).not.toHaveProperty("revisionId");
    await expect(again()).resolves.toMatchObject({ stateMachineVersionArn: `${stateMachineArn}:1` });
  });

  it("are updated by their own ARN only", async () => {
    const stateMachineArn = await test.create(PASS);
    const { stateMachineVersionArn } = await test.sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn }));
    await expect(test.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: stateMachineVersionArn, definition: text(WAIT) }))).rejects.toMatchObject({
      name: "StateMachineDoesNotExist", message: `State Machine Does Not Exist: '${stateMachineVersionArn}'`,
    });
    await expect(test.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).resolves.toMatchObject({ definition: text(PASS) });
  });

  it("are validated without being made", async () => {
    await expect(test.sfn.send(new ValidateStateMachineDefinitionCommand({ definition: text(PASS) }))).resolves.toMatchObject({ result: "OK", diagnostics: [], truncated: false });
    await expect(test.sfn.send(new ValidateStateMachineDefinitionCommand({ definition: "{}" }))).resolves.toMatchObject({
      result: "FAIL", diagnostics: [{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message: "These fields are required: [States, StartAt]", location: "/" }],
    });
  });

  it("are validated as express ones, which wait for no token and for no end", async () => {
    const of = (resource: string): Promise<object> => test.sfn.send(new ValidateStateMachineDefinitionCommand({
      type: "EXPRESS", definition: text({ StartAt: "T", States: { T: { Type: "Task", Resource: `arn:aws:states:::states:startExecution${resource}`, Parameters: { StateMachineArn: arnOf("m") }, End: true } } }),
    }));
    const refused = (message: string): object => ({ result: "FAIL", diagnostics: [{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message, location: "/States/T/Resource" }] });
    await expect(of("")).resolves.toMatchObject({ result: "OK", diagnostics: [] });
    await expect(of(".sync:2")).resolves.toMatchObject(refused("Express state machine does not support '.sync' service integration"));
    await expect(of(".waitForTaskToken")).resolves.toMatchObject(refused("Express state machine does not support '.waitForTaskToken' service integration "));
    await expect(test.sfn.send(new ValidateStateMachineDefinitionCommand({ type: "OTHER" as never, definition: text(PASS) }))).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("and their executions are not taken for each other", async () => {
    const stateMachineArn = await test.create(PASS);
    const executionArn = stateMachineArn.replace(":stateMachine:", ":execution:");
    await expect(test.sfn.send(new StartExecutionCommand({ stateMachineArn: `${executionArn}:one` }))).rejects.toMatchObject({ name: "InvalidArn", message: "Invalid Arn: 'Resource type not valid in this context: execution'" });
    await expect(test.sfn.send(new DescribeExecutionCommand({ executionArn: stateMachineArn }))).rejects.toMatchObject({ name: "InvalidArn", message: "Invalid Arn: 'Resource type not valid in this context: stateMachine'" });
  });

  it("have tags", async () => {
    const resourceArn = await test.create(PASS);
    await test.sfn.send(new TagResourceCommand({ resourceArn, tags: [{ key: "a", value: "1" }, { key: "b", value: "2" }] }));
    await test.sfn.send(new UntagResourceCommand({ resourceArn, tagKeys: ["a"] }));
    expect((await test.sfn.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([{ key: "b", value: "2" }]);
    await expect(test.sfn.send(new ListTagsForResourceCommand({ resourceArn: arnOf("none") }))).rejects.toMatchObject({ name: "ResourceNotFound" });
  });
});

describe("executions", () => {
  it("start, run and are described", () => test.run(async () => {
    const executionArn = await start(PASS, { name: "run", input: "{\"b\": 2}" });
    expect(executionArn).toBe("arn:aws:states:us-east-1:123456789012:execution:machine-1:run");
    await test.clock.sleep(seconds(1));
    await expect(test.sfn.send(new DescribeExecutionCommand({ executionArn }))).resolves.toMatchObject({
      name: "run", status: "SUCCEEDED", input: "{\"b\": 2}", output: "{\"a\":1}", inputDetails: { included: true }, redriveCount: 0, redriveStatus: "NOT_REDRIVABLE",
    });
    await expect(test.sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn }))).resolves.toMatchObject({ definition: text(PASS), name: "machine-1" });
  }));

  it("of one name are one, while they run with the same input", () => test.run(async () => {
    const executionArn = await start(WAIT, { name: "run", input: "{}" });
    const stateMachineArn = arnOf("machine-1");
    await expect(test.sfn.send(new StartExecutionCommand({ stateMachineArn, name: "run", input: "{}" }))).resolves.toMatchObject({ executionArn });
    const again = { name: "ExecutionAlreadyExists", message: `Execution Already Exists: '${executionArn}'` };
    await expect(test.sfn.send(new StartExecutionCommand({ stateMachineArn, name: "run", input: "{\"a\":1}" }))).rejects.toMatchObject(again);
    await test.clock.sleep(seconds(200));
    await expect(test.sfn.send(new StartExecutionCommand({ stateMachineArn, name: "run", input: "{}" }))).rejects.toMatchObject(again);
    await test.clock.sleep(seconds(90 * 24 * 3600));
    await expect(test.sfn.send(new StartExecutionCommand({ stateMachineArn, name: "run", input: "{}" }))).resolves.toMatchObject({ executionArn });
  }));

  it.each<[string, object, string, string]>([
    ["no JSON", { input: "not a json" }, "InvalidExecutionInput", "Invalid State Machine Execution Input: 'Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'"],
    ["other quotes", { input: "{'not': 'json'}" }, "InvalidExecutionInput", "Invalid State Machine Execution Input: 'Unexpected character (''' (code 39)): was expecting double-quote to start field name'"],
    ["nothing", { input: "" }, "InvalidExecutionInput", "Invalid State Machine Execution Input: 'Invalid execution input.'"],
    ["a bad name", { name: "a/b" }, "InvalidName", "Invalid Name: 'a/b'"],
    ["no such machine", { stateMachineArn: arnOf("none") }, "StateMachineDoesNotExist", `State Machine Does Not Exist: '${arnOf("none")}'`],
    ["no ARN", { stateMachineArn: "nonsense" }, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: nonsense'"],
  ])("are refused for %s", async (_name, fields, name, message) => {
    const stateMachineArn = await test.create(PASS);
    await expect(test.sfn.send(new StartExecutionCommand({ stateMachineArn, ...fields }))).rejects.toMatchObject({ name, message });
  });

  it("are stopped, which changes nothing once they have ended", () => test.run(async () => {
    const executionArn = await start(WAIT);
    await test.clock.sleep(seconds(10));
    await test.sfn.send(new StopExecutionCommand({ executionArn, error: "E", cause: "c" }));
    await test.sfn.send(new StopExecutionCommand({ executionArn, error: "other" }));
    const described = await test.sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: "ABORTED", error: "E", cause: "c", stopDate: new Date("2026-01-01T00:00:10Z"), redriveStatus: "REDRIVABLE" });
    const { events } = await test.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events?.[2]).toMatchObject({ type: "ExecutionAborted", previousEventId: 0, executionAbortedEventDetails: { error: "E", cause: "c" } });
  }));

  it("are listed newest first, by status, a page at a time", () => test.run(async () => {
    const stateMachineArn = await test.create(PASS);
    for (const name of ["a", "b", "c"]) await test.sfn.send(new StartExecutionCommand({ stateMachineArn, name }));
    const page = await test.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2 }));
    const rest = await test.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken: page.nextToken }));
    expect([...page.executions ?? [], ...rest.executions ?? []].map(({ name }) => name)).toEqual(["c", "b", "a"]);
    expect(rest.nextToken).toBeUndefined();
    expect((await test.sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "FAILED" }))).executions).toEqual([]);
    await expect(test.sfn.send(new ListExecutionsCommand({ stateMachineArn, nextToken: "junk" }))).rejects.toMatchObject({ name: "InvalidToken" });
  }));

  it("tell their history forwards and backwards, in pages, with or without data", () => test.run(async () => {
    const executionArn = await start(PASS);
    await test.clock.sleep(seconds(1));
    const types = async (more: object): Promise<(string | undefined)[]> => {
      const all: (string | undefined)[] = [];
      let nextToken: string | undefined;
      do {
        const page = await test.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 3, nextToken, ...more }));
        all.push(...page.events?.map(({ type }) => type) ?? []);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return all;
    };
    const expected = ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"];
    expect(await types({})).toEqual(expected);
    expect(await types({ reverseOrder: true })).toEqual([...expected].reverse());
    const { events } = await test.sfn.send(new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }));
    expect(events?.[1]?.stateEnteredEventDetails).toEqual({ name: "P" });
    await expect(test.sfn.send(new GetExecutionHistoryCommand({ executionArn: "arn:aws:states:us-east-1:123456789012:execution:a:b" }))).rejects.toMatchObject({ name: "ExecutionDoesNotExist", message: "Execution Does Not Exist: 'arn:aws:states:us-east-1:123456789012:execution:a:b'" });
  }));

  it("publish each change of their status", () => test.run(async () => {
    const published: ServiceEvent[] = [];
    (test.region as { publish(event: ServiceEvent): void }).publish = (event) => { published.push(event); };
    const executionArn = await start(PASS, { name: "run" });
    await test.clock.sleep(seconds(1));
    expect(published.map(({ source, "detail-type": type, resources, detail }) => [source, type, resources, detail["status"]])).toEqual(["RUNNING", "SUCCEEDED"].map((status) => ["aws.states", "Step Functions Execution Status Change", [executionArn], status]));
    const began = Date.parse("2026-01-01T00:00:00Z");
    expect(published[1]?.detail).toEqual({
      executionArn, stateMachineArn: arnOf("machine-1"), name: "run", status: "SUCCEEDED", startDate: began, stopDate: began, input: "{}", inputDetails: { included: true }, output: "{\"a\":1}", outputDetails: { included: true },
      error: null, cause: null, stateMachineVersionArn: null, stateMachineAliasArn: null, redriveCount: 0, redriveDate: null, redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
    });
  }));
});

describe("waiting tasks", () => {
  /** The token is in the input of the execution that the waiting task started. */
  const startWaiting = async (): Promise<{ executionArn: string; taskToken: string }> => {
    const holder = await test.create(PASS);
    const executionArn = await start({ QueryLanguage: "JSONata", StartAt: "T", States: { T: {
      Type: "Task", Resource: "arn:aws:states:::states:startExecution.waitForTaskToken", HeartbeatSeconds: 20,
      Arguments: { StateMachineArn: holder, Input: { token: "{% $states.context.Task.Token %}" } }, End: true,
    } } });
    await test.clock.sleep(seconds(1));
    const { executions } = await test.sfn.send(new ListExecutionsCommand({ stateMachineArn: holder }));
    const { input } = await test.sfn.send(new DescribeExecutionCommand({ executionArn: executions?.[0]?.executionArn }));
    return { executionArn, taskToken: (JSON.parse(input as string) as { token: string }).token };
  };
  const described = (executionArn: string) => test.sfn.send(new DescribeExecutionCommand({ executionArn }));

  it("succeed, and are gone", () => test.run(async () => {
    const { executionArn, taskToken } = await startWaiting();
    await test.sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
    await test.sfn.send(new SendTaskSuccessCommand({ taskToken, output: "{\"done\":true}" }));
    await test.clock.sleep(seconds(1));
    await expect(described(executionArn)).resolves.toMatchObject({ status: "SUCCEEDED", output: "{\"done\":true}" });
    await expect(test.sfn.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }))).rejects.toMatchObject({ name: "TaskTimedOut", message: "Task Timed Out: 'Provided task does not exist anymore'" });
  }));

  it("fail", () => test.run(async () => {
    const { executionArn, taskToken } = await startWaiting();
    await test.sfn.send(new SendTaskFailureCommand({ taskToken, error: "JobFailed", cause: "exit 1" }));
    await test.clock.sleep(seconds(1));
    await expect(described(executionArn)).resolves.toMatchObject({ status: "FAILED", error: "JobFailed", cause: "exit 1" });
  }));

  it("time out without a heartbeat", () => test.run(async () => {
    const { executionArn, taskToken } = await startWaiting();
    await test.clock.sleep(seconds(30));
    await expect(described(executionArn)).resolves.toMatchObject({ status: "FAILED", error: "States.Timeout", stopDate: new Date("2026-01-01T00:00:20Z") });
    await expect(test.sfn.send(new SendTaskHeartbeatCommand({ taskToken }))).rejects.toMatchObject({ name: "TaskTimedOut" });
  }));

  it("are known by their token only", async () => {
    await expect(test.sfn.send(new SendTaskHeartbeatCommand({ taskToken: "nobody's" }))).rejects.toMatchObject({ name: "InvalidToken", message: "Invalid Token: 'Invalid token'" });
    await expect(test.sfn.send(new SendTaskSuccessCommand({ taskToken: "nobody's", output: "junk" }))).rejects.toMatchObject({ name: "InvalidOutput" });
  });
});

it("speaks to boto3", async () => {
  const answer = await test.run(() => boto3(test.region, [
    "sfn = client('stepfunctions')",
    `arn = sfn.create_state_machine(name='m', definition=${JSON.stringify(text(PASS))}, roleArn='${ROLE}')['stateMachineArn']`,
    "run = sfn.start_execution(stateMachineArn=arn, name='run')['executionArn']",
    "result = [arn, sfn.describe_execution(executionArn=run)['status'], [event['type'] for event in sfn.get_execution_history(executionArn=run)['events']], refused(sfn.describe_state_machine, stateMachineArn=arn + 'x')]",
  ].join("\n")));
  expect(answer).toEqual([arnOf("m"), expect.stringMatching(/RUNNING|SUCCEEDED/), expect.arrayContaining(["ExecutionStarted"]), ["StateMachineDoesNotExist", 400, `State Machine Does Not Exist: '${arnOf("mx")}'`]]);
});
