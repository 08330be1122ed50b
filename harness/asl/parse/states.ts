/** Reads each type of state. */
import type { Branch } from "../branch";
import { DISTRIBUTED_FIELDS } from "./fields";
import { JsonPathFlow } from "../states/flow";
import { isObject, then, typeName, type Json, type JsonObject, type Maybe } from "../json";
import { typedField, isExpression, evaluateTemplate } from "../jsonata/template";
import { MISSING } from "../jsonpath/steps";
import { evaluatePayload } from "../jsonpath/template";
import { REFUSED } from "../limits";
import type { State, SubMachine } from "../state";
import type { StateType } from "../state-types";
import { ChoiceState } from "../states/choice";
import { FailState } from "../states/fail";
import { MapState, type MapFields } from "../states/map";
import { ParallelState } from "../states/parallel";
import { PassState } from "../states/pass";
import { SucceedState } from "../states/succeed";
import { TaskState } from "../states/task";
import { WaitState, type WaitFor } from "../states/wait";
import { parseTimestamp } from "../timestamp";
import { readRule } from "./choice-rules";
import { readFlow } from "./flow";
import { readRecovery } from "./recovery";
import { NO_TIMESTAMP, type Reader } from "./reader";

/** Reads a machine within a state; the pointer leads to it from the state. */
export type SubMachineReader = (fields: JsonObject, pointer: string) => SubMachine | undefined;
type StateReader = (name: string, reader: Reader, subMachine: SubMachineReader) => State | undefined;

export const STATE_READERS: Readonly<Record<StateType, StateReader>> = {
  Pass: (name, reader) => new PassState(name, readFlow(reader, true), reader.fields["Result"]),
  Succeed: (name, reader) => new SucceedState(name, readFlow(reader, true)),
  Fail: (name, reader) => new FailState(name, reader.textField("Error"), reader.textField("Cause")),
  Wait: readWait,
  Choice: readChoice,
  Task: readTask,
  Parallel: readParallel,
  Map: readMap,
};

const WAIT_FIELDS = ["SecondsPath", "Seconds", "TimestampPath", "Timestamp"];

function readWait(name: string, reader: Reader): State | undefined {
  const given = WAIT_FIELDS.filter((field) => reader.has(field));
  if (given.length !== 1) {
    if (given.length > 1) reader.onlyOne(...WAIT_FIELDS);
    else reader.problem(undefined, `This object should have only one of the following fields: [${WAIT_FIELDS.join(", ")}]`);
    return undefined;
  }
  const flow = readFlow(reader, true);
  if (given[0]?.startsWith("Seconds") === true) {
    const value = reader.numberField("Seconds", 0);
    return value && new WaitState(name, flow, { kind: "seconds", value });
  }
  const text = given[0] === "TimestampPath" && reader.language === "JSONPath" ? timestampPath(reader) : reader.textField("Timestamp");
  const fixed = reader.fields["Timestamp"];
  if (typeof fixed === "string" && !isExpression(fixed) && parseTimestamp(fixed) === undefined) reader.problem("Timestamp", NO_TIMESTAMP);
  if (text === undefined) return undefined;
  const waitFor: WaitFor = {
    kind: "until",
    value: (branch, input) => then(text(branch, input), (value) => {
      const time = parseTimestamp(value);
      if (time !== undefined) return time;
      throw reader.language === "JSONata"
        ? branch.fault("States.QueryEvaluationError", `The Timestamp value '${value}' is not a valid ISO-8601 timestamp`, { location: "Timestamp" })
        : branch.fault("States.Runtime", `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${String(reader.fields["TimestampPath"])} == ${value}`, { fatal: true });
    }),
  };
  return new WaitState(name, flow, waitFor);
}

