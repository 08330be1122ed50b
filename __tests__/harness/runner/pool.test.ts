/** Runs over worker processes, with a worker that only pretends. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScenarioRun } from "../../../harness/model/scenario";
import { parseScenario } from "../../../harness/model/scenario-file";
import { Interrupted } from "../../../harness/model/errors";
import { canonicalJson, rerunCommand, runAll, type TargetSpec } from "../../../harness/runner/index";
import { refusalOf } from "../../../harness/runner/collect";

const folder = mkdtempSync(join(tmpdir(), "spotproof-pool-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const spec: TargetSpec = { kind: "local", seed: "1", synthFolder: "nowhere" };
const run = (name: string, minutes = 6): ScenarioRun => parseScenario(`name: ${name}\ndescription: d\njob: {durationMinutes: ${minutes}}\n`, `harness/scenarios/${name}.yaml`)[0]!;

/** Answers by the run's name: done, dead, refused, or nothing until it is stopped. */
const WORKER = `
process.on("SIGINT", () => {});
process.on("message", (message) => {
  if (message.type === "stop") process.exit(130);
  const { id } = message.run;
  if (id.startsWith("dies")) { console.error("out of luck"); process.exit(7); }
  if (id.startsWith("refused")) return process.send({ type: "usage", message: "no python3", hint: "install it" });
  if (id.startsWith("hangs")) return process.send({ type: "progress", progress: { id, percent: 1, attempt: 1, virtualSeconds: 1, state: "working" } });
  process.send({ type: "done", executed: { result: { name: id, status: "passed", pid: process.pid } } });
});`;
const workerEntry = join(folder, "worker.js");
beforeAll(() => writeFileSync(workerEntry, WORKER));

test("results come in the order asked for, from as many processes as allowed", async () => {
  const started: string[] = [];
  const runs = [run("a"), run("b", 600), run("c"), run("d")];
  const results = await runAll(runs, { spec, jobs: 2, workerEntry, onStart: ({ id }) => void started.push(id) });
  expect(results.map(({ result }) => result.name)).toEqual(["a", "b", "c", "d"]);
  expect(started[0]).toBe("b");
  const pids = new Set(results.map(({ result }) => (result as unknown as { pid: number }).pid));
  expect(pids.size).toBeLessThanOrEqual(2);
  expect(pids.has(process.pid)).toBe(false);
});

test("a worker that dies is an error of its run, with its output; the others go on", async () => {
  const results = await runAll([run("a"), run("dies"), run("b")], { spec, jobs: 1, workerEntry });
  expect(results.map(({ result }) => result.status)).toEqual(["passed", "error", "passed"]);
  expect(results[1]!.result).toMatchObject({ reason: expect.stringMatching(/ended with code 7. Its output:\nout of luck/), rerun: "npm run scenario -- dies --seed 1" });
});

test("what the user can mend ends everything with that one message", async () => {
  await expect(runAll([run("a"), run("refused"), run("hangs")], { spec, jobs: 3, workerEntry })).rejects.toMatchObject({ name: "UsageError", message: "no python3", hint: "install it" });
});

test("an interruption ends every worker and rejects", async () => {
  const interruption = new AbortController();
  const running = runAll([run("hangs-one"), run("hangs-two")], { spec, jobs: 2, workerEntry, signal: interruption.signal, onProgress: () => interruption.abort() });
  await expect(running).rejects.toBeInstanceOf(Interrupted);
});

test("histories are written with their keys in order", () => expect(canonicalJson({ b: 1, a: [{ d: 1, c: undefined }] })).toBe('{\n "a": [\n  {\n   "d": 1\n  }\n ],\n "b": 1\n}'));

test("the command that runs it again names a file where the scenario is not the project's own", () => {
  const own = parseScenario("name: x\ndescription: d\n", "my scenarios/x.yaml")[0]!;
  expect(rerunCommand({ run: own, target: "local", seed: "9" })).toBe("npm run scenario -- 'my scenarios/x.yaml' --seed 9");
  expect(rerunCommand({ run: run("a"), target: "aws", seed: "9" })).toBe("npm run scenario -- a --target aws");
});

describe("a launch that gave no instance", () => {
  const succeeded = (output: object) => ({ timestamp: undefined, type: undefined, id: 1, taskSucceededEventDetails: { resourceType: "aws-sdk:ec2", resource: "createFleet", output: JSON.stringify(output) } });
  test("is told by its errors", () => expect(refusalOf(succeeded({ Instances: [], Errors: [{ ErrorCode: "InsufficientInstanceCapacity", ErrorMessage: "none" }] }))).toEqual({ code: "InsufficientInstanceCapacity", message: "none" }));
  test("is none when there is an instance beside them", () => expect(refusalOf(succeeded({ Instances: [{}], Errors: [{ ErrorCode: "X" }] }))).toBeUndefined());
  test("is told by an exception", () => expect(refusalOf({ timestamp: undefined, type: undefined, id: 1, taskFailedEventDetails: { resourceType: "aws-sdk:ec2", resource: "createFleet", error: "Ec2.X", cause: "why" } })).toEqual({ code: "Ec2.X", message: "why" }));
});
