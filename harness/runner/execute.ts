/** One run from beginning to end on a target of its own, in this process. */
import type { History } from "../model/history";
import type { PermissionRecord } from "../model/permissions";
import { Interrupted, UsageError } from "../model/errors";
import type { ScenarioResult } from "../model/result";
import type { ScenarioRun } from "../model/scenario";
import { RefusedWhileLoading, unsupported, type Outputs, type Target } from "../targets/target";
import { wallSeconds } from "../time/system-clock";
import { resultOf, resultWithout } from "./result";
import type { Progress } from "./progress";
import { runScenario } from "./run-scenario";

/** How to make the target of a run; plain data, so that it can be sent to a worker. */
export type TargetSpec =
  | { kind: "local"; seed: string; synthFolder: string }
  | { kind: "aws"; seed: string; outputs: Outputs };

export interface Executed { result: ScenarioResult; history?: History; permissions?: PermissionRecord }

export interface ExecuteOptions {
  onProgress?(progress: Progress): void;
  signal?: AbortSignal;
}

export async function createTarget(spec: TargetSpec, run: ScenarioRun): Promise<Target> {
  // Each is loaded when it is needed: they are large.
  if (spec.kind === "aws") {
    const { createAwsTarget } = require("../targets/aws") as typeof import("../targets/aws");
    return createAwsTarget({ outputs: spec.outputs, seed: spec.seed, purpose: run.id });
  }
  const { createLocalTarget } = require("../targets/local") as typeof import("../targets/local");
  const { region, knobs, program } = run;
  return createLocalTarget({
    synthFolder: spec.synthFolder, seed: spec.seed, purpose: run.id,
    ...(region === undefined ? {} : { conditions: region }), ...(knobs === undefined ? {} : { knobs }), ...(program === undefined ? {} : { program }),
  });
}

/**
 * Never rejects but with Interrupted, and with UsageError where the user can mend what is wrong (stacks that cannot be
 * loaded, no Python); everything else that keeps a run from being carried out is a result of status `error`.
 */
export async function execute(run: ScenarioRun, spec: TargetSpec, options: ExecuteOptions = {}): Promise<Executed> {
  const began = wallSeconds();
  const identity = { run, target: spec.kind, seed: spec.seed };
  let target: Target | undefined;
  try {
    target = await createTarget(spec, run);
    const why = unsupported(target, run);
    if (why !== undefined) return { result: resultWithout(identity, "unsupported", why) };
    const history = await runScenario(run, target, options);
    const permissions = target.permissions?.();
    if (permissions !== undefined) history.refusals = permissions.refusals;
    return { result: resultOf(history, wallSeconds() - began), history, ...(permissions === undefined ? {} : { permissions }) };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const permissions = error instanceof RefusedWhileLoading ? error.permissions : target?.permissions?.();
    if (error instanceof RefusedWhileLoading) return { result: resultWithout(identity, "error", error.message, wallSeconds() - began, permissions?.refusals), permissions: error.permissions };
    const mendable = usageErrorIn(error);
    if (mendable !== undefined) throw mendable;
    return { result: resultWithout(identity, "error", (error as Error).stack ?? String(error), wallSeconds() - began, permissions?.refusals), ...(permissions === undefined ? {} : { permissions }) };
  } finally {
    await target?.close();
  }
}

/** The UsageError among an error and its causes. */
function usageErrorIn(error: unknown): UsageError | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 10; each = each.cause, depth++) if (each instanceof UsageError) return each;
  return undefined;
}
