import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../harness/model/errors";
import { synthesized, synthesizedFor, synthKey } from "../../../harness/targets/synth";

/** A project whose synth is a few lines: it copies a stack, and counts how often it ran. */
const MAIN = `
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
appendFileSync("runs", "x");
if (process.env.SPOTPROOF_BROKEN) { process.stderr.write("spotproof: cannot synthesize:\\nheartbeatSeconds: 3 is not allowed\\n"); process.exit(2); }
const folder = process.env.CDKTF_OUTDIR + "/stacks/job";
mkdirSync(folder, { recursive: true });
writeFileSync(folder + "/cdk.tf.json", readFileSync("stacks/job.json"));
`;
let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "spotproof-synth-test-"));
  for (const folder of ["stacks", "userdata/tests", "harness"]) mkdirSync(join(project, folder), { recursive: true });
  writeFileSync(join(project, "main.ts"), MAIN);
  writeFileSync(join(project, "harness/register.js"), "");
  writeFileSync(join(project, "stacks/job.json"), "{}");
  writeFileSync(join(project, "userdata/agent.py"), "pass");
  writeFileSync(join(project, "userdata/tests/test_agent.py"), "pass");
});
afterEach(() => rmSync(project, { recursive: true, force: true }));
const runs = (): number => (existsSync(join(project, "runs")) ? readFileSync(join(project, "runs"), "utf8").length : 0);

test("the same inputs are synthesized once", async () => {
  const folder = await synthesized(project, process.env);
  expect(readFileSync(join(folder, "stacks/job/cdk.tf.json"), "utf8")).toBe("{}");
  expect(await synthesized(project, process.env)).toBe(folder);
  expect(runs()).toBe(1);
});

test("a changed input is noticed, a changed test is not", async () => {
  const before = await synthesized(project, process.env);
  writeFileSync(join(project, "userdata/tests/test_agent.py"), "fail");
  expect(await synthesized(project, process.env)).toBe(before);
  writeFileSync(join(project, "userdata/agent.py"), "changed");
  expect(await synthesized(project, process.env)).not.toBe(before);
  expect(runs()).toBe(2);
});

test.each([["a knob in the environment", { SPOTPROOF_NAME: "other" }, false], ["anything else in the environment", { HOME: "/elsewhere" }, true]])("%s: %j", (_, changes, same) => {
  expect(synthKey(project, { ...process.env, ...changes }) === synthKey(project, process.env)).toBe(same);
});

test("what synth refuses is shown as it is, and leaves nothing", async () => {
  const refused = synthesized(project, { ...process.env, SPOTPROOF_BROKEN: "1" });
  await expect(refused).rejects.toBeInstanceOf(UsageError);
  await expect(refused).rejects.toThrow("spotproof: cannot synthesize:\nheartbeatSeconds: 3 is not allowed");
  expect(readdirSync(join(project, ".cache/synth"))).toEqual([]);
});

test("each run has the deployment that its knobs ask for, each set of knobs synthesized once", async () => {
  writeFileSync(join(project, "main.ts"), MAIN.replace('readFileSync("stacks/job.json")', 'JSON.stringify([process.env.SPOTPROOF_SPOT_MAX_PRICE, process.env.SPOTPROOF_ROOT_VOLUME_GIB, process.env.SPOTPROOF_ZONES])'));
  const knobs = { spotMaxPrice: 0.05, rootVolumeGiB: 9, zones: ["a", "b"] };
  const folders = await synthesizedFor(project, [{ file: "1" }, { file: "2", knobs }, { file: "3" }, { file: "4", knobs: { ...knobs } }], {});
  expect(folders.map((folder) => JSON.parse(readFileSync(join(folder, "stacks/job/cdk.tf.json"), "utf8")))).toEqual([[null, null, null], ["0.05", "9", "a,b"], [null, null, null], ["0.05", "9", "a,b"]]);
  expect(runs()).toBe(2);
  await expect(synthesizedFor(project, [{ file: "s.yaml", knobs: { broken: true } }], {})).rejects.toThrow("s.yaml: knobs: spotproof: cannot synthesize:\nheartbeatSeconds: 3 is not allowed");
});

test("two at once, as two command lines would, both get the output", async () => {
  const other = `${project}-other`;
  cpSync(project, other, { recursive: true });
  try {
    const [one, two] = await Promise.all([synthesized(project, process.env), synthesized(other, process.env)]);
    expect(one.split("/").at(-1)).toBe(two.split("/").at(-1));
  } finally {
    rmSync(other, { recursive: true, force: true });
  }
});

test("old outputs are removed", async () => {
  for (let i = 0; i < 42; i++) {
    writeFileSync(join(project, "userdata/agent.py"), String(i));
    await synthesized(project, process.env);
  }
  expect(readdirSync(join(project, ".cache/synth"))).toHaveLength(40);
});
