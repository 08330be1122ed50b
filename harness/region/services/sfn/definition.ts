/** Definitions as the API takes them: text to machine, or InvalidDefinition. */
import { DefinitionError } from "../../../asl/diagnostics";
import { checkDefinition, parseDefinition, type Parsed } from "../../../asl/parse";
import type { StateMachine } from "../../../asl/state";
import type { TaskResource } from "../../../asl/tasks";
import type { RegionContext } from "../../core/types";
import { invalidDefinition } from "./errors";
import { resolveResource } from "./integrations/resolve";

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAXIMUM_BYTES = 1_048_576;

/** Throws AwsError InvalidDefinition. */
export function readDefinition(region: RegionContext, text: string): StateMachine {
  if (Buffer.byteLength(text) > MAXIMUM_BYTES) throw invalidDefinition(`Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: The definition is longer than ${MAXIMUM_BYTES} bytes'`);
  try {
    return parseDefinition(text, { resolve: (arn) => resolveResource(region, arn) });
  } catch (error) {
    if (error instanceof DefinitionError) throw invalidDefinition(error.message);
    throw error;
  }
}

export type MachineType = "STANDARD" | "EXPRESS";

/** What is wrong with a definition for that type of state machine. Express ones can be validated, though not run. */
export const validateDefinition = (region: RegionContext, text: string, type: MachineType): Parsed =>
  checkDefinition(text, { resolve: (arn) => (type === "EXPRESS" ? inExpress : asItIs)(resolveResource(region, arn)) });

const asItIs = (resource: TaskResource | string): TaskResource | string => resource;

/** Express state machines wait for nothing but an answer. https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html */
function inExpress(resource: TaskResource | string): TaskResource | string {
  if (typeof resource === "string" || resource.pattern === "request") return resource;
  // The service's own texts: one of them ends in a space.
  return `Express state machine does not support '.${resource.pattern === "callback" ? "waitForTaskToken' service integration " : "sync' service integration"}`;
}
