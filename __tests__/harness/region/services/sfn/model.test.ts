/** Members' lengths as the API model has them, and what is measured of executions. */
import { CreateStateMachineCommand, RedriveExecutionCommand, SendTaskSuccessCommand, StartExecutionCommand, StopExecutionCommand, ValidateStateMachineDefinitionCommand } from "@aws-sdk/client-sfn";
import { seconds } from "../../../../../harness/time/clock";
import { boto3 } from "../../support/region";
import { ROLE, startSfn, type SfnTest } from "./support";

let test_: SfnTest;
beforeEach(async () => { test_ = await startSfn(); });
afterEach(() => test_.region.close());

const ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:m";
const machine = { name: "m", definition: "{}", roleArn: ROLE };
const long = "A".repeat(81);

test.each<[string, object, string]>([
  ["a long name", new CreateStateMachineCommand({ ...machine, name: long }), `1 validation error detected: Value '${long}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80`],
  ["an empty name", new StartExecutionCommand({ stateMachineArn: ARN, name: "" }), "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1"],
  ["an input that is too long, which is not told", new StartExecutionCommand({ stateMachineArn: ARN, input: `"${"x".repeat(262_144)}"` }), "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144"],
  ["an input that has too many bytes", new StartExecutionCommand({ stateMachineArn: ARN, input: `"${"ü".repeat(200_000)}"` }), "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144"],
  ["an output that is too long", new SendTaskSuccessCommand({ taskToken: "t", output: `"${"x".repeat(262_144)}"` }), "1 validation error detected: Value at 'output' failed to satisfy constraint: Member must have length less than or equal to 262144"],
  ["an empty definition", new ValidateStateMachineDefinitionCommand({ definition: "" }), "1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length greater than or equal to 1"],
  ["two at once", new StopExecutionCommand({ executionArn: "", error: "e".repeat(257) }), "2 validation errors detected: Value '' at 'executionArn' failed to satisfy constraint: Member must have length greater than or equal to 1; Value at 'error' failed to satisfy constraint: Member must have length less than or equal to 256"],
])("%s is refused as the API model says", async (_name, command, message) => {
  await expect(test_.sfn.send(command as never)).rejects.toMatchObject({ name: "ValidationException", message });
});

test("boto3 is told the same", async () => {
  expect(await boto3(test_.region, `result = refused(client("stepfunctions").create_state_machine, name="A" * 81, definition="{}", roleArn="${ROLE}")`))
    .toEqual(["ValidationException", 400, `1 validation error detected: Value '${long}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80`]);
});

test("executions are counted in AWS/States, with the time that they took", () => test_.run(async () => {
  const stateMachineArn = await test_.create({ StartAt: "W", States: { W: { Type: "Wait", Seconds: 5, Next: "F" }, F: { Type: "Fail" } } });
  const { executionArn } = await test_.sfn.send(new StartExecutionCommand({ stateMachineArn }));
  await test_.clock.sleep(seconds(10));
  await test_.sfn.send(new RedriveExecutionCommand({ executionArn }));
  await test_.clock.sleep(seconds(10));
  const sum = async (MetricName: string) => (await test_.region.call(test_.region.admin, "cloudwatch", "GetMetricStatistics", {
    Namespace: "AWS/States", MetricName, Dimensions: [{ Name: "StateMachineArn", Value: stateMachineArn }], StartTime: new Date("2026-01-01T00:00:00Z"), EndTime: new Date("2026-01-01T00:01:00Z"), Period: 60, Statistics: ["Sum", "Minimum"],
  })).Datapoints[0];
  expect([(await sum("ExecutionsStarted")).Sum, (await sum("ExecutionsFailed")).Sum, (await sum("ExecutionsRedriven")).Sum, (await sum("RedrivenExecutionsFailed")).Sum, (await sum("ExecutionTime")).Minimum]).toEqual([1, 2, 1, 1, 5000]);
  expect(await sum("ExecutionsSucceeded")).toBeUndefined();
}));
