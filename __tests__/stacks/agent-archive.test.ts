import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { archiveAgent } from "../../stacks/agent-archive";
import { UserDataError } from "../../stacks/user-data";

let project: string;
beforeEach(() => { project = mkdtempSync(join(tmpdir(), "agent-archive-")); });
afterEach(() => rmSync(project, { recursive: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, "userdata", name)), { recursive: true });
    writeFileSync(join(project, "userdata", name), text);
  }
}
const FILES = { "agent/b.py": "b", "agent/a.py": "a = 'ü'  # kept", "agent/deep/c.py": "c", "workload/workload.py": "w", "agent/__pycache__/a.cpython-311.pyc": "x", "loader/loader.py": "l" };

it("holds the agent at its root and the workload in a folder, nothing else", () => {
  write(FILES);
  const files = unzipSync(readFileSync(archiveAgent(project).path));
  expect(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]))).toEqual({ "a.py": FILES["agent/a.py"], "b.py": "b", "deep/c.py": "c", "workload/workload.py": "w" });
});

it("depends on the sources alone, not on when or in which order they were written", () => {
  write(FILES);
  const once = archiveAgent(project);
  const bytes = readFileSync(once.path);
  rmSync(join(project, "userdata"), { recursive: true });
  write(Object.fromEntries(Object.entries(FILES).reverse()));
  utimesSync(join(project, "userdata/agent/a.py"), 0, 0);
  expect(archiveAgent(project)).toEqual(once);
  expect(readFileSync(once.path).equals(bytes)).toBe(true);
  write({ "agent/a.py": "another" });
  expect(archiveAgent(project).sha256).not.toBe(once.sha256);
});

it("cannot be made without an agent", () => {
  write({ "workload/workload.py": "w" });
  expect(() => archiveAgent(project)).toThrow(UserDataError);
  expect(() => archiveAgent(project)).toThrow(/userdata\/agent has no files/);
});
