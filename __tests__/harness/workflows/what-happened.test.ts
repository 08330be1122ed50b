/** The README's query on the logs of a job that lost its machine: the very text, on the stacks as they are synthesized. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTerraform } from "../../../harness/region/load";
import { minutes, seconds } from "../../../harness/time/clock";
import { synthesize } from "../../../main";
import { startRegion, type TestRegion } from "../region/support/region";

const PROJECT = join(__dirname, "..", "..", "..");
const README = readFileSync(join(PROJECT, "README.md"), "utf8");
const QUERY = /cat > what-happened\.txt <<'END'\n([^]*?)\nEND\n/.exec(README)![1]!;
const GROUPS = /--log-group-names ([^\\]+)\\/.exec(README)![1]!.trim().split(" ");
const JOB = "nightly-42";

let folder: string;
let test_: TestRegion;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stacks-"));
  synthesize(PROJECT, {}, folder);
  test_ = await startRegion();
});
afterAll(async () => {
  test_.clock.close();
  await test_.region.close();
  rmSync(folder, { recursive: true });
});

it("tells the story of a job: launches, owners, checkpoints, the machine that went, the end", async () => {
  const { region, clock } = test_;
  const call = (service: string, operation: string, input: object) => region.call(region.admin, service, operation, input);
  const rows = await clock.run("job", async () => {
    const { outputs } = await loadTerraform(region, join(folder, "stacks", "job"));
    const start = Math.floor(clock.now() / 1e6);
    for (const [name, durationMinutes] of [[JOB, 6], ["another", 1]] as const) {
      await call("sfn", "StartExecution", { stateMachineArn: outputs["state_machine_arn"], name, input: JSON.stringify({ durationMinutes, checkpointMinutes: 2 }) });
    }
    await clock.sleep(minutes(4));
    const { Reservations } = await call("ec2", "DescribeInstances", { Filters: [{ Name: "tag:spotproof:job", Values: [JOB] }] });
    await call("ec2", "TerminateInstances", { InstanceIds: [Reservations[0].Instances[0].InstanceId] });
    await clock.sleep(minutes(8));
    const { queryId } = await call("cloudwatch-logs", "StartQuery", { logGroupNames: GROUPS, startTime: start, endTime: Math.ceil(clock.now() / 1e6), queryString: QUERY.replaceAll("JOB", JOB) });
    await clock.sleep(seconds(5));
    const { status, results } = await call("cloudwatch-logs", "GetQueryResults", { queryId });
    expect(status).toBe("Complete");
    return (results as { field: string; value: string }[][]).map((row) => Object.fromEntries(row.map(({ field, value }) => [field, value])));
  });

  const told = rows.map(({ part, launched, ownerEpoch, what, done }) => [part, launched, ownerEpoch, what, done].filter((value) => value !== undefined).join(" "));
  expect(rows.map((row) => row["@timestamp"])).toEqual(rows.map((row) => row["@timestamp"]).sort());
  const story = [
    "job ExecutionStarted", "agent 1 0 booted", "agent 1 1 took-over", "agent 1 1 fresh-start", "agent 1 1 committed 33.3333", "agent 1 1 terminate", "agent 1 1 committed", "agent 1 1 released",
    "agent 2 0 booted", "agent 2 2 took-over", "agent 2 2 restored", "agent 2 2 committed 100", "agent 2 2 released 100", "job ExecutionSucceeded",
  ];
  let at = -1;
  for (const line of story) {
    at = told.findIndex((each, index) => index > at && each.startsWith(line));
    if (at < 0) throw new Error(`${line} is missing, or comes too early:\n${told.join("\n")}`);
  }
  expect(told).toContainEqual(expect.stringMatching(/^watcher 1 /));
  expect(told).toContainEqual("watcher execution-ended");
  // Of each attempt a few lines, and none of the other job.
  expect(told.length).toBeLessThan(60);
  expect(rows.every((row) => row["what"] !== undefined && row["part"] !== undefined)).toBe(true);
}, 60_000);
