/** The execution log, as the state machine's logging configuration asks for it. */
import { seconds } from "../../../../../harness/time/clock";
import { ROLE, startSfn, type SfnTest } from "./support";

let test: SfnTest;
beforeEach(async () => { test = await startSfn(); });
afterEach(() => test.region.close());

const call = (service: string, operation: string, input: object): Promise<any> => test.region.call(test.region.admin, service, operation, input); // eslint-disable-line @typescript-eslint/no-explicit-any
const GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/log:*";
const DEFINITION = JSON.stringify({ StartAt: "P", States: { P: { Type: "Pass", Next: "F" }, F: { Type: "Fail", Error: "E" } } });

const logged = (level: string, includeExecutionData: boolean): Promise<{ type: string; details: object }[]> => test.run(async () => {
  await call("cloudwatch-logs", "CreateLogGroup", { logGroupName: "/log" });
  const loggingConfiguration = { level, includeExecutionData, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: GROUP } }] };
  const { stateMachineArn } = await call("sfn", "CreateStateMachine", { name: "m", definition: DEFINITION, roleArn: ROLE, loggingConfiguration });
  await call("sfn", "StartExecution", { stateMachineArn, name: "run", input: "{\"a\":1}" });
  await test.clock.sleep(seconds(5));
  const { events } = await call("cloudwatch-logs", "FilterLogEvents", { logGroupName: "/log" });
  return (events as { message: string }[]).map(({ message }) => JSON.parse(message) as { type: string; details: object });
});

it("has every event, with its data", async () => {
  const records = await logged("ALL", true);
  expect(records.map(({ type }) => type)).toEqual(["ExecutionStarted", "PassStateEntered", "PassStateExited", "FailStateEntered", "ExecutionFailed"]);
  expect(records[1]).toEqual({
    id: "2", type: "PassStateEntered", details: { name: "P", input: "{\"a\":1}", inputDetails: { truncated: false } }, redrive_count: "0", previous_event_id: "0",
    event_timestamp: String(Date.parse("2026-01-01T00:00:00Z")), execution_arn: "arn:aws:states:us-east-1:123456789012:execution:m:run",
  });
});

it.each([["ERROR", ["FailStateEntered", "ExecutionFailed"]], ["FATAL", ["ExecutionFailed"]], ["OFF", []]])("at level %s has %j", async (level, types) => {
  expect((await logged(level, true)).map(({ type }) => type)).toEqual(types);
});

it("leaves data out where it is to be left out", async () => {
  expect((await logged("ALL", false))[1]?.details).toEqual({ name: "P" });
});
