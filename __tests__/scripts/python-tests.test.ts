import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePython, pythonTrouble } from "../../scripts/python-tests";

describe("the Python that runs the Python tests", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "python-tests-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  /** An executable that stands in for a Python: it exits with 3 when asked for its version, or with 1 when asked for boto3. */
  function fakePython(versionCode: number, boto3Code: number): string {
    const path = join(folder, "python");
    writeFileSync(path, `#!/bin/sh\ncase "$2" in *boto3*) exit ${boto3Code};; *) exit ${versionCode};; esac\n`);
    chmodSync(path, 0o755);
    return path;
  }

  test("is what SPOTPROOF_PYTHON names, else .venv's, else python3", () => {
    expect(choosePython({}, folder)).toEqual({ command: "python3", from: "PATH" });
    mkdirSync(join(folder, ".venv", "bin"), { recursive: true });
    writeFileSync(join(folder, ".venv", "bin", "python"), "");
    expect(choosePython({}, folder)).toEqual({ command: join(folder, ".venv", "bin", "python"), from: ".venv" });
    expect(choosePython({ SPOTPROOF_PYTHON: "/opt/py" }, folder)).toEqual({ command: "/opt/py", from: "SPOTPROOF_PYTHON" });
  });

  test("without boto3 the message has the line that fixes it", () => {
    expect(pythonTrouble(fakePython(0, 1), "PATH")).toContain("python3 -m venv .venv && .venv/bin/pip install boto3");
  });

  test("too old, or not there, is said", () => {
    expect(pythonTrouble(fakePython(3, 0), "PATH")).toContain("older than Python 3.9");
    expect(pythonTrouble(join(folder, "none"), "SPOTPROOF_PYTHON")).toContain("cannot be run");
  });

  test("a good one has no trouble", () => expect(pythonTrouble(fakePython(0, 0), "PATH")).toBeUndefined());
});
