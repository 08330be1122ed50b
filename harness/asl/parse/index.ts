/**
 * Reads a definition in the Amazon States Language: checked as AWS checks it before it lets a state machine be created,
 * and made into states that run. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
 */
import { DefinitionError, Problems, type Diagnostic } from "../diagnostics";
import { isObject, type Json, type JsonObject } from "../json";
import { JsonTextProblem, parseJsonText } from "../json-text";
import { fieldStatus, hasTransition, requiredFields, type QueryLanguage } from "./fields";
import { Reader, type Linker, type ParseContext } from "./reader";
import { STATE_READERS } from "./states";
import type { State, StateMachine, SubMachine } from "../state";
import { STATE_TYPES, type StateType } from "../state-types";
import type { ResourceResolver } from "../tasks";

export interface ParseOptions {
  /** Which resources tasks may name. */
  resolve: ResourceResolver;
}

/** What a definition is found to be: a machine where nothing in it is an error. */
export interface Parsed { machine: StateMachine | undefined; diagnostics: readonly Diagnostic[] }

/** Reads a definition. Throws DefinitionError for one that AWS would refuse. */
export function parseDefinition(text: string, options: ParseOptions): StateMachine {
  const { machine, diagnostics } = checkDefinition(text, options);
  if (machine === undefined) throw new DefinitionError(diagnostics);
  return machine;
}

/** Reads a definition and tells everything that is wrong with it. */
export function checkDefinition(text: string, { resolve }: ParseOptions): Parsed {
  const problems = new Problems();
  const machine = read(text, problems, resolve);
  return { machine: problems.hasErrors ? undefined : machine, diagnostics: problems.found };
}

function read(text: string, problems: Problems, resolve: ResourceResolver): StateMachine | undefined {
  let definition: Json;
  try {
    definition = parseJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonTextProblem)) throw error;
    if (text.trim() === "") problems.add("SCHEMA_VALIDATION_FAILED", NOT_AN_OBJECT);
    else problems.add("INVALID_JSON_DESCRIPTION", error.message, error.place);
    return undefined;
  }
  if (!isObject(definition)) {
    problems.add("SCHEMA_VALIDATION_FAILED", NOT_AN_OBJECT);
    return undefined;
  }
  const language = languageOf(definition, "JSONPath");
  const context: ParseContext = { problems, resolve, language };
  const reader = new Reader(definition, "", language, context, NO_LINKER);
  checkLanguage(definition, "", problems);
  const timeoutSeconds = reader.number("TimeoutSeconds", { least: 1, most: 99_999_999 });
  const comment = reader.string("Comment");
  reader.string("Version");
  const machine = readMachine(definition, "", context, new Set(TOP_FIELDS), new Map());
  return machine && { startAt: machine.startAt, timeoutSeconds, comment, queryLanguage: language };
}

const NOT_AN_OBJECT = "Definition must be a valid JSON object";
const TOP_FIELDS = ["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"];
const SUB_FIELDS = ["Comment", "StartAt", "States", "ProcessorConfig"];
const NO_LINKER: Linker = { link: () => undefined };
const MAXIMUM_NAME_LENGTH = 80;

/** Whatever is given and is not JSONPath counts as JSONata, however it is spelt. */
function languageOf(fields: JsonObject, outer: QueryLanguage): QueryLanguage {
  const { QueryLanguage: given } = fields;
  if (given === undefined) return outer;
  return given === "JSONPath" ? "JSONPath" : "JSONata";
}

function checkLanguage(fields: JsonObject, location: string, problems: Problems): void {
  const { QueryLanguage: given } = fields;
  if (given === undefined || given === "JSONPath" || given === "JSONata") return;
  problems.schema(`${location}/QueryLanguage`, typeof given === "string" ? "Value should be one of the following: [JSONPath, JSONata]" : "Expected value of type [STRING]");
}

interface Link { from: string | undefined; target: string; location: string; set: (state: State) => void }

