/**
 * Reads a scenario file: YAML to checked runs. Every refusal names file, line and field, what was given and what is
 * allowed; nothing is started before every file has passed.
 */
import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { z } from "zod";
import { UsageError } from "./errors";
import { didYouMean } from "./nearest";
import { REGION_CONDITIONS, type RegionConditions } from "./region-conditions";
import { CHECKPOINT_DAMAGES, CUT_SCOPES, EXECUTION_STATUSES, FAULT_KINDS, KILLED_PROCESSES, LIFECYCLES, PHASE_NAMES, POOL_CHOICES, STORAGE_ANSWERS, STORAGE_SERVICES, STRUCK_PARTIES, type Ending, type Expectation, type Fault, type JobSpec, type Knobs, type ScenarioRun, type Trigger } from "./scenario";
import { expectationProblems, faultProblems, LIMITS, shownValue, type Path, type Problem } from "./scenario-rules";

/** What a scenario leaves out. */
export const DEFAULT_JOB: JobSpec = { name: "job", durationMinutes: 6, checkpointMinutes: 2, saveSeconds: 3 };

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const MATRIX_VALUE = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const PLACEHOLDER = /\$\{([^}]*)\}/g;

// ---- the schema -------------------------------------------------------------------------------------------------

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
const file = fields({
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

// ---- reading ----------------------------------------------------------------------------------------------------

/** Where things stand in a file. */
class Source {
  private readonly lines = new LineCounter();
  readonly document: Document.Parsed;

  constructor(readonly name: string, readonly text: string) {
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, uniqueKeys: true });
  }

  place(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${this.name}:${Math.max(1, line)}:${Math.max(1, col)}`;
  }

  /** The offset of a field, or of the nearest thing that encloses it. */
  find(path: Path, key?: string): number {
    for (let depth = path.length; depth >= 0; depth--) {
      const parent: unknown = depth === 0 && path.length === 0 ? this.document.contents : this.document.getIn(path.slice(0, depth), true);
      if (key !== undefined && depth === path.length && isMap(parent)) {
        const found = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
        if (found !== undefined && isScalar(found.key)) return found.key.range?.[0] ?? 0;
      }
      const range = (parent as Node | undefined)?.range;
      if (range) return range[0];
    }
    return 0;
  }
}

const shownPath = (path: Path): string => path.map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${part}`)).join("");
const valueAt = (value: unknown, path: Path): unknown => path.reduce<unknown>((inner, part) => (inner as Record<string | number, unknown> | undefined)?.[part], value);

/**
 * The runs of one scenario file. Throws UsageError that names file, line, column and field of everything wrong with it.
 * `fileName` is how the file is called in messages and in the runs.
 */
export function parseScenario(fileText: string, fileName: string): ScenarioRun[] {
  const source = new Source(fileName, fileText);
  const broken = source.document.errors[0];
  if (broken !== undefined) {
    const quoting = /\$\{/.test(fileText.split("\n")[Number(source.place(broken.pos[0]).split(":").at(-2)) - 1] ?? "");
    throw new UsageError(
      `${source.place(broken.pos[0])}: invalid YAML: ${broken.message.replace(/\s+/g, " ").trim()}`,
      quoting ? "Between braces or brackets a placeholder needs quotes: \"${matrix.name}\"." : "Mend the file's YAML.",
    );
  }
  let content: unknown;
  try {
    content = source.document.toJS();
    JSON.stringify(content); // an alias within what it refers to has no end
  } catch (error) {
    const why = error instanceof TypeError ? "an alias stands within what it refers to" : (error as Error).message;
    throw new UsageError(`${source.place(0)}: invalid YAML: ${why}`, "Mend the file's YAML.");
  }
  if (content === null || typeof content !== "object" || Array.isArray(content)) {
    throw new UsageError(`${source.place(0)}: a scenario is a list of fields (name, description, job, faults, expect), but this is ${shownValue(content)}.`, "See harness/scenarios/ for examples.");
  }
  const { matrix, ...body } = content as Record<string, unknown>;
  const combinations = readMatrix(source, matrix, body);
  return combinations.map((values) => readRun(source, body, values));
}

type MatrixValue = string | number | boolean;

/** Every combination of the matrix's values: one empty one when there is no matrix. */
function readMatrix(source: Source, matrix: unknown, body: unknown): Map<string, MatrixValue>[] {
  const refuse = (path: Path, message: string, key?: string): never => {
    throw new UsageError(`${source.place(source.find(path, key))}: ${shownPath(key === undefined ? path : [...path, key])}: ${message}`, MEND);
  };
  let combinations = [new Map<string, MatrixValue>()];
  if (matrix !== undefined) {
    if (matrix === null || typeof matrix !== "object" || Array.isArray(matrix)) refuse(["matrix"], `${shownValue(matrix)}; allowed: names, each with a list of values`);
    for (const [key, values] of Object.entries(matrix as object)) {
      if (!Array.isArray(values) || values.length === 0) refuse(["matrix", key], `${shownValue(values)}; allowed: a list of at least one value`);
      const seen = new Set<string>();
      (values as unknown[]).forEach((value, index) => {
        const given = String(value);
        if (!["string", "number", "boolean"].includes(typeof value) || !MATRIX_VALUE.test(given)) refuse(["matrix", key, index], `${shownValue(value)}; allowed: a number, or letters, digits, ".", "_" and "-"`);
        if (seen.has(given)) refuse(["matrix", key, index], `${shownValue(value)} stands here twice`);
        seen.add(given);
      });
      combinations = combinations.flatMap((known) => (values as MatrixValue[]).map((value) => new Map([...known, [key, value]])));
      if (combinations.length > LIMITS.matrixRuns) refuse(["matrix"], `gives more than ${LIMITS.matrixRuns} runs; allowed: at most ${LIMITS.matrixRuns}`);
    }
  }
  const names = [...combinations[0]!.keys()];
  const used = new Set<string>();
  walk(body, [], (value, path) => {
    for (const [whole, inner] of value.matchAll(PLACEHOLDER)) {
      const found = /^matrix\.(.+)$/.exec(inner ?? "")?.[1];
      if (found === undefined || !names.includes(found)) {
        const hint = names.length === 0 ? "the file has no matrix" : `the matrix has ${names.join(", ")}${didYouMean(found ?? inner ?? "", names)}`;
        refuse(path, `${whole} has no value: ${hint}`);
      }
      used.add(found!);
    }
  });
  const idle = names.find((key) => !used.has(key));
  if (idle !== undefined) refuse(["matrix"], `no field uses \${matrix.${idle}}, so its runs would all be the same`, idle);
  return combinations;
}

function walk(value: unknown, path: Path, visit: (value: string, path: Path) => void): void {
  if (typeof value === "string") visit(value, path);
  else if (Array.isArray(value)) value.forEach((entry, index) => walk(entry, [...path, index], visit));
  else if (value !== null && typeof value === "object") for (const [key, entry] of Object.entries(value)) walk(entry, [...path, key], visit);
}

/** Placeholders replaced. One that is the whole of a value keeps the type of what it stands for. */
function fill(value: unknown, values: Map<string, MatrixValue>): unknown {
  if (typeof value === "string") {
    const whole = /^\$\{matrix\.([^}]+)\}$/.exec(value)?.[1];
    if (whole !== undefined) return values.get(whole);
    return value.replace(PLACEHOLDER, (_, inner: string) => String(values.get(inner.replace(/^matrix\./, ""))));
  }
  if (Array.isArray(value)) return value.map((entry) => fill(entry, values));
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry, values)]));
  return value;
}

