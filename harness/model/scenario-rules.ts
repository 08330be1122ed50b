/** What a scenario file's schema cannot see: how fields go together, and whether a fault's moment can come at all. */
import { didYouMean } from "./nearest";
import type { RegionConditions } from "./region-conditions";
import { ON_INSTANCE, TRIGGER_CONDITIONS, type Bounds, type Expectation, type Fault, type JobSpec } from "./scenario";

/** Limits of a scenario's figures. */
export const LIMITS = {
  /** Thirty days: the longest job that a Standard workflow, which may run a year, is asked to carry here. */
  durationMinutes: { least: 0.5, most: 43_200 },
  saveSeconds: { least: 0, most: 3600 },
  saveMegabytes: { least: 0, most: 100_000 },
  seconds: { least: 0, most: 30 * 86_400 },
  faults: 1000,
  repeat: 100,
  matrixRuns: 1000,
  timesMaximum: { least: 1.001, most: 1000 },
  dollarsPerHour: { least: 0.0001, most: 10_000 },
};

export type Path = readonly (string | number)[];
export interface Problem { path: Path; /** The field itself is at fault, not its value. */ key?: string; message: string }

/** A value as messages show it. */
export const shownValue = (value: unknown): string => {
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 80 ? `${shown.slice(0, 77)}...` : shown;
};

/** Kinds whose duration must, or may, be given. */
const DURATION: Partial<Record<Fault["kind"], "required" | "optional">> = { suspend: "required", "network-cut": "required", "storage-errors": "required", "no-capacity": "required", "stop-execution": "optional", "price-rise": "optional", reclaim: "optional" };
/** Kinds on which an instance saves, so that they add a checkpoint to those of the plan. */
const SAVES = new Set<Fault["kind"]>(["interrupt", "terminate", "rebalance", "price-rise", "reclaim"]);
/** Kinds that change Spot pools. */
const ON_POOLS = new Set<Fault["kind"]>(["price-rise", "reclaim"]);
/** Kinds that may strike before anything runs. */
const BEFORE_START: readonly Fault["kind"][] = ["no-capacity", "price-rise", "reclaim"];

/** What the schema cannot see: how a fault's fields go together, and whether its moment can come at all. */
export function faultProblems(entry: Fault, index: number, faults: readonly Fault[], jobs: readonly JobSpec[]): Problem[] {
  const problems: Problem[] = [];
  const at: Path = ["faults", index, "at"];
  const job = jobs.find((candidate) => candidate.name === entry.job);
  if (job === undefined) {
    const names = jobs.map((candidate) => candidate.name);
    return [{ path: ["faults", index, "job"], message: `${shownValue(entry.job)} is no job of this scenario; allowed: ${names.join(", ")}${didYouMean(entry.job, names)}` }];
  }
  const duration = DURATION[entry.kind];
  if (duration === "required" && entry.durationSeconds === undefined) problems.push({ path: ["faults", index], message: `${entry.kind} needs durationSeconds; allowed: seconds, from 1 to ${LIMITS.seconds.most}` });
  if (duration === undefined && entry.durationSeconds !== undefined) problems.push({ path: ["faults", index], key: "durationSeconds", message: `${entry.kind} takes no duration` });

  problems.push(...poolProblems(entry, ["faults", index]), ...startProblems(entry, ["faults", index], job));
  if (entry.process !== undefined && entry.kind !== "kill-process") problems.push({ path: ["faults", index], key: "process", message: `${entry.kind} kills no process; allowed with kill-process` });
  for (const key of ["service", "answer"] as const) if (entry[key] !== undefined && entry.kind !== "storage-errors") problems.push({ path: ["faults", index], key, message: `${entry.kind} gives no errors; allowed with storage-errors` });
  if (entry.damage !== undefined && entry.kind !== "checkpoint-damage") problems.push({ path: ["faults", index], key: "damage", message: `${entry.kind} damages no checkpoint; allowed with checkpoint-damage` });
  if (entry.scope !== undefined && entry.kind !== "network-cut") problems.push({ path: ["faults", index], key: "scope", message: `${entry.kind} cuts no network; allowed with network-cut` });

  if (entry.repeat !== undefined && entry.at.phase === undefined) problems.push({ path: ["faults", index], key: "repeat", message: "only a phase comes again, with another instance; allowed with at: { phase: … }" });
  if (entry.repeat !== undefined && entry.at.attempt !== undefined) problems.push({ path: at, key: "attempt", message: "stands beside repeat, which strikes one instance after the other; allowed: one of the two" });
  if (entry.instance !== undefined && !ON_INSTANCE.has(entry.kind)) problems.push({ path: ["faults", index], key: "instance", message: `${entry.kind} strikes no instance` });

  const conditions = TRIGGER_CONDITIONS.filter((condition) => entry.at[condition] !== undefined);
  if (conditions.length !== 1) {
    problems.push({ path: at, message: `${conditions.length === 0 ? "no trigger" : conditions.join(" and ")}; allowed: exactly one of ${TRIGGER_CONDITIONS.join(", ")}` });
    return problems;
  }
  if (entry.at.beforeStart && !BEFORE_START.includes(entry.kind)) problems.push({ path: at, key: "beforeStart", message: `${entry.kind} needs something that runs; allowed before the start: ${BEFORE_START.join(", ")}` });
  if (entry.at.afterEnd && entry.kind !== "start-execution") problems.push({ path: at, key: "afterEnd", message: `${entry.kind} needs something that runs; allowed after the end: start-execution` });
  if (entry.at.beforeStart && entry.at.offsetSeconds !== undefined) problems.push({ path: at, key: "offsetSeconds", message: "beforeStart takes no offset" });

  const late = pastTheEnd(entry, job, faults.filter((other) => other !== entry && other.job === entry.job));
  if (late !== undefined) problems.push({ path: at, key: conditions[0]!, message: late });
  return problems;
}

