/**
 * The agent as it travels to the instances: `userdata/agent` and `userdata/workload` in one zip, whose bytes depend on the
 * sources alone. The user data's loader unpacks it; the agent's modules lie at its root, the default workload in `workload/`.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync, type Zippable } from "fflate";
import { ZIP_TIME } from "./bundle";
import { UserDataError } from "./user-data";

export interface AgentArchive {
  /** The zip's path. */
  path: string;
  /** SHA-256 of the zip, in hexadecimal. */
  sha256: string;
}

/** Where each folder of `userdata/` lies in the archive. */
const FOLDERS: Readonly<Record<string, string>> = { agent: "", workload: "workload/" };

/**
 * Writes `<projectFolder>/.cache/agent/agent.zip`.
 *
 * @throws UserDataError when a folder is missing or has no files.
 */
export function archiveAgent(projectFolder: string): AgentArchive {
  const files: Zippable = {};
  for (const [name, prefix] of Object.entries(FOLDERS)) {
    const folder = join(projectFolder, "userdata", name);
    const found = existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).filter((file) => !file.endsWith(".pyc") && statSync(join(folder, file)).isFile()) : [];
    if (found.length === 0) throw new UserDataError(`${folder} has no files; it is part of what instances run`);
    for (const file of found) files[prefix + file] = [readFileSync(join(folder, file)), { mtime: ZIP_TIME }];
  }
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  const zip = zipSync(sorted, { level: 9 });
  const folder = join(projectFolder, ".cache", "agent");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "agent.zip");
  writeFileSync(path, zip);
  return { path, sha256: createHash("sha256").update(zip).digest("hex") };
}
