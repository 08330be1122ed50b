/** A scenario file's matrix: names with their values, each combination of which is a run; fields have `${matrix.NAME}` for them. */
import { UsageError } from "./errors";
import { didYouMean } from "./nearest";
import { LIMITS, shownValue, type Path } from "./scenario-rules";
import { MEND, shownPath, type Source } from "./scenario-source";

const MATRIX_VALUE = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const PLACEHOLDER = /\$\{([^}]*)\}/g;

export type MatrixValue = string | number | boolean;

/** Every combination of the matrix's values: one empty one when there is no matrix. */
export function readMatrix(source: Source, matrix: unknown, body: unknown): Map<string, MatrixValue>[] {
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
export function fill(value: unknown, values: Map<string, MatrixValue>): unknown {
  if (typeof value === "string") {
    const whole = /^\$\{matrix\.([^}]+)\}$/.exec(value)?.[1];
    if (whole !== undefined) return values.get(whole);
    return value.replace(PLACEHOLDER, (_, inner: string) => String(values.get(inner.replace(/^matrix\./, ""))));
  }
  if (Array.isArray(value)) return value.map((entry) => fill(entry, values));
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry, values)]));
  return value;
}