/** A further execution of the job has to end somehow, or it shows nothing; it is one, and its input the job's but for some fields. */
function startProblems(entry: Fault, path: Path, job: JobSpec): Problem[] {
  if (entry.kind !== "start-execution") return (["input", "ends"] as const).filter((field) => entry[field] !== undefined).map((key) => ({ path, key, message: `${entry.kind} starts nothing; allowed with start-execution` }));
  if (entry.ends === undefined) return [{ path, message: "start-execution needs ends: how that execution has to end; allowed: fields (status, error, cause, withinSeconds)" }];
  const problems: Problem[] = [];
  if (entry.repeat !== undefined) problems.push({ path, key: "repeat", message: "start-execution starts one execution; allowed: one such fault for each, with at: { phase: …, attempt: … }" });
  if (entry.input !== undefined && job.wholeInput !== undefined) problems.push({ path, key: "input", message: `stands beside the wholeInput of ${job.name}, which has no fields to differ from; allowed: one of the two` });
  if (entry.ends.status === "SUCCEEDED") problems.push(...(["error", "cause"] as const).filter((field) => entry.ends![field] !== undefined).map((key): Problem => ({ path: [...path, "ends"], key, message: "stands beside status SUCCEEDED, which has none" })));
  return problems;
}

/** How the fields of the faults that change Spot pools go together. */
function poolProblems(entry: Fault, path: Path): Problem[] {
  const problems: Problem[] = [];
  if (!ON_POOLS.has(entry.kind) && entry.pools !== undefined) problems.push({ path, key: "pools", message: `${entry.kind} strikes no pools; allowed with ${[...ON_POOLS].join(", ")}` });
  const prices = (["toTimesMaximum", "toDollarsPerHour"] as const).filter((field) => entry[field] !== undefined);
  if (entry.kind === "price-rise" && prices.length !== 1) problems.push({ path, message: `${prices.length === 0 ? "price-rise without a price" : prices.join(" and ")}; allowed: exactly one of toTimesMaximum, toDollarsPerHour` });
  if (entry.kind !== "price-rise") for (const key of prices) problems.push({ path, key, message: `${entry.kind} sets no price; allowed with price-rise` });
  if (!ON_POOLS.has(entry.kind) || !entry.at.beforeStart) return problems;
  if (entry.pools !== "all") problems.push({ path, message: `before the start there is no instance whose pool it could be; allowed: pools: all` });
  if (entry.toTimesMaximum !== undefined) problems.push({ path, key: "toTimesMaximum", message: "before the start there is no request yet; allowed: toDollarsPerHour" });
  if (entry.durationSeconds === undefined) problems.push({ path, message: `${entry.kind} of all pools before the start needs durationSeconds, or nothing would ever run` });
  return problems;
}