/** What TimestampPath leads to, if anything, as text: what is no timestamp is shown as it is. */
function timestampPath(reader: Reader): ((branch: Branch, input: Json) => string) | undefined {
  const path = reader.parsedPath("TimestampPath", reader.fields["TimestampPath"] as Json);
  return path && ((branch, input) => {
    const value = path.find(branch, input);
    if (value === MISSING) throw branch.fault("States.Runtime", `The TimestampPath parameter does not reference an input value: ${path.source}`, { fatal: true });
    return typeof value === "string" ? value : JSON.stringify(value);
  });
}

function readChoice(name: string, reader: Reader): State {
  const flow = readFlow(reader, true);
  const outputPath = flow instanceof JsonPathFlow ? flow.fields.outputPath : undefined;
  const state = new ChoiceState(name, flow);
  const choices = reader.array("Choices") ?? [];
  if (choices.length === 0 && reader.has("Choices")) reader.problem("Choices", "Value cannot be empty");
  state.rules = choices.flatMap((rule, index) => {
    if (isObject(rule)) return [readRule(reader.inside(rule, `Choices[${index}]`), outputPath)];
    reader.problem(`Choices[${index}]`, "Expected value of type [OBJECT]");
    return [];
  });
  reader.link("Default", (target) => { state.otherwise = target; });
  return state;
}

function readTask(name: string, reader: Reader): State | undefined {
  const arn = reader.string("Resource");
  const flow = readFlow(reader, false);
  const recovery = readRecovery(reader);
  const timeoutSeconds = reader.numberField("TimeoutSeconds", 1);
  const heartbeatSeconds = reader.numberField("HeartbeatSeconds", 1);
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = reader.fields;
  if (typeof timeout === "number" && typeof heartbeat === "number" && heartbeat >= timeout) reader.problem(undefined, "HeartbeatSeconds must be smaller than TimeoutSeconds");
  const roleArn = readCredentials(reader);
  if (arn === undefined) return undefined;
  if (!arn.startsWith("arn:")) {
    reader.problem("Resource", "Value is not a valid resource ARN");
    return undefined;
  }
  const resource = reader.context.resolve(arn);
  if (typeof resource === "string") {
    reader.problem("Resource", resource);
    return undefined;
  }
  return new TaskState(name, { flow, resource, timeoutSeconds, heartbeatSeconds, roleArn, recovery });
}

function readCredentials(reader: Reader): ((branch: Branch, input: Json) => Maybe<string>) | undefined {
  const credentials = reader.object("Credentials");
  if (credentials === undefined) return undefined;
  const inner = reader.inside(credentials, "Credentials");
  if (!inner.has("RoleArn") && !(reader.language === "JSONPath" && inner.has("RoleArn.$"))) reader.problem("Credentials", "The field 'RoleArn' is required but was missing");
  if (reader.language === "JSONata") return inner.textField("RoleArn");
  const template = reader.payload("Credentials");
  return template && ((branch, input) => {
    const { RoleArn: role } = evaluatePayload(template, branch, input) as JsonObject;
    if (typeof role === "string") return role;
    throw branch.fault("States.Runtime", `The Credentials field must have a RoleArn of type string, but was a value of type ${typeName(role)}`, { fatal: true });
  });
}

function readParallel(name: string, reader: Reader, subMachine: SubMachineReader): State {
  const state = new ParallelState(name, readFlow(reader, false));
  state.recovery = readRecovery(reader);
  const branches = reader.array("Branches") ?? [];
  if (branches.length === 0 && reader.has("Branches")) reader.problem("Branches", "Value cannot be empty");
  state.branches = branches.flatMap((fields, index) => {
    if (!isObject(fields)) {
      reader.problem(`Branches[${index}]`, "Expected value of type [OBJECT]");
      return [];
    }
    const machine = subMachine(fields, `Branches[${index}]`);
    return machine === undefined ? [] : [machine];
  });
  return state;
}

