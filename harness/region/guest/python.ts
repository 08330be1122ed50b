/** Which Python the guests run: found once, by its real path, so that a version manager's shim is not paid for at each start. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../model/errors";

export const OLDEST_PYTHON = [3, 9] as const;
const FIX = "python3 -m venv .venv && .venv/bin/pip install boto3";
const PROBE = `import sys, importlib.util, json
print(json.dumps([sys.executable, list(sys.version_info[:2]), importlib.util.find_spec("boto3") is not None]))`;

const found = new Map<string, Promise<string>>();

/**
 * The absolute path of the interpreter: SPOTPROOF_PYTHON, else `.venv/bin/python` in the folder, else `python3` on the PATH.
 * @param folder the project's
 * @throws UsageError when there is none, it is older than OLDEST_PYTHON, or it has no boto3; its hint is the line that mends that
 */
export function resolvePython(folder: string = process.cwd(), environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const venv = join(folder, ".venv", "bin", "python");
  const named = environment.SPOTPROOF_PYTHON;
  const candidate = named || (existsSync(venv) ? venv : "python3");
  const known = found.get(candidate);
  if (known) return known;
  const result = probe(candidate, named ? "SPOTPROOF_PYTHON names" : "it is", environment);
  found.set(candidate, result);
  result.catch(() => found.delete(candidate));
  return result;
}

async function probe(candidate: string, origin: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const output = await new Promise<string>((resolve, reject) => {
    execFile(candidate, ["-c", PROBE], { env: environment, timeout: 30_000 }, (error, stdout) => {
      if (!error) return resolve(stdout);
      reject(new UsageError(`Instances run real Python, and there is none: ${candidate} cannot be run (${error.message.trim().split("\n").at(-1)}).`, FIX));
    });
  });
  const [executable, version, hasBoto3] = JSON.parse(output) as [string, [number, number], boolean];
  const [major, minor] = OLDEST_PYTHON;
  if (version[0] < major || (version[0] === major && version[1] < minor)) {
    throw new UsageError(`Instances need Python ${major}.${minor} or newer; ${origin} ${executable}, which is ${version.join(".")}.`, FIX);
  }
  if (!hasBoto3) throw new UsageError(`Instances need boto3, and ${executable} does not have it.`, FIX);
  return executable;
}
