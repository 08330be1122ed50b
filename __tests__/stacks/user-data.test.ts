import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { readConfig } from "../../stacks/config";
import { userDataSettings } from "../../stacks/job-stack";
import { renderUserData, USER_DATA_LIMIT_BYTES, UserDataError } from "../../stacks/user-data";

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "user-data-")); });
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const TEMPLATE = `#cloud-config
# A remark.
write_files:
  - path: /opt/a.py
    content: "@@FILE:agent/a.py@@"
  - path: /opt/b.sh
    content: "@@FILE:b.sh@@"
  - path: /etc/env
    content: |
      # kept
      TABLE=@@SETTING:TABLE@@
      COMMAND=@@SETTING:JOB_COMMAND@@
`;
const FILES = { "cloud-config.yaml": TEMPLATE, "agent/a.py": 'x = "ü"  # one\n', "b.sh": '#!/bin/sh\necho "$HOME" \\\n' };
const SETTINGS = { TABLE: "spotproof-ledger", JOB_COMMAND: "./run 'a b' $HOME" };

const render = (settings: Record<string, string> = SETTINGS): string => renderUserData(folder, settings);
function refusal(settings: Record<string, string> = SETTINGS): string {
  try {
    renderUserData(folder, settings);
  } catch (error) {
    expect(error).toBeInstanceOf(UserDataError);
    return (error as Error).message;
  }
  throw new Error("rendered");
}

it("fills files and settings into the template", () => {
  write(FILES);
  expect(render()).toMatch(/^#cloud-config\nwrite_files:/);
  expect(parse(render())).toEqual({
    write_files: [
      { path: "/opt/a.py", content: FILES["agent/a.py"] },
      { path: "/opt/b.sh", content: FILES["b.sh"] },
      { path: "/etc/env", content: "# kept\nTABLE=spotproof-ledger\nCOMMAND=./run 'a b' $HOME\n" },
    ],
  });
});

it("takes all of cloud-config from the repository, with the settings of the deployment", () => {
  const config = readConfig({ context: { jobCommand: "./job.sh", jobArtifact: "s3://bucket/job.tar.gz", onRebalance: "migrate", retryableExitCodes: [3, 4], noProgressMinutes: 10 }, contextName: "", environment: {} });
  const place = { bucket: "spotproof-agent-123456789012-us-east-1", version: "v1", sha256: "0".repeat(64) };
  const text = renderUserData(join(__dirname, "..", "..", "userdata"), userDataSettings(config, "spotproof-ledger", place));
  const document = parse(text) as { write_files: { path: string; content: string }[] };
  const environment = document.write_files.find(({ path }) => path.endsWith(".env"))!.content;
  expect(environment).toContain("SPOTPROOF_TABLE=spotproof-ledger\n");
  expect(environment).toContain("SPOTPROOF_JOB_COMMAND=./job.sh\n");
  expect(environment).toContain("SPOTPROOF_JOB_ARTIFACT=s3://bucket/job.tar.gz\n");
  expect(environment).toContain("SPOTPROOF_RETRYABLE_EXIT_CODES=3,4\nSPOTPROOF_NO_PROGRESS_SECONDS=600\nSPOTPROOF_END_WITHOUT_PROGRESS_SECONDS=\n");
  expect(environment).toContain("SPOTPROOF_ON_REBALANCE=migrate\nSPOTPROOF_TARGET_GROUP_ARN=\n");
  expect(environment).toContain("SPOTPROOF_AGENT_BUCKET=spotproof-agent-123456789012-us-east-1\nSPOTPROOF_AGENT_KEY=agent.zip\nSPOTPROOF_AGENT_VERSION=v1\n");
  expect(text).not.toContain("@@");
  expect(text.length).toBeLessThan(USER_DATA_LIMIT_BYTES / 2);
});

it("refuses more than EC2 takes, with the size of each part, the largest first", () => {
  write({ ...FILES, "agent/a.py": "#".repeat(USER_DATA_LIMIT_BYTES) });
  const message = refusal();
  expect(message).toMatch(new RegExp(`^the user data has \\d+ bytes, \\d+ more than the ${USER_DATA_LIMIT_BYTES} that EC2 takes: agent/a\\.py 1\\d{4}, b\\.sh \\d+, the template and its settings \\d+\\. Move what the loader`));
});

it("counts what references become once Terraform knows them", () => {
  const room = USER_DATA_LIMIT_BYTES - Buffer.byteLength((write(FILES), render()));
  write({ ...FILES, "b.sh": FILES["b.sh"] + "x".repeat(room - 200) });
  render();
  write({ ...FILES, "b.sh": FILES["b.sh"] + "x".repeat(room - 100) });
  expect(refusal()).toContain("more than the 16384 that EC2 takes");
});

it("refuses placeholders that name nothing", () => {
  write({ "cloud-config.yaml": '#cloud-config\na: "@@FILE:gone.py@@"\n' });
  expect(refusal()).toMatch(/cloud-config\.yaml: "@@FILE:gone\.py@@": there is no file .*gone\.py$/);
  write({ "cloud-config.yaml": '#cloud-config\na: "@@FILE:../secret@@"\n' });
  expect(refusal()).toContain("there is no file");
  write({ "cloud-config.yaml": "#cloud-config\na: @@SETTING:COLOUR@@\n" });
  expect(refusal()).toMatch(/@@SETTING:COLOUR@@: there is no such setting; settings are JOB_COMMAND, TABLE$/);
  write({ "cloud-config.yaml": "#cloud-config\na: @@SECRET:X@@\n" });
  expect(refusal()).toContain('@@SECRET:X@@: there is no such placeholder; placeholders are "@@FILE:path@@"');
  write({ "cloud-config.yaml": "#cloud-config\na: @@FILE:b.sh@@\n", "b.sh": "" });
  expect(refusal()).toContain("@@FILE:b.sh@@: there is no such placeholder");
});

it("is not misled by placeholders in what it fills in", () => {
  write({ ...FILES, "b.sh": "@@SETTING:TABLE@@ @@X:y@@\n" });
  expect(parse(render()).write_files[1].content).toBe("@@SETTING:TABLE@@ @@X:y@@\n");
});

it.each(["a\nb", "a\\b", '"a', "'a", " a", "a "])("refuses a setting that systemd would read otherwise: %j", (value) => {
  write(FILES);
  expect(refusal({ ...SETTINGS, JOB_COMMAND: value })).toContain("a setting of the user data has no line break");
});

it("says so when there is no template", () => {
  expect(refusal()).toMatch(/cloud-config\.yaml is missing/);
});
