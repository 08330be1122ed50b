/** Aliases of state machines, machines that are being deleted, and requests that do not keep to the API model. */
import {
  CreateStateMachineAliasCommand, CreateStateMachineCommand, DeleteStateMachineAliasCommand, DeleteStateMachineCommand, DeleteStateMachineVersionCommand, DescribeExecutionCommand, DescribeStateMachineAliasCommand,
  DescribeStateMachineCommand, ListExecutionsCommand, ListStateMachineAliasesCommand, ListStateMachinesCommand, PublishStateMachineVersionCommand, StartExecutionCommand, StartSyncExecutionCommand,
  UpdateStateMachineAliasCommand, UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { seconds } from "../../../../../harness/time/clock";
import { boto3 } from "../../support/region";
import { ROLE, startSfn, type SfnTest } from "./support";

let test_: SfnTest;
beforeEach(async () => { test_ = await startSfn(); });
afterEach(() => test_.region.close());

const pass = (value: string): object => ({ StartAt: "P", States: { P: { Type: "Pass", Result: value, End: true } } });
/** A machine with two versions that answer "one" and "two". */
async function twoVersions(): Promise<{ arn: string; one: string; two: string }> {
  const arn = await test_.create(pass("one"));
  await test_.sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn: arn }));
  await test_.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: arn, definition: JSON.stringify(pass("two")), publish: true }));
  return { arn, one: `${arn}:1`, two: `${arn}:2` };
}
const route = (stateMachineVersionArn: string, weight: number) => ({ stateMachineVersionArn, weight });

describe("an alias", () => {
  test("stands for a version: it is created once, updated, listed and deleted", async () => {
    const { arn, one, two } = await twoVersions();
    const input = { name: "live", description: "d", routingConfiguration: [route(one, 100)] };
    const { stateMachineAliasArn } = await test_.sfn.send(new CreateStateMachineAliasCommand(input));
    expect(stateMachineAliasArn).toBe(`${arn}:live`);
    await test_.sfn.send(new CreateStateMachineAliasCommand(input));
    await expect(test_.sfn.send(new CreateStateMachineAliasCommand({ ...input, description: "other" }))).rejects.toMatchObject({
      name: "ConflictException", message: "Failed to create alias because an alias with the same name and a different routing configuration already exists.",
    });
    await test_.sfn.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration: [route(one, 40), route(two, 60)] }));
    expect(await test_.sfn.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn }))).toMatchObject({ name: "live", description: "d", routingConfiguration: [route(one, 40), route(two, 60)], creationDate: expect.any(Date), updateDate: expect.any(Date) });
    await test_.sfn.send(new CreateStateMachineAliasCommand({ name: "next", routingConfiguration: [route(two, 100)] }));
    const listed = async (stateMachineArn: string) => (await test_.sfn.send(new ListStateMachineAliasesCommand({ stateMachineArn }))).stateMachineAliases!.map((alias) => alias.stateMachineAliasArn);
    expect([await listed(arn), await listed(one)]).toEqual([[`${arn}:live`, `${arn}:next`], [`${arn}:live`]]);
    await expect(test_.sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: two }))).rejects.toMatchObject({
      name: "ConflictException", message: "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [live, next]",
    });
    await test_.sfn.send(new DeleteStateMachineAliasCommand({ stateMachineAliasArn }));
    await test_.sfn.send(new DeleteStateMachineAliasCommand({ stateMachineAliasArn }));
    expect(await listed(arn)).toEqual([`${arn}:next`]);
    for (const call of [new DescribeStateMachineAliasCommand({ stateMachineAliasArn }), new UpdateStateMachineAliasCommand({ stateMachineAliasArn, description: "x" })]) {
      await expect(test_.sfn.send(call as never)).rejects.toMatchObject({ name: "ResourceNotFound", message: "Request references a resource that does not exist." });
    }
  });

  test("routes executions by weight, the same ones in every run", async () => {
    const { arn, one, two } = await twoVersions();
    const { stateMachineAliasArn } = await test_.sfn.send(new CreateStateMachineAliasCommand({ name: "live", routingConfiguration: [route(one, 20), route(two, 80)] }));
    await test_.run(async () => {
      for (let index = 0; index < 100; index++) await test_.sfn.send(new StartExecutionCommand({ stateMachineArn: stateMachineAliasArn, name: `run-${index}` }));
      await test_.clock.sleep(seconds(1));
      const described = await test_.sfn.send(new DescribeExecutionCommand({ executionArn: `${arn.replace("stateMachine", "execution")}:run-0` }));
      expect(described).toMatchObject({ stateMachineArn: arn, stateMachineAliasArn });
      expect(described.output).toBe(described.stateMachineVersionArn === one ? '"one"' : '"two"');
      const { executions = [] } = await test_.sfn.send(new ListExecutionsCommand({ stateMachineArn: stateMachineAliasArn, maxResults: 1000 }));
      const through = executions.filter((execution) => execution.stateMachineVersionArn === one).length;
      expect([executions.length, through > 8 && through < 35]).toEqual([100, true]);
    });
  });

  test.each<[string, (arns: { arn: string; one: string; two: string }) => object, string | RegExp]>([
    ["a number", ({ one }) => ({ name: "123", routingConfiguration: [route(one, 100)] }), "1 validation error detected: Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$"],
    ["a long name", ({ one }) => ({ name: "A".repeat(81), routingConfiguration: [route(one, 100)] }), `1 validation error detected: Value '${"A".repeat(81)}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80`],
    ["the machine itself", ({ arn }) => ({ name: "a", routingConfiguration: [route(arn, 100)] }), /^Routing configuration must contain state machine version ARNs. Received: \[arn:.*machine-1\]$/],
    ["one version twice", ({ one }) => ({ name: "a", routingConfiguration: [route(one, 50), route(one, 50)] }), /^Routing configuration must contain distinct state machine version ARNs. Received: \[arn:.*:1, arn:.*:1\]$/],
    ["weights that are not 100", ({ one, two }) => ({ name: "a", routingConfiguration: [route(one, 70), route(two, 31)] }), "Sum of routing configuration weights must equal 100. Received: [70, 31]"],
    ["a weight above 100", ({ one }) => ({ name: "a", routingConfiguration: [route(one, 101)] }), "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100"],
    ["three versions", ({ one, two }) => ({ name: "a", routingConfiguration: [route(one, 50), route(two, 30), route(`${two}0`, 20)] }), /^1 validation error detected: Value '\[RoutingConfigurationListItem\(stateMachineVersionArn=arn:.*:1, weight=50\), .*\]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2$/],
  ])("is refused for %s", async (_name, input, message) => {
    const arns = await twoVersions();
    await expect(test_.sfn.send(new CreateStateMachineAliasCommand(input(arns) as never))).rejects.toMatchObject({ name: "ValidationException", message: typeof message === "string" ? message : expect.stringMatching(message) });
  });
});

