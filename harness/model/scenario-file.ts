/**
 * Reads a scenario file: YAML to checked runs. Every refusal names file, line and field, what was given and what is
 * allowed; nothing is started before every file has passed.
 */
import { UsageError } from "./errors";
import type { RegionConditions } from "./region-conditions";
import type { Ending, Expectation, Fault, JobSpec, ScenarioRun, Trigger } from "./scenario";
import { fill, readMatrix, type MatrixValue } from "./scenario-matrix";
import { conditionProblems, expectationProblems, faultProblems, shownValue, type Path, type Problem } from "./scenario-rules";
import { SCENARIO_FILE } from "./scenario-schema";
import { MEND, shownPath, Source } from "./scenario-source";

/** What a scenario leaves out. */
const DEFAULT_JOB: JobSpec = { name: "job", durationMinutes: 6, checkpointMinutes: 2, saveSeconds: 3 };

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

const valueAt = (value: unknown, path: Path): unknown => path.reduce<unknown>((inner, part) => (inner as Record<string | number, unknown> | undefined)?.[part], value);

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

  const checked = SCENARIO_FILE.safeParse(filled);
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
  problems.push(...conditionProblems(data.region ?? {}));
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