/** Why a trigger can never come, in words. Other faults lengthen a run, so beside them only what is certain is refused. */
function pastTheEnd({ at }: Fault, job: JobSpec, others: readonly Fault[]): string | undefined {
  const durationSeconds = job.durationMinutes * 60;
  const offset = at.offsetSeconds ?? 0;
  const end = `past the end of the job, which lasts ${job.durationMinutes} min`;
  const planned = Math.ceil(job.durationMinutes / job.checkpointMinutes);
  if (at.percent !== undefined) {
    if (at.percent >= 100) return `${at.percent} is ${end}; allowed: less than 100`;
    if (others.length === 0 && (at.percent / 100) * durationSeconds + offset > durationSeconds) return `${at.percent}% and ${offset} s is ${end}`;
  }
  if (at.checkpoint !== undefined) {
    const most = planned + others.filter((other) => SAVES.has(other.kind)).length;
    if (at.checkpoint > most) return `checkpoint ${at.checkpoint} is ${end} and saves every ${job.checkpointMinutes} min; allowed: 1 to ${most}`;
    if (others.length === 0 && Math.min(at.checkpoint * job.checkpointMinutes * 60, durationSeconds) + offset > durationSeconds + job.saveSeconds) return `checkpoint ${at.checkpoint} and ${offset} s is ${end}`;
  }
  if (at.duringSave !== undefined && at.duringSave > planned) return `save ${at.duringSave} is ${end} and saves every ${job.checkpointMinutes} min; allowed: 1 to ${planned}`;
  if (at.afterSeconds !== undefined && others.length === 0 && at.afterSeconds + offset >= durationSeconds) return `${at.afterSeconds + offset} s is ${end}; allowed: less than ${durationSeconds}`;
  return undefined;
}

/** How the conditions of a scenario's region go together. */
export function conditionProblems({ deniedAction, deniedTo }: RegionConditions): Problem[] {
  return deniedTo !== undefined && deniedAction === undefined ? [{ path: ["region"], key: "deniedTo", message: "denies nothing by itself; allowed with deniedAction: an action such as ec2:CreateFleet" }] : [];
}

export function expectationProblems(expect: Expectation, faults: readonly Fault[], jobs: readonly JobSpec[]): Problem[] {
  const problems: Problem[] = [];
  const needs = (field: keyof Expectation, kinds: readonly Fault["kind"][]) => {
    if (expect[field] !== undefined && !faults.some((entry) => kinds.includes(entry.kind))) problems.push({ path: ["expect"], key: field, message: `says nothing without a fault of kind ${kinds.join(" or ")}` });
  };
  needs("spotRequestStatus", ["interrupt", "terminate", "vanish", "price-rise", "reclaim"]);
  needs("interruptionTimeline", ["interrupt", "price-rise", "reclaim"]);
  if (expect.error !== undefined && expect.status === "SUCCEEDED" && jobs.every(({ resume }) => resume === undefined)) problems.push({ path: ["expect"], key: "error", message: "stands beside status SUCCEEDED, which has none" });
  for (const [field, value] of Object.entries(expect) as [string, Bounds][]) {
    if (value !== null && typeof value === "object" && !Array.isArray(value) && value.atLeast !== undefined && value.atMost !== undefined && value.atLeast > value.atMost) {
      problems.push({ path: ["expect", field], message: `atLeast ${value.atLeast} is more than atMost ${value.atMost}` });
    }
  }
  return problems;
}
