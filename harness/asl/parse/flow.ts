/** Reads the fields that move a state's data. */
import { JsonataFlow, JsonPathFlow, type Flow, type JsonataFields, type JsonPathFields } from "../states/flow";
import type { Reader } from "./reader";

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;
/** https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html */
const MAXIMUM_NAME_LENGTH = 80;

/** `resultIsInput`: the state has no result of its own for `$states.result` (Pass, Wait, Choice, Succeed). */
export function readFlow(reader: Reader, resultIsInput: boolean): Flow {
  checkAssign(reader);
  return reader.language === "JSONata" ? new JsonataFlow(readJsonata(reader), resultIsInput) : new JsonPathFlow(readJsonPath(reader));
}

export function readJsonata(reader: Reader): JsonataFields {
  const fields: JsonataFields = {};
  const [parameters, output, assign] = [reader.template("Arguments"), reader.template("Output"), reader.template("Assign")];
  if (parameters !== undefined) fields.arguments = parameters;
  if (output !== undefined) fields.output = output;
  if (assign !== undefined) fields.assign = assign;
  return fields;
}

function readJsonPath(reader: Reader): JsonPathFields {
  const fields: JsonPathFields = {};
  const [inputPath, outputPath, resultPath] = [reader.path("InputPath"), reader.path("OutputPath"), reader.referencePath("ResultPath")];
  if (inputPath !== undefined) fields.inputPath = inputPath;
  if (outputPath !== undefined) fields.outputPath = outputPath;
  if (resultPath !== undefined) fields.resultPath = resultPath;
  const [parameters, resultSelector, assign] = [reader.payload("Parameters"), reader.payload("ResultSelector"), reader.payload("Assign")];
  if (parameters !== undefined) fields.parameters = parameters;
  if (resultSelector !== undefined) fields.resultSelector = resultSelector;
  if (assign !== undefined) fields.assign = assign;
  return fields;
}

/** Assign is an object whose names can be variables. */
export function checkAssign(reader: Reader): void {
  const assign = reader.object("Assign");
  for (const key of Object.keys(assign ?? {})) {
    const name = reader.language === "JSONPath" && key.endsWith(".$") ? key.slice(0, -2) : key;
    if (!NAME.test(name)) reader.coded("INVALID_VARIABLE_NAME", `Assign/${key}`, `Invalid variable name '${name}': the variable name contains invalid characters.`);
    else if (name.length > MAXIMUM_NAME_LENGTH) reader.coded("INVALID_VARIABLE_NAME", `Assign/${key}`, `Invalid variable name '${name}': the variable name exceeds the ${MAXIMUM_NAME_LENGTH}-character limit.`);
    else if (name === "states") reader.coded("RESERVED_VARIABLE_NAME", `Assign/${key}`, "Cannot assign to reserved variable '$states'.");
  }
}
