/** Resolving all targets of an experiment, at its start. https://docs.aws.amazon.com/fis/latest/userguide/targets.html */
import type { Random } from "../../../time/clock";
import { AwsError, type RegionContext, type RoleSession } from "../../core/types";
import type { ExperimentLog } from "./log";
import type { Experiment } from "./model";
import { QUOTAS } from "./quotas";
import { resolveTarget } from "./targets";

export const EMPTY = "Target resolution returned empty set";

/** Fills `experiment.resolved`. Why the experiment cannot go on; undefined when it can. @throws AwsError when the log cannot be written */
export async function resolveTargets(region: RegionContext, experiment: Experiment, role: RoleSession, log: ExperimentLog, random: Random): Promise<string | undefined> {
  const { definition, resolved } = experiment;
  for (const [name, target] of Object.entries(definition.targets)) {
    await log.targetResolutionStart(role, name);
    try {
      resolved.set(name, await resolveTarget(region, role, target, random));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const why = `${error.code}: ${error.message}`;
      await log.targetResolutionEnd(role, name, [], why);
      return `Unable to resolve the target ${name}: ${why}`;
    }
    await log.targetResolutionEnd(role, name, resolved.get(name)!);
  }
  return empty(experiment) ?? tooMany(experiment);
}

/** What is named by its ARN must be there; what is found by tags may be missing when the template says so. https://docs.aws.amazon.com/fis/latest/userguide/experiment-options.html#empty-target-resolution-mode */
function empty({ definition, resolved }: Experiment): string | undefined {
  const mayBeEmpty = definition.experimentOptions.emptyTargetResolutionMode === "skip";
  const missing = [...resolved].some(([name, resources]) => resources.length === 0 && (!mayBeEmpty || definition.targets[name]!.resourceArns !== undefined));
  return missing ? EMPTY : undefined;
}

function tooMany({ definition, resolved }: Experiment): string | undefined {
  const most = QUOTAS["Target resources per action"];
  for (const { actionId, targets = {} } of Object.values(definition.actions)) {
    for (const [key, name] of Object.entries(targets)) {
      const count = resolved.get(name)?.length ?? 0;
      if (count > most) return `The target ${name} was resolved to ${count} resources; the quota "Target ${key} for ${actionId}" is ${most}.`;
    }
  }
  return undefined;
}
