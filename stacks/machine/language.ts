/**
 * Amazon States Language with JSONata, as values: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html.
 */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type State = { [key: string]: Json };
/** States by their names. */
export type States = { [name: string]: State };

/** A JSONata expression as a field's value. */
export const jsonata = (expression: string): string => `{% ${expression} %}`;

/** A JSONata string literal: JSONata takes JSON's escapes. */
export const literal = (text: string): string => JSON.stringify(text);

/** JSONata for the ARN of the execution that runs. */
export const ME = "$states.context.Execution.Id";

/** The end of an execution with `error`; `cause` is JSONata. */
export const fail = (error: string, cause: string): State => ({ Type: "Fail", Error: error, Cause: jsonata(cause) });