/** The states of a machine or of a machine within a state. `names` holds every state's name so far: they are unique in a whole definition. */
function readMachine(fields: JsonObject, location: string, context: ParseContext, known: ReadonlySet<string>, names: Map<string, string>): SubMachine | undefined {
  const { problems } = context;
  const here = location === "" ? "/" : location;
  for (const field of Object.keys(fields)) if (!known.has(field)) problems.schema(here, `Field '${field}' is not supported`);
  const missing = ["States", "StartAt"].filter((field) => fields[field] === undefined);
  if (missing.length > 0) problems.schema(here, `These fields are required: [${missing.join(", ")}]`);
  const { States: states, StartAt: startAt } = fields;
  if (startAt !== undefined && typeof startAt !== "string") problems.schema(`${location}/StartAt`, "Expected value of type [STRING]");
  if (states !== undefined && !isObject(states)) problems.schema(`${location}/States`, "Expected value of type [OBJECT]");
  if (!isObject(states) || typeof startAt !== "string") return undefined;
  if (Object.keys(states).length === 0) problems.schema(`${location}/States`, "Object must contain at least 1 element");

  const links: Link[] = [];
  const built = new Map<string, State>();
  const start: { state?: State } = {};
  links.push({ from: undefined, target: startAt, location: `${location}/StartAt`, set: (state) => { start.state = state; } });
  for (const [name, stateFields] of Object.entries(states)) {
    const at = `${location}/States/${name}`;
    if (names.has(name)) problems.add("DUPLICATE_STATE_NAME", `Duplicate State name: ${name}`, at);
    names.set(name, at);
    if (name.length > MAXIMUM_NAME_LENGTH) problems.add("INVALID_STATE_NAME", `Invalid State name: State '${name}' exceeds the ${MAXIMUM_NAME_LENGTH}-character limit allowed by the service`, at);
    else if (name.length === 0) problems.add("INVALID_STATE_NAME", "Invalid State name: a state's name cannot be empty", at);
    if (!isObject(stateFields)) {
      problems.schema(at, "Expected value of type [OBJECT]");
      continue;
    }
    const linker: Linker = { link: (target, linkLocation, set) => { links.push({ from: name, target, location: linkLocation, set }); } };
    const state = readState(name, stateFields, at, context, linker, names);
    if (state !== undefined) built.set(name, state);
  }
  for (const { target, location: linkLocation, set } of links) {
    const state = built.get(target);
    if (state !== undefined) set(state);
    else if (!Object.prototype.hasOwnProperty.call(states, target)) problems.add("MISSING_TRANSITION_TARGET", `Missing 'Next' target: ${target}`, linkLocation);
  }
  if (location === "" && !Object.values(states).some(isTerminalState)) problems.add("MISSING_END_STATE", "Workflow has no terminal state");
  else reportUnreachable(states, startAt, links, location, problems);
  return start.state && { startAt: start.state };
}

const isTerminalState = (state: Json): boolean => isObject(state) && (state["Type"] === "Succeed" || state["Type"] === "Fail" || state["End"] === true);

function reportUnreachable(states: JsonObject, startAt: string, links: readonly Link[], location: string, problems: Problems): void {
  const reached = new Set(Object.prototype.hasOwnProperty.call(states, startAt) ? [startAt] : []);
  for (const name of reached) for (const { from, target } of links) if (from === name) reached.add(target);
  for (const name of Object.keys(states)) if (!reached.has(name)) problems.add("MISSING_TRANSITION_TARGET", `State "${name}" is not reachable.`, `${location}/States/${name}`);
}

function readState(name: string, fields: JsonObject, location: string, context: ParseContext, linker: Linker, names: Map<string, string>): State | undefined {
  const { problems } = context;
  const { Type: type } = fields;
  if (type === undefined) {
    problems.schema(location, "These fields are required: [Type]");
    return undefined;
  }
  if (!(STATE_TYPES as readonly Json[]).includes(type)) {
    problems.schema(`${location}/Type`, `The field 'Type' should have one of these values: [${STATE_TYPES.join(", ")}]`);
    return undefined;
  }
  const stateType = type as StateType;
  const language = languageOf(fields, context.language);
  // The language of a machine cannot be taken back for one of its states; that is then all that is said of its fields' language.
  const isDowngraded = context.language === "JSONata" && fields["QueryLanguage"] === "JSONPath";
  if (isDowngraded) problems.schema(location, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
  const reader = new Reader(fields, location, language, context, linker);
  reader.string("Comment");
  for (const field of Object.keys(fields)) {
    const status = fieldStatus(stateType, language, field);
    if (status === "unknown") reader.unknownField(field);
    else if (status === "other-language" && !isDowngraded) reader.unknownField(field, true);
  }
  checkLanguage(fields, location, problems);
  const missing = requiredFields(stateType).filter((field) => !reader.has(field));
  if (missing.length > 0) reader.problem(undefined, `These fields are required: [${missing.join(", ")}]`);
  const state = STATE_READERS[stateType](name, reader, (inner, pointer) =>
    readMachine(inner, `${location}/${pointer}`, context, new Set(SUB_FIELDS), names));
  if (hasTransition(stateType)) readTransition(reader, state);
  return state;
}

function readTransition(reader: Reader, state: State | undefined): void {
  const end = reader.boolean("End");
  if (reader.has("Next") && end === true) reader.onlyOne("Next", "End");
  else if (!reader.has("Next") && end !== true) reader.problem(undefined, "This object should have only one of the following fields: [Next, End]");
  reader.link("Next", (target) => { if (state !== undefined) state.next = target; });
}
