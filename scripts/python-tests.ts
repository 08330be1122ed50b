/**
 * Runs the Python tests (`python3 -m unittest discover` on userdata/) with a Python that has boto3: SPOTPROOF_PYTHON, else
 * .venv/bin/python, else python3. The tests' exit code is passed on; 2 when there is no Python to run them with.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "..");
const REMEDY = "python3 -m venv .venv && .venv/bin/pip install boto3";
const LEAST_VERSION = "(3, 9)";

/** The Python to use, with its reason, before anything is known of it. */
export function choosePython(environment: NodeJS.ProcessEnv, root: string): { command: string; from: string } {
  if (environment.SPOTPROOF_PYTHON) return { command: environment.SPOTPROOF_PYTHON, from: "SPOTPROOF_PYTHON" };
  const venv = join(root, ".venv", "bin", "python");
  return existsSync(venv) ? { command: venv, from: ".venv" } : { command: "python3", from: "PATH" };
}

/** What keeps that Python from running the tests, with what to do about it; undefined when nothing does. */
export function pythonTrouble(command: string, from: string): string | undefined {
  const probe = spawnSync(command, ["-c", `import sys; sys.exit(3 if sys.version_info < ${LEAST_VERSION} else 0)\n`], { encoding: "utf8" });
  if (probe.error) return `${command} (from ${from}) cannot be run: ${probe.error.message}; install Python 3.9 or later, or set SPOTPROOF_PYTHON`;
  if (probe.status === 3) return `${command} (from ${from}) is older than Python 3.9; set SPOTPROOF_PYTHON to a later one`;
  const boto3 = spawnSync(command, ["-c", "import boto3"], { encoding: "utf8" });
  return boto3.status === 0 ? undefined : `${command} (from ${from}) has no boto3: ${REMEDY}`;
}

function main(): number {
  const { command, from } = choosePython(process.env, ROOT);
  const trouble = pythonTrouble(command, from);
  if (trouble !== undefined) {
    console.error(`python-tests: ${trouble}`);
    return 2;
  }
  const patterns = process.argv.slice(2).flatMap((pattern) => ["-k", pattern]);
  const tests = spawnSync(command, ["-m", "unittest", "discover", "-s", "userdata", "-t", "userdata", ...patterns], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
  });
  return tests.status ?? 1;
}

if (require.main === module) process.exitCode = main();
