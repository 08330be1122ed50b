/** Reads Retry and Catch. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html */
import { combine, completeJsonata, type Completion } from "../states/flow";
import { isObject, type Json, type JsonObject, type Maybe } from "../json";
import { evaluatePayload } from "../jsonpath/template";
import type { Branch } from "../branch";
import type { Catcher, Recovery, Retrier } from "../states/recovery";
import type { State } from "../state";
import { checkAssign, readJsonata } from "./flow";
import type { Reader } from "./reader";

const RETRY_FIELDS = new Set(["ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy", "Comment"]);
const CATCH_FIELDS = { JSONPath: new Set(["ErrorEquals", "Next", "ResultPath", "Assign", "Comment"]), JSONata: new Set(["ErrorEquals", "Next", "Output", "Assign", "Comment"]) };
const MAXIMUM_ATTEMPTS = 99_999_999;
const MAXIMUM_DELAY_SECONDS = 31_622_400;

export function readRecovery(reader: Reader): Recovery {
  return { retriers: entries(reader, "Retry").map(readRetrier), catchers: entries(reader, "Catch").map(readCatcher) };
}

function entries(reader: Reader, field: "Retry" | "Catch"): Reader[] {
  const list = reader.array(field) ?? [];
  const readers: Reader[] = [];
  list.forEach((entry, index) => {
    if (isObject(entry)) readers.push(reader.inside(entry, `${field}[${index}]`));
    else reader.problem(`${field}[${index}]`, "Expected value of type [OBJECT]");
  });
  readers.forEach((entry, index) => { checkErrorEquals(entry, index === readers.length - 1); });
  return readers;
}

function checkErrorEquals(reader: Reader, isLast: boolean): void {
  if (!reader.has("ErrorEquals")) {
    reader.problem(undefined, "These fields are required: [ErrorEquals]");
    return;
  }
  const names = reader.array("ErrorEquals") ?? [];
  if (names.length === 0) reader.problem("ErrorEquals", "Value cannot be empty");
  if (!names.every((name) => typeof name === "string")) reader.problem("ErrorEquals", "Expected value of type [STRING]");
  if (names.includes("States.ALL") && (names.length > 1 || !isLast)) {
    reader.problem("ErrorEquals", "States.ALL must appear alone and at end of list");
  }
}

const errorEquals = (reader: Reader): string[] => (Array.isArray(reader.fields["ErrorEquals"]) ? reader.fields["ErrorEquals"].filter((name) => typeof name === "string") : []);

function readRetrier(reader: Reader): Retrier {
  unknownFields(reader, RETRY_FIELDS);
  const jitter = reader.string("JitterStrategy");
  if (jitter !== undefined && jitter !== "FULL" && jitter !== "NONE") reader.problem("JitterStrategy", "Value should be one of the following: [NONE, FULL]");
  return {
    errorEquals: errorEquals(reader),
    intervalSeconds: reader.number("IntervalSeconds", { least: 0, most: 99_999_999 }) ?? 1,
    maxAttempts: reader.number("MaxAttempts", { least: 0, most: MAXIMUM_ATTEMPTS }) ?? 3,
    backoffRate: reader.number("BackoffRate", { least: 1, whole: false }) ?? 2,
    maxDelaySeconds: reader.number("MaxDelaySeconds", { least: 1, most: MAXIMUM_DELAY_SECONDS }),
    jitter: jitter === "FULL",
  };
}

function readCatcher(reader: Reader): Catcher {
  unknownFields(reader, CATCH_FIELDS[reader.language]);
  if (!reader.has("Next")) reader.problem(undefined, "These fields are required: [Next]");
  checkAssign(reader);
  const catcher = { errorEquals: errorEquals(reader), next: undefined as unknown as State, complete: completion(reader) };
  reader.link("Next", (state) => { catcher.next = state; });
  return catcher;
}

function completion(reader: Reader): (branch: Branch, input: Json, errorOutput: JsonObject) => Maybe<Completion> {
  if (reader.language === "JSONata") {
    const fields = readJsonata(reader);
    return (branch, input, errorOutput) => completeJsonata(fields, branch, { input, errorOutput }, errorOutput);
  }
  const resultPath = reader.referencePath("ResultPath");
  const assign = reader.payload("Assign");
  return (branch, input, errorOutput) => {
    const assigned = assign === undefined ? undefined : (evaluatePayload(assign, branch, errorOutput) as JsonObject);
    const output = combine(resultPath, branch, input, errorOutput);
    return assigned === undefined ? { output } : { output, assigned };
  };
}

function unknownFields(reader: Reader, known: ReadonlySet<string>): void {
  for (const field of Object.keys(reader.fields)) if (!known.has(field)) reader.unknownField(field);
}