const MEND = "Nothing was started. Mend the file and run it again.";

function readRun(source: Source, body: Record<string, unknown>, values: Map<string, MatrixValue>): ScenarioRun {
  const filled = fill(body, values);
  const where = values.size === 0 ? "" : ` (with ${[...values].map(([key, value]) => `matrix.${key} = ${value}`).join(", ")})`;
  const refuse = (problems: Problem[]): never => {
    const lines = problems
      .map(({ path, key, message }) => ({ offset: source.find(path, key), line: `${shownPath(key === undefined ? path : [...path, key])}: ${message}${where}` }))
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, line }) => `${source.place(offset)}: ${line}`);
    throw new UsageError([...new Set(lines)].slice(0, 8).join("\n"), MEND);
  };

  const checked = file.safeParse(filled);
  if (!checked.success) {
    return refuse(checked.error.issues.flatMap((issue): Problem[] => {
      const path = issue.path as Path;
      if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({ path, key, message: issue.message }));
      const given = valueAt(filled, path);
      return [{ path, message: `${given === undefined ? "is missing" : shownValue(given)}; ${issue.message}` }];
    }));
  }
  const data = checked.data;
  const problems: Problem[] = [];
  if (data.job !== undefined && data.jobs !== undefined) problems.push({ path: [], key: "job", message: "stands beside jobs; allowed: one of the two" });
  const jobs: JobSpec[] = (data.jobs ?? [{ name: DEFAULT_JOB.name, ...data.job }]).map((job) => ({ ...DEFAULT_JOB, ...defined(job) }));
  jobs.forEach((job, index) => {
    if (jobs.findIndex((other) => other.name === job.name) < index) problems.push({ path: ["jobs", index, "name"], message: `${shownValue(job.name)} is the name of an earlier job too` });
  });
  const faults: Fault[] = (data.faults ?? []).map((entry) => ({ ...defined(entry), job: entry.job ?? jobs[0]!.name, at: defined(entry.at) as Trigger, ...(entry.ends === undefined ? {} : { ends: defined(entry.ends) as Ending }) }));
  faults.forEach((entry, index) => problems.push(...faultProblems(entry, index, faults, jobs)));
  const expect: Expectation = { status: "SUCCEEDED", ...(defined(data.expect ?? {}) as Partial<Expectation>) };
  problems.push(...expectationProblems(expect, faults, jobs));
  if (problems.length > 0) return refuse(problems);

  const longest = Math.max(...jobs.map((job) => job.durationMinutes));
  return {
    id: values.size === 0 ? data.name : `${data.name}/${[...values.values()].join(",")}`,
    name: data.name,
    description: data.description.trim().replace(/\s+/g, " "),
    jobs, faults, expect,
    ...(data.region === undefined ? {} : { region: defined(data.region) as RegionConditions }),
    ...(data.program === undefined ? {} : { program: data.program }),
    ...(data.knobs === undefined ? {} : { knobs: data.knobs }),
    timeoutMinutes: data.timeoutMinutes ?? 2 * longest + 30 + 15 * faults.length + sum(faults.map((entry) => entry.durationSeconds ?? 0)) / 60,
    file: source.name,
  };
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const defined = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;

/** Refuses two files that give the same scenario name, naming both. Throws UsageError. */
export function refuseDoubles(runs: readonly ScenarioRun[]): void {
  const files = new Map<string, string>();
  for (const run of runs) {
    const other = files.get(run.name);
    if (other !== undefined && other !== run.file) {
      throw new UsageError(`The scenario name "${run.name}" is used twice: in ${other} and in ${run.file}.`, "Give one of them another name.");
    }
    files.set(run.name, run.file);
  }
}
