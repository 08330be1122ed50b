/** The region command as a process: what it prints, how it is used, and how it ends. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlive, treeOf } from "../../../harness/region/guest/proc";
import { synthesized } from "../../../harness/targets/synth";
import { begin, COMMAND, PROJECT } from "./running";

const folder = mkdtempSync(join(tmpdir(), "serve-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const once = (...given: string[]) => spawnSync(process.execPath, [...COMMAND, ...given], { cwd: PROJECT, encoding: "utf8" });

test("a wrong flag, and a folder without stacks, are one message and exit 2", () => {
  expect(once("--clok", "real")).toMatchObject({ status: 2, stdout: "", stderr: 'error: There is no flag --clok; did you mean "--clock"?\n--help shows all of them.\n' });
  expect(once("--load", folder)).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(/^error: --load .*: there is no cdk\.tf\.json in it or in its stacks\.\nnpm run synth makes cdktf\.out\.\n$/) });
});

test("a port in use is one message and exit 2", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  expect(once("--port", String(port))).toMatchObject({ status: 2, stdout: "", stderr: `error: Port ${port} on 127.0.0.1 is in use.\nGive another with --port, or 0 for any free one.\n` });
  other.close();
});

test("it prints what to export and the stacks' outputs, shows calls, and Ctrl-C during a job ends everything", async () => {
  const outputs = join(folder, "outputs.json");
  const { child, output, environment, ended, temporary } = await begin(folder, "--load", await synthesized(PROJECT), "--outputs", outputs);
  expect(environment).toEqual({ AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "us-east-1" });
  const { state_machine_arn: stateMachineArn } = JSON.parse(readFileSync(outputs, "utf8")) as { state_machine_arn: string };
  expect(output()).toContain(`job.state_machine_arn = ${stateMachineArn}\n`);
  const program = `import boto3; boto3.client("stepfunctions").start_execution(stateMachineArn=${JSON.stringify(stateMachineArn)}, input='{"durationMinutes": 600, "checkpointMinutes": 10}')`;
  expect(spawnSync("python3", ["-c", program], { env: { PATH: process.env["PATH"], ...environment }, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  while (!/spotproof-instance\/i-\w+ {2}dynamodb:UpdateItem {2}ok/.test(output())) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(output()).toMatch(/\ninterrupted: everything is closed\n$/);
  expect(readdirSync(temporary)).toEqual([]);
});

test("killed, it leaves no process of an instance behind", async () => {
  const { child, output, environment, ended } = await begin(folder, "--load", await synthesized(PROJECT));
  const stateMachineArn = /job\.state_machine_arn = (.*)/.exec(output())![1]!;
  await fetch(environment["AWS_ENDPOINT_URL"]!, {
    method: "POST", body: JSON.stringify({ stateMachineArn, input: '{"durationMinutes": 600, "checkpointMinutes": 10}' }),
    headers: { "x-amz-target": "AWSStepFunctions.StartExecution", authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0" },
  });
  while (!/spotproof-instance\/i-\w+ {2}dynamodb:UpdateItem/.test(output())) await new Promise((resolve) => setTimeout(resolve, 20));
  const below = treeOf([child.pid!]).filter((pid) => pid !== child.pid);
  expect(below.length).toBeGreaterThan(1);
  child.kill("SIGKILL");
  await ended;
  while (below.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
});
