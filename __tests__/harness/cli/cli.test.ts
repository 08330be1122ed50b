/** The command line as a process: what it prints, and how it ends. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "spotproof-cli-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (...given: string[]) => spawnSync(process.execPath, ["-r", "./harness/register.js", "harness/cli.ts", ...given], { cwd: PROJECT, encoding: "utf8", env: { ...process.env, CI: "1" } });
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test("--list shows every scenario with what it proves, and exits 0", () => {
  const { status, stdout, stderr } = cli("--list");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("uninterrupted\n    Nothing happens to the job.");
  expect(stdout).toContain("runs: vanished-after-commit/1 vanished-after-commit/2");
});

test("--help exits 0", () => expect(cli("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("Usage: npm run scenario --") }));

test.each([
  ["an unknown scenario", ["uninterupted"], 'error: There is no scenario named "uninterupted"; did you mean "uninterrupted"?'],
  ["an unknown run", ["vanished-after-commit/9"], 'error: The scenario vanished-after-commit has no run "vanished-after-commit/9".'],
  ["a file that is not there", ["nope.yaml"], "error: The scenario file nope.yaml does not exist."],
  ["an unknown flag", ["--sed", "3"], 'error: There is no flag --sed; did you mean "--seed"?'],
  ["outputs that are not there", ["--target", "aws", "--outputs", "nope.json"], "error: The outputs in nope.json cannot be read"],
])("%s is one message and exit 2", (_, given, message) => {
  const { status, stdout, stderr } = cli(...given);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.split("\n")[0]).toContain(message);
  expect(stderr).not.toMatch(/\n {4}at /);
});

test("a scenario file that is refused is named with line and column, and nothing is started", () => {
  const path = file("bad.yaml", "name: bad\ndescription: d\nfaults:\n  - kind: explode\n    at: {percent: 3}\n");
  const { status, stdout, stderr } = cli(path);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("bad.yaml:4:11: faults[0].kind: \"explode\"; allowed: interrupt");
});

test("a name that the project uses already is refused with both files", () => {
  const path = file("double.yaml", "name: uninterrupted\ndescription: d\n");
  const { status, stderr } = cli(path);
  expect(status).toBe(2);
  expect(stderr).toMatch(/The scenario name "uninterrupted" is used twice: in harness\/scenarios\/uninterrupted.yaml and in .*double.yaml/);
});

test.each(["/proc/nothing-here", "/proc"])("--out %s, where nothing can be written, is one message before anything runs", (out) => {
  const { status, stdout, stderr } = cli("uninterrupted", "--out", out);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^error: --out \S+: nothing can be written there \(E[A-Z]+\)\.\n/);
});

test("a folder that cannot be made is one message", () => {
  const { status, stderr } = cli("uninterrupted", "--out", join(file("taken", ""), "below"));
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error: --out .*: nothing can be written there \(ENOTDIR\)\./);
});
