/** What a scenario file may hold: each field, and in words what it allows. */
import { z } from "zod";
import { didYouMean } from "./nearest";
import { REGION_CONDITIONS } from "./region-conditions";
import { CHECKPOINT_DAMAGES, CUT_SCOPES, EXECUTION_STATUSES, FAULT_KINDS, KILLED_PROCESSES, LIFECYCLES, PHASE_NAMES, POOL_CHOICES, STORAGE_ANSWERS, STORAGE_SERVICES, STRUCK_PARTIES, type Knobs } from "./scenario";
import { LIMITS } from "./scenario-rules";

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A leaf: one test, and in words what it lets pass. */
const leaf = <T>(test: (value: unknown) => boolean, allowed: string) => z.custom<T>(test, { error: () => `allowed: ${allowed}` });
const figure = (least: number, most: number, unit: string) =>
  leaf<number>((value) => typeof value === "number" && value >= least && value <= most, `${unit}, from ${least} to ${most}`);
const count = (least: number, most: number, what: string) =>
  leaf<number>((value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most, `${what}: a whole number from ${least} to ${most}`);
const oneOf = <T extends string>(values: readonly T[]) =>
  z.custom<T>((value) => (values as readonly unknown[]).includes(value), {
    error: (issue) => `allowed: ${values.join(", ")}${didYouMean(String(issue.input), values)}`,
  });
const text = (what: string) => leaf<string>((value) => typeof value === "string" && value.trim() !== "", what);
const words = (what: string) => leaf<string[]>((value) => Array.isArray(value) && value.every((entry) => typeof entry === "string" && entry !== ""), what);
const name = leaf<string>((value) => typeof value === "string" && value.length <= 60 && NAME.test(value), "lower-case letters, digits and single hyphens between them, at most 60 characters");

/** An object that refuses fields it does not know, and says which it knows. */
const fields = <S extends z.ZodRawShape>(shape: S, orElse = "") =>
  z.strictObject(shape, {
    error: (issue) => {
      const known = Object.keys(shape);
      if (issue.code !== "unrecognized_keys") return `allowed: ${orElse}fields (${known.join(", ")})`;
      const hint = issue.keys.map((key) => didYouMean(key, known)).find((found) => found !== "") ?? "";
      return `unknown field; allowed: ${known.join(", ")}${hint}`;
    },
  });

const seconds = figure(LIMITS.seconds.least, LIMITS.seconds.most, "seconds");
const bounds = z.preprocess(
  (value) => (typeof value === "number" ? { atLeast: value, atMost: value } : value),
  fields({ atLeast: seconds.optional(), atMost: seconds.optional() }, "a number, or "),
);
const record = (what: string) => leaf<Record<string, unknown>>((value) => typeof value === "object" && value !== null && !Array.isArray(value), what);
const jobFields = {
  durationMinutes: figure(LIMITS.durationMinutes.least, LIMITS.durationMinutes.most, "minutes").optional(),
  checkpointMinutes: figure(1 / 60, LIMITS.durationMinutes.most, "minutes").optional(),
  saveSeconds: figure(LIMITS.saveSeconds.least, LIMITS.saveSeconds.most, "seconds").optional(),
  saveMegabytes: figure(LIMITS.saveMegabytes.least, LIMITS.saveMegabytes.most, "megabytes").optional(),
  input: record("fields of the execution's input").optional(),
  resume: record("fields of the input of the execution that resumes the job once the first has failed").optional(),
  wholeInput: z.unknown().optional(),
  cause: words("a list of texts").optional(),
};
const trigger = fields({
  checkpoint: count(1, 1_000_000, "a checkpoint's number").optional(),
  percent: figure(0, 100, "percent of the job").optional(),
  afterSeconds: seconds.optional(),
  phase: oneOf(PHASE_NAMES).optional(),
  duringSave: count(1, 1_000_000, "a save's number").optional(),
  beforeStart: leaf<true>((value) => value === true, "true").optional(),
  afterEnd: leaf<true>((value) => value === true, "true").optional(),
  offsetSeconds: seconds.optional(),
  attempt: count(1, 10_000, "an attempt's number").optional(),
});
const ending = fields({
  status: oneOf(EXECUTION_STATUSES),
  error: text("the name of the execution's error").optional(),
  cause: words("a list of texts").optional(),
  withinSeconds: seconds.optional(),
});
const fault = fields({
  kind: oneOf(FAULT_KINDS),
  at: trigger,
  job: text("the name of one of the scenario's jobs").optional(),
  durationSeconds: figure(1, LIMITS.seconds.most, "seconds").optional(),
  toTimesMaximum: figure(LIMITS.timesMaximum.least, LIMITS.timesMaximum.most, "a multiple of the maximum price").optional(),
  toDollarsPerHour: figure(LIMITS.dollarsPerHour.least, LIMITS.dollarsPerHour.most, "US dollars an hour").optional(),
  pools: oneOf(POOL_CHOICES).optional(),
  instance: oneOf(STRUCK_PARTIES).optional(),
  repeat: leaf<number | "every">((value) => value === "every" || (Number.isInteger(value) && (value as number) >= 2 && (value as number) <= LIMITS.repeat), `every, or how many times: a whole number from 2 to ${LIMITS.repeat}`).optional(),
  process: oneOf(KILLED_PROCESSES).optional(),
  scope: oneOf(CUT_SCOPES).optional(),
  service: oneOf(STORAGE_SERVICES).optional(),
  answer: oneOf(STORAGE_ANSWERS).optional(),
  damage: oneOf(CHECKPOINT_DAMAGES).optional(),
  input: record("fields of the execution's input").optional(),
  ends: ending.optional(),
});
const expectation = fields({
  status: oneOf(EXECUTION_STATUSES).optional(),
  error: text("the name of the execution's error").optional(),
  cause: words("a list of texts").optional(),
  launchesRefused: bounds.optional(),
  lifecycles: z.array(oneOf(LIFECYCLES), { error: () => `allowed: a list of ${LIFECYCLES.join(", ")}` }).optional(),
  elsewhere: leaf<true | "type">((value) => value === true || value === "type", "true or type").optional(),
  attempts: bounds.optional(),
  runs: bounds.optional(),
  takeovers: bounds.optional(),
  checkpoints: bounds.optional(),
  neverCommitted: bounds.optional(),
  instancesAtOnce: count(1, 100, "instances").optional(),
  lostWorkSeconds: bounds.optional(),
  pauseSeconds: bounds.optional(),
  virtualSeconds: bounds.optional(),
  spotRequestStatus: words("a list of Spot request status codes").optional(),
  interruptionTimeline: leaf<true>((value) => value === true, "true").optional(),
  finalLogs: leaf<boolean>((value) => typeof value === "boolean", "true or false").optional(),
  logEvents: words("a list of the agent's log events").optional(),
  deregistered: leaf<true>((value) => value === true, "true").optional(),
  logEventsOfAny: words("a list of the agent's log events").optional(),
  alarms: words("a list of the deployment's alarms, by their names without the deployment's").optional(),
  instancesGoneWithinSeconds: seconds.optional(),
});
/** One field for each condition of the table. */
const conditions = fields(Object.fromEntries(Object.entries(REGION_CONDITIONS).map(([condition, { allowed }]): [string, z.ZodType] => [
  condition,
  (allowed.kind === "text" ? leaf((value) => typeof value === "string" && allowed.pattern.test(value), allowed.what) : allowed.kind === "boolean" ? leaf((value) => typeof value === "boolean", "true or false")
    : allowed.whole ? count(allowed.least, allowed.most, allowed.unit) : figure(allowed.least, allowed.most, allowed.unit)).optional(),
])));
/** Which knobs there are, and what each allows, is the stacks' to say. */
const isKnob = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value) || (Array.isArray(value) && value.every((entry) => typeof entry === "string"));
const knobs = leaf<Knobs>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).every((key) => /^[a-z][A-Za-z]*$/.test(key)) && Object.values(value).every(isKnob),
  "knobs of the deployment by their names, each a text, a number, true, false or a list of texts",
);
/** A file, without its matrix. */
export const SCENARIO_FILE = fields({
  name,
  description: text("what the scenario proves, in words"),
  job: fields(jobFields).optional(),
  jobs: z.array(fields({ name, ...jobFields }), { error: () => "allowed: a list of jobs, each with a name" }).min(1, { error: () => "allowed: at least one job" }).optional(),
  faults: z.array(fault, { error: () => "allowed: a list of faults" }).max(LIMITS.faults, { error: () => `allowed: at most ${LIMITS.faults} faults` }).optional(),
  region: conditions.optional(),
  program: name.optional(),
  knobs: knobs.optional(),
  expect: expectation.optional(),
  timeoutMinutes: figure(1, 12 * LIMITS.durationMinutes.most, "minutes").optional(),
});
