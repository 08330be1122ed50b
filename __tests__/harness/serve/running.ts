/** The region command as a process, for tests. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";

export const PROJECT = join(__dirname, "../../..");
export const COMMAND = ["-r", "./harness/register.js", "harness/serve/cli.ts"];

export interface Running {
  child: ChildProcess;
  /** All that it has printed. */
  output(): string;
  /** What it says is to be exported. */
  environment: Record<string, string>;
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>;
  /** Its folder for temporary files, in which nothing else is. */
  temporary: string;
}

/** Starts it on any free port, and waits until it is ready, or has ended. `folder`: where its folder for temporary files is made. */
export async function begin(folder: string, ...given: string[]): Promise<Running> {
  const temporary = mkdtempSync(join(folder, "tmp-"));
  const child = spawn(process.execPath, [...COMMAND, "--port", "0", ...given], { cwd: PROJECT, env: { ...process.env, TMPDIR: temporary } });
  let text = "";
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  await new Promise<void>((resolve) => {
    const listen = (data: Buffer): void => {
      text += data.toString();
      if (/^Ready at /m.test(text)) resolve();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    void ended.then(() => resolve());
  });
  const environment = Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map((match) => [match[1]!, match[2]!]));
  return { child, output: () => text, environment, ended, temporary };
}
