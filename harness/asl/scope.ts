/**
 * What the expressions and paths of a state see while it runs, and how they say that they failed.
 */
import type { Microseconds, Random } from "../time/clock";
import type { StatesError } from "./errors";
import type { Json, JsonObject } from "./json";

export type Variables = Readonly<Record<string, Json>>;

/** More than this in bytes of JSON is refused as a state's input, output, result or arguments.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAXIMUM_PAYLOAD_BYTES = 262_144;
/** Of all variables that an execution holds at once. */
export const MAXIMUM_VARIABLES_BYTES = 10 * 1_048_576;

export interface Scope {
  readonly variables: Variables;
  readonly random: Random;
  now(): Microseconds;
  /** The context object: `$states.context`, `$$`.
   * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
  context(): JsonObject;
  /** An error of the interpreter's own, whose cause begins with the state's name and the id of the event that it was entered at. */
  fault(error: string, message: string, details?: StatesError["details"]): StatesError;
}

/** The values behind the reserved variable `$states` besides its context. */
export interface StatesValue {
  input: Json;
  result?: Json;
  errorOutput?: Json;
}
