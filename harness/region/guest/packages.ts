/**
 * Packages of Amazon Linux 2023 that a guest can stand in for, because what they bring is here anyway.
 * https://docs.aws.amazon.com/linux/al2023/release-notes/all-packages.html
 */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** What of this machine a package's work is done by: a command on the PATH, or the guests' Python (checked before any guest boots). */
export const PACKAGES: Readonly<Record<string, { command: string } | "python">> = {
  python3: "python",
  "python3-boto3": "python",
  "python3-botocore": "python",
  bash: { command: "bash" },
  coreutils: { command: "cat" },
  findutils: { command: "find" },
  gawk: { command: "awk" },
  grep: { command: "grep" },
  gzip: { command: "gzip" },
  curl: { command: "curl" },
  "curl-minimal": { command: "curl" },
  jq: { command: "jq" },
  sed: { command: "sed" },
  tar: { command: "tar" },
  zip: { command: "zip" },
  unzip: { command: "unzip" },
};

/** Python packages that boto3 brings along. */
export const PYTHON_PACKAGES: readonly string[] = ["boto3", "botocore", "s3transfer", "jmespath", "python-dateutil", "six", "urllib3"];

/** Throws an Error that names the Python package when it is not there with boto3; versions cannot be chosen. */
export function checkPythonPackage(name: string): void {
  if (!PYTHON_PACKAGES.includes(name.toLowerCase())) {
    throw new Error(`the Python package "${name}" is not one that an instance of the embedded region has (it has ${PYTHON_PACKAGES.join(", ")}, in the versions of this machine)`);
  }
}

/** Throws an Error that names the package when a guest cannot stand in for it. */
export function checkPackage(name: string, path: string = process.env.PATH ?? ""): void {
  const needed = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
  if (needed === undefined) {
    throw new Error(`the package "${name}" is not one that an instance of the embedded region can stand in for (it knows ${Object.keys(PACKAGES).join(", ")})`);
  }
  if (needed === "python") return;
  const there = path.split(":").some((folder) => isExecutable(join(folder, needed.command)));
  if (!there) throw new Error(`the package "${name}" needs ${needed.command} on this machine, and it is not on the PATH`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