test("a machine with executions that run is DELETING until each has come to its next transition", () => test_.run(async () => {
  const definition = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 100, Next: "P" }, P: { Type: "Pass", End: true } } };
  const stateMachineArn = await test_.create(definition);
  const { executionArn } = await test_.sfn.send(new StartExecutionCommand({ stateMachineArn, name: "run" }));
  await test_.clock.sleep(seconds(10));
  await test_.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
  expect(await test_.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({ status: "DELETING" });
  const deleting = { name: "StateMachineDeleting", message: `State Machine is Deleting: '${stateMachineArn}'` };
  await expect(test_.sfn.send(new StartExecutionCommand({ stateMachineArn }))).rejects.toMatchObject(deleting);
  await expect(test_.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn: ROLE }))).rejects.toMatchObject(deleting);
  await expect(test_.sfn.send(new CreateStateMachineCommand({ name: "machine-1", definition: JSON.stringify(definition), roleArn: ROLE }))).rejects.toMatchObject(deleting);
  expect((await test_.sfn.send(new DescribeExecutionCommand({ executionArn }))).status).toBe("RUNNING");
  await test_.clock.sleep(seconds(100));
  expect(await test_.sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: "ABORTED", stopDate: new Date("2026-01-01T00:01:40Z") });
  await expect(test_.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
}));

test.each<[string, object, string]>([
  ["statusFilter", { statusFilter: "succeeded" }, "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]"],
  ["maxResults", { maxResults: 1001 }, "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000"],
  ["nextToken", { nextToken: "x".repeat(3097) }, `1 validation error detected: Value '${"x".repeat(3097)}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 3096`],
  ["mapRunArn", { mapRunArn: "arn:aws:states:us-east-1:123456789012:mapRun:m/x:y" }, "Must specify exactly one of State Machine ARN and Map Run ARN"],
])("ListExecutions refuses a wrong %s", async (_name, input, message) => {
  const stateMachineArn = await test_.create(pass("x"));
  await expect(test_.sfn.send(new ListExecutionsCommand({ stateMachineArn, ...input } as never))).rejects.toMatchObject({ name: "ValidationException", message });
});

test("what only express machines have is refused as AWS refuses it", async () => {
  const stateMachineArn = await test_.create(pass("x"));
  await expect(test_.sfn.send(new StartSyncExecutionCommand({ stateMachineArn }, ) as never, { requestTimeout: 1 } as never)).rejects.toMatchObject({ name: "StateMachineTypeNotSupported", message: "This operation is not supported by this type of state machine" });
  await expect(test_.sfn.send(new CreateStateMachineCommand({ name: "v", definition: JSON.stringify(pass("x")), roleArn: ROLE, versionDescription: "d" }))).rejects.toMatchObject({ name: "ValidationException", message: "Version description can only be set when publish is true" });
  await expect(test_.sfn.send(new ListStateMachinesCommand({ nextToken: "junk" }))).rejects.toMatchObject({ name: "InvalidToken", message: "Invalid Token: 'Invalid token'" });
});

test("boto3 reads aliases, too", async () => {
  const { one, two } = await twoVersions();
  expect(await boto3(test_.region, `
s = client("stepfunctions")
alias = s.create_state_machine_alias(name="live", routingConfiguration=[{"stateMachineVersionArn": ${JSON.stringify(one)}, "weight": 0}, {"stateMachineVersionArn": ${JSON.stringify(two)}, "weight": 100}])["stateMachineAliasArn"]
run = s.start_execution(stateMachineArn=alias)["executionArn"]
described = s.describe_execution(executionArn=run)
result = [described["stateMachineVersionArn"], described["stateMachineAliasArn"] == alias, s.describe_state_machine(stateMachineArn=alias)["definition"], [route["weight"] for route in s.describe_state_machine_alias(stateMachineAliasArn=alias)["routingConfiguration"]]]
`)).toEqual([two, true, JSON.stringify(pass("two")), [0, 100]]);
});
