/** The real stacks, each time without one permission: the scenario fails, and says what is missing where. The whole sweep is `npm run permissions`. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseRuns } from "../../../harness/runner";
import { execute, type Executed } from "../../../harness/runner/execute";
import { releaseGuests } from "../../../harness/targets/guests";
import { removalsOf, without } from "../../../scripts/permissions/removals";
import { PROJECT, removeSynthesized, synthesized, type Synthesized } from "../../stacks/synthesized";

let stacks: Synthesized;
const folders: string[] = [];
beforeAll(() => { stacks = synthesized(PROJECT); });
afterAll(async () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  removeSynthesized();
  await releaseGuests();
});

/** Runs `uninterrupted` on stacks without that permission. */
function runWithout(stack: "job" | "faults", name: string, action: string): Promise<Executed> {
  const removal = removalsOf(stack, stacks[stack]).find((each) => each.name === name && each.action === action);
  if (!removal) throw new Error(`${name} has no ${action}`);
  const folder = mkdtempSync(join(tmpdir(), "removed-"));
  folders.push(folder);
  cpSync(join(stacks.folder, "stacks"), join(folder, "stacks"), { recursive: true });
  writeFileSync(join(folder, "stacks", stack, "cdk.tf.json"), JSON.stringify(without(stacks[stack], removal)));
  return execute(chooseRuns(["uninterrupted"])[0]!.run, { kind: "local", seed: "1", synthFolder: folder });
}

const LEDGER = "arn:aws:dynamodb:us-east-1:123456789012:table/spotproof-ledger";

it("of the state machine: the execution fails", async () => {
  const { result } = await runWithout("job", "spotproof-state-machine", "dynamodb:PutItem");
  expect(result.status).toBe("failed");
  const { detail } = result.checks.find(({ name }) => name === "permitted")!;
  expect(detail).toContain(`AccessDenied: spotproof-state-machine may not dynamodb:PutItem on ${LEDGER}`);
  expect(detail).toContain(`add to the inline policy spotproof-state-machine of role spotproof-state-machine: {"Effect":"Allow","Action":["dynamodb:PutItem"],"Resource":["${LEDGER}"]}`);
});

it("of the instance, whose own boto3 is refused: the job goes on, and the run fails all the same", async () => {
  const { result } = await runWithout("job", "spotproof-instance", "cloudwatch:PutMetricData");
  expect(result).toMatchObject({ status: "failed", percent: 100 });
  expect(result.checks.find(({ name }) => name === "permitted")).toMatchObject({ status: "fail", detail: expect.stringContaining('"Condition":{"StringEquals":{"cloudwatch:namespace":"spotproof"}}') });
});

it("of the harness itself: the run cannot be carried out", async () => {
  const { result } = await runWithout("faults", "spotproof-runner", "states:StartExecution");
  expect(result).toMatchObject({ status: "error", reason: expect.stringContaining("AccessDenied: harness may not states:StartExecution") });
  expect(result.reason).toContain("add to the managed policy arn:aws:iam::123456789012:policy/spotproof-runner of role harness: {");
});

it("for the log of the state machine: the stacks cannot even be deployed", async () => {
  const { result } = await runWithout("job", "spotproof-state-machine", "logs:CreateLogDelivery");
  expect(result).toMatchObject({ status: "error", reason: expect.stringContaining("The state machine IAM Role is not authorized to access the Log Destination") });
  expect(result.reason).toContain('add to the inline policy spotproof-state-machine of role spotproof-state-machine: {"Effect":"Allow","Action":["logs:CreateLogDelivery"],"Resource":["*"]}');
});
