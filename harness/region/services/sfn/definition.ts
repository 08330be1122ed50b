/** Definitions as the API takes them: text to machine, or InvalidDefinition. */
import { DefinitionError } from "../../../asl/diagnostics";
import { checkDefinition, parseDefinition, type Parsed } from "../../../asl/parse";
import type { StateMachine } from "../../../asl/state";
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

export const validateDefinition = (region: RegionContext, text: string): Parsed => checkDefinition(text, { resolve: (arn) => resolveResource(region, arn) });
