/** The stacks' outputs: as the loader gives them, from Terraform's state, or from a file. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../model/errors";
import { didYouMean } from "../model/nearest";
import type { Outputs } from "./target";

/** Each output's name in Terraform, and the stack that has it. */
const OUTPUT_NAMES: Readonly<Record<keyof Outputs, { name: string; stack: "job" | "faults" }>> = {
  stateMachineArn: { name: "state_machine_arn", stack: "job" },
  ledgerTable: { name: "ledger_table", stack: "job" },
  checkpointBucket: { name: "checkpoint_bucket", stack: "job" },
  metricsNamespace: { name: "metrics_namespace", stack: "job" },
  name: { name: "name", stack: "job" },
  interruptTemplateId: { name: "interrupt_template_id", stack: "faults" },
  terminateTemplateId: { name: "terminate_template_id", stack: "faults" },
  noCapacityTemplateId: { name: "no_capacity_template_id", stack: "faults" },
  armedTagKey: { name: "armed_tag_key", stack: "faults" },
  armedTagValue: { name: "armed_tag_value", stack: "faults" },
};

/** Picks what the harness needs. Throws UsageError that names what is missing; `where` says where it was looked for. */
export function outputsFrom(values: Readonly<Record<string, unknown>>, where: string): Outputs {
  const found: Record<string, string> = {};
  const missing: string[] = [];
  for (const [key, { name, stack }] of Object.entries(OUTPUT_NAMES)) {
    const value = values[name];
    if (typeof value === "string" && value !== "") found[key] = value;
    else missing.push(`${name} (stack ${stack})`);
  }
  if (missing.length > 0) throw new UsageError(`The stacks' outputs in ${where} lack ${missing.join(", ")}.`, "Deploy both stacks, or give the outputs with --outputs FILE.");
  return found as unknown as Outputs;
}

/**
 * From a JSON file: `{"state_machine_arn": "…"}`, or what `terraform output -json` prints (each value under `value`);
 * `overrides` are NAME=VALUE flags. Throws UsageError.
 */
export function outputsFromFile(file: string | undefined, overrides: Readonly<Record<string, string>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  if (file !== undefined) {
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      throw new UsageError(`The outputs in ${file} cannot be read: ${(error as Error).message}`, "Write them with: terraform output -json > FILE");
    }
    if (content === null || typeof content !== "object" || Array.isArray(content)) throw new UsageError(`${file} must hold an object of outputs by name.`);
    Object.assign(values, plainOutputs(content as Record<string, unknown>));
  }
  const known = Object.values(OUTPUT_NAMES).map(({ name }) => name);
  for (const [name, value] of Object.entries(overrides)) {
    if (!known.includes(name)) throw new UsageError(`--output ${name}: there is no such output${didYouMean(name, known)}`, `Outputs are ${known.join(", ")}.`);
    values[name] = value;
  }
  return values;
}

const plainOutputs = (content: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(content).map(([name, entry]) => [name, entry !== null && typeof entry === "object" && "value" in entry ? entry.value : entry]));

/** From Terraform's state of both stacks, as `cdktf deploy` leaves it. Throws UsageError. */
export async function outputsFromTerraform(projectFolder: string): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const stack of ["job", "faults"]) {
    const folder = join(projectFolder, "cdktf.out", "stacks", stack);
    if (!existsSync(folder)) throw new UsageError(`${folder} does not exist, so the stack ${stack}'s outputs are not known.`, "Deploy both stacks from here (npx cdktf deploy job faults), or give --outputs FILE.");
    // cdktf keeps the local state beside cdktf.json, and the stack's own backend says so.
    Object.assign(values, plainOutputs(await terraformOutput(folder)));
  }
  return values;
}

function terraformOutput(folder: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    execFile("terraform", ["output", "-json"], { cwd: folder, encoding: "utf8" }, (error, stdout, stderr) => {
      if (error !== null) {
        const why = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no terraform on the PATH" : /Error: (.+)/.exec(stderr)?.[1] ?? (stderr.trim() || error.message);
        return reject(new UsageError(`terraform output -json in ${folder} failed: ${why}`, "Deploy both stacks from here, or give the outputs with --outputs FILE."));
      }
      resolve(JSON.parse(stdout) as Record<string, unknown>);
    });
  });
}
