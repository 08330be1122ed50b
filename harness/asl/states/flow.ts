/**
 * What happens to a state's data before and after its work, in both query languages.
 * JSONPath: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
 * JSONata: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */
import type { Branch } from "../branch";
import { then, type Json, type JsonObject, type Maybe } from "../json";
import { evaluateTemplate, type Template } from "../jsonata/template";
import { replaceAt, Unreachable } from "../jsonpath/reference-path";
import type { Path } from "../jsonpath/path";
import { evaluatePayload, type PayloadTemplate } from "../jsonpath/template";
import type { Reference } from "../jsonpath/value";
import type { StatesValue, Variables } from "../scope";

export interface Completion { output: Json; assigned?: Variables }

export interface Flow {
  /** What the state works on: InputPath and Parameters, or Arguments. */
  prepare(branch: Branch, input: Json): Maybe<Json>;
  /** What the state gives: ResultSelector, ResultPath and OutputPath, or Output; and Assign. */
  complete(branch: Branch, input: Json, result: Json): Maybe<Completion>;
}

export interface JsonataFields { arguments?: Template; output?: Template; assign?: Template }

export class JsonataFlow implements Flow {
  constructor(private readonly fields: JsonataFields, private readonly resultIsInput: boolean) {}

  prepare(branch: Branch, input: Json): Maybe<Json> {
    return this.fields.arguments === undefined ? input : evaluateTemplate(this.fields.arguments, branch, { input });
  }

  complete(branch: Branch, input: Json, result: Json): Maybe<Completion> {
    return completeJsonata(this.fields, branch, this.resultIsInput ? { input } : { input, result }, result);
  }
}

/** Assign and Output of a state, a choice rule or a catcher; without Output, `otherwise` is the output. */
export function completeJsonata({ assign, output }: JsonataFields, branch: Branch, states: StatesValue, otherwise: Json): Maybe<Completion> {
  const assigned = assign === undefined ? undefined : evaluateTemplate(assign, branch, states);
  return then(assigned, (variables) => {
    if (output === undefined) return variables === undefined ? { output: otherwise } : { output: otherwise, assigned: variables as JsonObject };
    return then(evaluateTemplate(output, branch, states), (value) => (variables === undefined ? { output: value } : { output: value, assigned: variables as JsonObject }));
  });
}

export interface JsonPathFields {
  /** Null: the empty object instead of what was there. Undefined: `$`. */
  inputPath?: Reference | null;
  parameters?: PayloadTemplate;
  resultSelector?: PayloadTemplate;
  /** Null: the result is dropped. Undefined: `$`. */
  resultPath?: Path | null;
  outputPath?: Reference | null;
  assign?: PayloadTemplate;
}

export class JsonPathFlow implements Flow {
  private readonly plain: boolean;
  constructor(readonly fields: JsonPathFields) {
    this.plain = Object.keys(fields).length === 0;
  }

  prepare(branch: Branch, input: Json): Json {
    if (this.plain) return input;
    const { inputPath, parameters } = this.fields;
    const selected = select(inputPath, branch, input, "InputPath");
    return parameters === undefined ? selected : evaluatePayload(parameters, branch, selected);
  }

  complete(branch: Branch, input: Json, result: Json): Completion {
    if (this.plain) return { output: result };
    const { resultSelector, resultPath, outputPath, assign } = this.fields;
    const selected = resultSelector === undefined ? result : evaluatePayload(resultSelector, branch, result);
    const assigned = assign === undefined ? undefined : (evaluatePayload(assign, branch, selected) as JsonObject);
    const combined = combine(resultPath, branch, input, selected);
    const output = select(outputPath, branch, combined, "OutputPath");
    return assigned === undefined ? { output } : { output, assigned };
  }
}

export function select(path: Reference | null | undefined, branch: Branch, data: Json, field: string): Json {
  if (path === undefined) return data;
  return path === null ? {} : path.evaluate(branch, data, field);
}

/** ResultPath: the result at its place in the state's input. Throws States.ResultPathMatchFailure. */
export function combine(path: Path | null | undefined, branch: Branch, input: Json, result: Json): Json {
  if (path === undefined) return result;
  if (path === null) return input;
  try {
    return replaceAt(input, path.steps, result);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw branch.fault("States.ResultPathMatchFailure", `Unable to apply ReferencePath ${path.source} to input ${JSON.stringify(input)}`);
  }
}

