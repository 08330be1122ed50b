import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packProgram } from "../../../harness/targets/artifact";

it("packs a program with the default workload beside it, for any tar, with the same bytes each time", () => {
  const folder = mkdtempSync(join(tmpdir(), "artifact-"));
  try {
    const packed = packProgram("misbehaving");
    expect(Buffer.from(packProgram("misbehaving")).equals(Buffer.from(packed))).toBe(true);
    writeFileSync(join(folder, "a.tar.gz"), packed);
    expect(execFileSync("tar", ["-tzf", join(folder, "a.tar.gz")], { encoding: "utf8" }).trim().split("\n")).toEqual(["idle.py", "misbehave.py", "run.sh", "workload.py"]);
    execFileSync("tar", ["-xzf", "a.tar.gz"], { cwd: folder });
    expect(readFileSync(join(folder, "workload.py"), "utf8")).toBe(readFileSync(join(__dirname, "..", "..", "..", "userdata", "workload", "workload.py"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("names the programs that there are", () => {
  expect(() => packProgram("no-such")).toThrow(/^There is no program no-such in .*programs\.$/);
});
