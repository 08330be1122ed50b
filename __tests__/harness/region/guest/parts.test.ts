import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HELPERS } from "../../../../harness/region/guest/helpers";
import type { ProcessTable } from "../../../../harness/region/guest/process-tools";
import { checkPackage } from "../../../../harness/region/guest/packages";
import { belowRoot, mapPaths } from "../../../../harness/region/guest/paths";
import { resolvePython } from "../../../../harness/region/guest/python";
import { splitWords } from "../../../../harness/region/guest/words";
import { UsageError } from "../../../../harness/model/errors";

describe("paths", () => {
  const root = mkdtempSync(join(tmpdir(), "paths-"));
  beforeAll(() => {
    mkdirSync(join(root, "opt"));
    writeFileSync(join(root, "opt", "a.py"), "");
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it("are below the guest's root, and never beside it", () => {
    expect(belowRoot("/r", "/opt/a")).toBe("/r/opt/a");
    expect(() => belowRoot("/r", "opt/a")).toThrow("not an absolute path");
    expect(() => belowRoot("/r", "/opt/../../a")).toThrow("leads out");
  });

  it("are replaced in texts where they exist below the root", () => {
    expect(mapPaths(root, "python3 /opt/a.py --in=/opt/a.py /usr/bin/x")).toBe(`python3 ${root}/opt/a.py --in=${root}/opt/a.py /usr/bin/x`);
    expect(mapPaths(root, "http://host/opt/a.py and s3://opt/a.py")).toBe("http://host/opt/a.py and s3://opt/a.py");
  });
});

describe("packages", () => {
  it("that the guest stands in for are accepted", () => ["python3-boto3", "bash"].forEach((name) => checkPackage(name)));
  it("that it does not are refused by name", () => {
    expect(() => checkPackage("docker")).toThrow(/the package "docker" is not one/);
    expect(() => checkPackage("jq", "/nowhere")).toThrow(/the package "jq" needs jq on this machine/);
    expect(() => checkPackage("constructor")).toThrow(/the package "constructor"/);
  });
});

it("words are split as a shell would, quotes and backslashes included", () => {
  expect(splitWords(`a  'b c' "d \\" e"f \\ g ''`)).toEqual(["a", "b c", 'd " ef', " g", ""]);
  expect(() => splitWords("a 'b")).toThrow("not closed");
});

describe("the guest's own programs", () => {
  const signalled: string[] = [];
  const processes: ProcessTable = {
    list: () => [
      { pid: 10, name: "python3", commandLine: "/usr/bin/python3 /opt/agent.py" }, { pid: 11, name: "python3", commandLine: "/usr/bin/python3 -u /opt/job.py" },
      { pid: 12, name: "bash", commandLine: "bash /usr/bin/pkill -f agent" },
    ],
    async signal(pid, signal) {
      if (pid > 12) return false;
      signalled.push(`${signal} to ${pid}`);
      return true;
    },
  };
  const run = (line: string) => {
    const [name = "", ...words] = line.split(" ");
    return HELPERS[name]!(words, 1_000_000, processes, 12);
  };
  beforeEach(() => void signalled.splice(0));
  it("sleep on the clock", () => {
    expect(run("sleep 1.5")).toEqual({ sleepUntil: 2_500_000 });
    expect(run("sleep 1m 1s")).toEqual({ sleepUntil: 62_000_000 });
    expect(run("sleep infinity")).toEqual({ sleepUntil: "never" });
    expect(run("sleep soon")).toEqual({ say: "no invalid time interval 'soon'" });
  });
  it("tell the clock's time", () => {
    expect(run("date +%s")).toEqual({ say: "now 1" });
    expect(run("date -d @5")).toEqual({ say: "as-is" });
    expect(run("date -d yesterday")).toHaveProperty("refused");
  });
  it("find processes by name or command line, never themselves", () => {
    expect(run("pgrep python")).toEqual({ say: "print 0 10\\n11" });
    expect(run("pgrep -f agent")).toEqual({ say: "print 0 10" });
    expect(run("pgrep -af job.py$")).toEqual({ say: "print 0 11 /usr/bin/python3 -u /opt/job.py" });
    expect(run("pgrep -x pytho")).toEqual({ say: "print 1" });
    expect(run("pgrep --session 1 python")).toHaveProperty("refused");
    expect(run("ps aux")).toHaveProperty("refused");
  });
  it.each([
    ["pkill -f agent", ["15 to 10"]], ["pkill -9 python3", ["9 to 10", "9 to 11"]], ["pkill --signal SIGKILL -f job", ["9 to 11"]], ["pkill -KILL -o python", ["9 to 10"]],
    ["killall -s SIGKILL python3", ["9 to 10", "9 to 11"]], ["killall python3", ["15 to 10", "15 to 11"]], ["kill -9 10 11", ["9 to 10", "9 to 11"]],
  ])("signal processes: %s", async (line, expected) => {
    expect(await run(line)).toEqual({ say: "print 0" });
    expect(signalled).toEqual(expected);
  });
  it("tell when there is nothing to signal", async () => {
    expect(await run("pkill -f nobody")).toEqual({ say: "print 1" });
    expect(await run("killall python")).toEqual({ say: "no python: no process found" });
    expect(await run("kill 99")).toEqual({ say: "no (99) - No such process" });
    expect(await run("pkill -BOGUS python")).toHaveProperty("refused");
    expect(signalled).toEqual([]);
  });
  it("power off, and do nothing else to the machine", () => {
    for (const line of ["systemctl poweroff", "systemctl --no-block poweroff", "shutdown -h now", "poweroff"]) expect(run(line)).toEqual({ powerOff: true });
    expect(run("systemctl restart sshd")).toEqual({ command: ["systemctl", "restart", "sshd"] }); // which the guest refuses by name
    for (const line of ["shutdown -r now", "shutdown -h +5", "reboot", "timeout 5 true"]) expect(run(line)).toHaveProperty("refused");
  });
});

describe("Python", () => {
  it("is found once, by its real path", async () => {
    const path = await resolvePython();
    expect(path).toMatch(/^\/.*python/);
    expect(resolvePython()).toBe(resolvePython());
  });

  it("that is missing, or has no boto3, is a usage error with the line that mends it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "python-"));
    const fake = join(folder, "python");
    writeFileSync(fake, `#!/bin/sh\necho '["/x/python3", [3, 11], false]'\n`, { mode: 0o755 });
    const old = join(folder, "old");
    writeFileSync(old, `#!/bin/sh\necho '["/x/python3", [3, 6], true]'\n`, { mode: 0o755 });
    const failing = (python: string) => resolvePython(folder, { ...process.env, SPOTPROOF_PYTHON: python }).catch((error: UsageError) => error) as Promise<UsageError>;
    for (const [python, message] of [["/nowhere/python", /there is none: \/nowhere\/python/], [fake, /\/x\/python3 does not have it/], [old, /need Python 3\.9 or newer.* 3\.6/]] as const) {
      const error = await failing(python);
      expect(error).toBeInstanceOf(UsageError);
      expect(error.message).toMatch(message);
      expect(error.hint).toBe("python3 -m venv .venv && .venv/bin/pip install boto3");
    }
    rmSync(folder, { recursive: true });
  });
});
