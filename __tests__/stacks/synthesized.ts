/** Synthesizes the stacks into a temporary folder, once a configuration, and reads what came out. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../main";

/* eslint-disable @typescript-eslint/no-explicit-any */
export const PROJECT = join(__dirname, "..", "..");
/** A project whose user data and function never change. */
export const FIXTURE = join(__dirname, "fixture");
export const STACKS = ["job", "faults"] as const;

export interface Synthesized {
  folder: string;
  job: any;
  faults: any;
}

const made: string[] = [];

/** @param knobs by their environment variables. */
export function synthesized(project = FIXTURE, knobs: Record<string, string> = {}): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), "synthesized-"));
  made.push(folder);
  synthesize(project, knobs, folder);
  const stack = (name: string): any => JSON.parse(readFileSync(join(folder, "stacks", name, "cdk.tf.json"), "utf8"));
  return { folder, job: stack("job"), faults: stack("faults") };
}

export function removeSynthesized(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
}

/** Every file below a folder with its bytes, in base64. */
export function contents(folder: string): Record<string, string> {
  const files = (readdirSync(folder, { recursive: true }) as string[]).sort().filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name)).toString("base64")]));
}

/** Every string in a document, with the path to it. */
export function strings(value: any, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => strings(each, `${path}/${key}`));
}

export interface FoundStatement {
  stack: string;
  /** `aws_iam_role_policy.machine_policy`, say. */
  policy: string;
  statement: any;
}

/** The statements of every policy document in both stacks, trust policies included. */
export function statements({ job, faults }: Synthesized): FoundStatement[] {
  const found: FoundStatement[] = [];
  for (const [stack, document] of [["job", job], ["faults", faults]] as const) {
    for (const [type, resources] of Object.entries<any>(document.resource)) {
      for (const [id, resource] of Object.entries<any>(resources)) {
        for (const field of ["policy", "assume_role_policy"]) {
          if (typeof resource[field] !== "string") continue;
          for (const statement of JSON.parse(resource[field]).Statement) found.push({ stack, policy: `${type}.${id}`, statement });
        }
      }
    }
  }
  return found;
}