function readMap(name: string, reader: Reader, subMachine: SubMachineReader): State | undefined {
  const field = reader.has("ItemProcessor") ? "ItemProcessor" : "Iterator";
  const fields = reader.object(field);
  if (fields === undefined) {
    if (!reader.has(field)) reader.problem(undefined, "This object should have only one of the following fields: [ItemProcessor, Iterator]");
    return undefined;
  }
  if (reader.has("ItemProcessor") && reader.has("Iterator")) reader.onlyOne("ItemProcessor", "Iterator");
  checkTolerated(reader);
  checkInline(reader, fields, field);
  const state = new MapState(name, readMapFields(reader), DISTRIBUTED_FIELDS.some((distributed) => reader.has(distributed)));
  state.recovery = readRecovery(reader);
  const machine = subMachine(fields, field);
  if (machine !== undefined) state.processor = machine;
  return state;
}

/** An inline map does nothing with how much failure it may bear, but the numbers must be such. */
function checkTolerated(reader: Reader): void {
  for (const [field, bounds] of [["ToleratedFailureCount", { least: 0 }], ["ToleratedFailurePercentage", { least: 0, most: 100, whole: false }]] as const) {
    if (reader.has(field) && reader.has(`${field}Path`)) reader.onlyOne(field, `${field}Path`);
    if (reader.language === "JSONPath" || !isExpression(reader.fields[field])) reader.number(field, bounds);
  }
}

/** Distributed maps are refused by name: their child executions are not modelled. */
function checkInline(reader: Reader, processor: JsonObject, field: string): void {
  const config = processor["ProcessorConfig"];
  if (config !== undefined && !isObject(config)) {
    reader.problem(`${field}/ProcessorConfig`, "Expected value of type [OBJECT]");
    return;
  }
  const mode = config?.["Mode"] ?? "INLINE";
  if (mode === "DISTRIBUTED") {
    reader.problem(`${field}/ProcessorConfig/Mode`, `${REFUSED.distributedMaps} are not supported by this region`);
    return;
  }
  if (config?.["ExecutionType"] !== undefined) reader.problem(`${field}/ProcessorConfig`, "Field 'ExecutionType' is not supported");
  if (mode !== "INLINE") reader.problem(`${field}/ProcessorConfig/Mode`, "Value should be one of the following: [INLINE, DISTRIBUTED]");
}

function readMapFields(reader: Reader): MapFields {
  const selector = reader.has("ItemSelector") ? "ItemSelector" : "Parameters";
  for (const field of ["MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"]) reader.checkPlace(field, false);
  const maxConcurrency = reader.numberField("MaxConcurrency", 0) ?? (() => 0);
  if (reader.language === "JSONata") {
    const template = reader.template("ItemSelector");
    return {
      flow: readFlow(reader, false), items: readJsonataItems(reader), maxConcurrency,
      itemSelector: template && ((branch, input) => evaluateTemplate(template, branch, { input })),
    };
  }
  const payload = reader.payload(selector);
  reader.checkPlace("ItemsPath", true);
  const itemsPath = reader.path("ItemsPath");
  // Parameters of a Map is an older name of ItemSelector, and no part of the state's own input.
  const { Parameters: _parameters, ...others } = reader.fields;
  return {
    flow: readFlow(reader.with(others), false), maxConcurrency,
    items(branch, _input, prepared) {
      const value = itemsPath === undefined || itemsPath === null ? prepared : itemsPath.evaluate(branch, prepared, "ItemsPath");
      if (Array.isArray(value)) return value;
      throw branch.fault("States.Runtime", `Reference path "${itemsPath?.source ?? "$"}" must point to array.`, { fatal: true });
    },
    itemSelector: payload && ((branch, _input, prepared) => evaluatePayload(payload, branch, prepared)),
  };
}

function readJsonataItems(reader: Reader): MapFields["items"] {
  const items = reader.fields["Items"];
  if (items === undefined) {
    return (branch, input) => {
      if (Array.isArray(input)) return input;
      throw branch.fault("States.QueryEvaluationError", `Map state input must be an array but was: ${JSON.stringify(input)}`, { evaluation: true });
    };
  }
  const typed = typedField(items, "Items", "array", (value): value is Json[] => Array.isArray(value), reader.templates);
  return (branch, input) => typed.evaluate(branch, { input });
}
