/** The command line on the embedded region, whole: what it leaves behind, how it ends, what it prints. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Results } from "../../../harness/model/result";

const PROJECT = join(__dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "spotproof-whole-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** A place for temporary folders of its own, so that what is left in it was left by this test. */
const temporary = join(folder, "tmp");
mkdirSync(temporary);
/** What is ours in it. */
const left = (): string[] => readdirSync(temporary).filter((name) => name.startsWith("spotproof-"));
const ARGUMENTS = ["-r", "./harness/register.js", "harness/cli.ts"];
const OPTIONS = { cwd: PROJECT, env: { ...process.env, CI: "1", TMPDIR: temporary } };

const SHORT = "job: {durationMinutes: 1, checkpointMinutes: 0.5}\n";
const scenario = (name: string, yaml: string, job = SHORT): string => {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, `name: ${name}\ndescription: a test\n${job}${yaml}`);
  return path;
};

describe("four scenarios, one of which expects what does not happen", () => {
  const out = join(folder, "out");
  const again = join(folder, "again");
  const files = [scenario("passes", "expect: {attempts: 1}\n"), scenario("fails", "faults: [{kind: vanish, at: {percent: 40}}]\nexpect: {lostWorkSeconds: 0}\n"), // Long enough that the owner does not finish before its successor is up.
    scenario("noticed", "faults: [{kind: interrupt, at: {percent: 30}}]\nexpect: {lostWorkSeconds: 0}\n", "job: {durationMinutes: 2, checkpointMinutes: 0.5}\n"),
    scenario("cut", "faults: [{kind: network-cut, scope: s3, at: {percent: 30}, durationSeconds: 60}]\n")];
  let first: ReturnType<typeof spawnSync>;
  beforeAll(() => {
    first = spawnSync(process.execPath, [...ARGUMENTS, ...files, "--out", out, "--seed", "s"], { ...OPTIONS, encoding: "utf8" });
    spawnSync(process.execPath, [...ARGUMENTS, ...files, "--out", again, "--seed", "s", "--jobs", "1"], OPTIONS);
  }, 120_000);

  test("exit with 1", () => expect(first.status).toBe(1));
  test("have an entry each in results.json, in the order asked for", () => {
    const { scenarios } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as Results;
    expect(scenarios.map(({ name, status }) => [name, status])).toEqual([["passes", "passed"], ["fails", "failed"], ["noticed", "passed"], ["cut", "passed"]]);
    expect(scenarios[2]).toMatchObject({ percent: 100, attempts: 2, lostWorkSeconds: 0, interruptions: [{ kind: "interrupt", lostWorkSeconds: 0, pauseSeconds: expect.any(Number) }] });
    for (const { checks } of scenarios) expect(checks.length).toBeGreaterThan(4);
  });
  test("have no check that could not be known", () => {
    const { scenarios } = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as Results;
    expect(scenarios.flatMap(({ checks }) => checks.filter(({ status }) => status === "unknown"))).toEqual([]);
  });
  test("are told plainly: the check, expected and seen, the history around it, how to run it again", () => {
    const { stdout } = first as { stdout: string };
    expect(stdout).toMatch(/lost-work: expected 0 s of work lost; seen: 2\d s \(job had reached/);
    expect(stdout).toMatch(/FAULT 1: vanish of i-[0-9a-f]{17} at/);
    expect(stdout).toMatch(/run it again: npm run scenario -- \S*fails\.yaml --seed s/);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001b\r]/);
  });
  test("leave the report, junit, permissions and histories, and nothing else", () => {
    expect(readdirSync(out).sort()).toEqual(["histories", "junit.xml", "permissions.json", "report.html", "results.json"]);
    expect(readdirSync(join(out, "histories")).sort()).toEqual(["cut.json", "fails.json", "noticed.json", "passes.json"]);
    expect(left()).toEqual([]);
  });
  test("give the same history byte for byte, however many run side by side", () => {
    for (const name of ["cut", "fails", "noticed", "passes"]) expect(readFileSync(join(again, "histories", `${name}.json`), "utf8")).toBe(readFileSync(join(out, "histories", `${name}.json`), "utf8"));
  });
});

test("without Python it is one message, exit 2, and nothing is left", () => {
  const { status, stderr } = spawnSync(process.execPath, [...ARGUMENTS, "uninterrupted", "--out", join(folder, "no-python")], { ...OPTIONS, env: { ...OPTIONS.env, PATH: join(folder, "nothing") }, encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: .*python3/);
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(left()).toEqual([]);
});

test.each([["one run, in this process", 1], ["several, in workers", 2]])("Ctrl-C during %s: exit 130, no process and no temporary folder left", async (_, count) => {
  const files = Array.from({ length: count }, (__, index) => scenario(`long-${index}`, ""));
  for (const file of files) writeFileSync(file, readFileSync(file, "utf8").replace(SHORT, "job: {durationMinutes: 20000, checkpointMinutes: 60}\n"));
  const child = spawn(process.execPath, [...ARGUMENTS, ...files, "--out", join(folder, "interrupted"), "--jobs", "2"], { ...OPTIONS, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  // Its folder is there once the region runs.
  while (left().length < count && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 100));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  process.kill(-child.pid!, "SIGINT");
  expect(await ended).toBe(130);
  expect(said).toContain("interrupted: everything is closed");
  expect(left()).toEqual([]);
  expect(() => process.kill(-child.pid!, 0)).toThrow();
  expect(existsSync(join(folder, "interrupted", "results.json"))).toBe(false);
}, 60_000);
