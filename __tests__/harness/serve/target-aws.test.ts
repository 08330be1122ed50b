/**
 * The harness's own AWS target against the region in another process, on a clock that passes by itself: the nearest thing to AWS that
 * runs without an account. The whole suite takes longer: docs/region.md has the command.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Results } from "../../../harness/model/result";
import { endpointPace } from "../../../harness/targets/endpoint-clock";
import { synthesized } from "../../../harness/targets/synth";
import { begin, PROJECT, type Running } from "./running";

/** So fast that a job of six minutes takes a minute and a half with its interruption, and so slow that a busy machine does not make an instance late. */
const SCALE = 6;
const folder = mkdtempSync(join(tmpdir(), "serve-aws-test-"));
const outputs = join(folder, "outputs.json");
let server: Running;
beforeAll(async () => {
  server = await begin(folder, "--clock", `scaled=${SCALE}`, "--quiet", "--load", await synthesized(PROJECT), "--outputs", outputs);
});
afterAll(async () => {
  server.child.kill("SIGTERM");
  await server.ended;
  rmSync(folder, { recursive: true, force: true });
});

function scenario(...given: string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, ["-r", "./harness/register.js", "harness/cli.ts", ...given, "--target", "aws", "--yes", "--outputs", outputs, "--out", join(folder, "out")], { cwd: PROJECT, env: { ...process.env, ...server.environment, CI: "1" } });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (printed += data.toString()));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, printed })));
}

test("scenarios of the suite pass, by notice and without a signal", async () => {
  const { code, printed } = await scenario("interrupted-with-notice", "vanished-during-save/2", "--jobs", "2");
  expect({ code, printed: code === 0 ? "" : printed }).toEqual({ code: 0, printed: "" });
  const { scenarios } = JSON.parse(readFileSync(join(folder, "out", "results.json"), "utf8")) as Results;
  expect(scenarios.map(({ name, status, percent }) => [name, status, percent])).toEqual([["interrupted-with-notice", "passed", 100], ["vanished-during-save/2", "passed", 100]]);
  expect(scenarios.flatMap(({ checks }) => checks.filter(({ status }) => status === "unknown"))).toEqual([]);
}, 240_000);

test("what only the embedded region can inject is unsupported, by name", async () => {
  const { code, printed } = await scenario("rebalance-alone");
  expect(code).toBe(2);
  expect(printed).toContain("error: rebalance-alone cannot run: the target aws cannot inject rebalance");
}, 60_000);

test("its pace is what the endpoint says; an endpoint that says nothing keeps the system's time; virtual time cannot be followed", async () => {
  expect(await endpointPace(server.environment)).toEqual({ scale: SCALE, startMicroseconds: expect.any(Number) });
  expect(await endpointPace({})).toEqual({});
  expect(await endpointPace({ AWS_ENDPOINT_URL: "http://127.0.0.1:1" })).toEqual({});
  const virtual = await begin(folder);
  await expect(endpointPace(virtual.environment)).rejects.toMatchObject({ name: "UsageError", message: expect.stringContaining("is on virtual time"), hint: expect.stringContaining("--clock scaled=30") });
  virtual.child.kill("SIGTERM");
  await virtual.ended;
});
