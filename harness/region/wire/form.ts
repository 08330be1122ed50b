/** Form-encoded requests, of both query protocols: an `Action`, and its parameters. */
import { findOperation, invoke, unknownOperation } from "../core/invoke";
import type { CallContext, WireRequest } from "../core/types";
import { decodeDotted } from "./dotted";
import type { ServiceOptions } from "./respond";

/** The parameters: the body of a POST, or the query string of a GET. */
function formOf(request: WireRequest): URLSearchParams {
  return new URLSearchParams(request.body.length > 0 ? request.body.toString("utf8") : request.query);
}

/**
 * Runs the operation that a form asks for.
 * @param lists what introduces members of lists, as `decodeDotted` has it
 * @throws AwsError
 */
export async function runForm(options: ServiceOptions, request: WireRequest, context: CallContext, lists: "" | "member"): Promise<{ action: string; output: unknown }> {
  const { Action, Version: _version, ...input } = decodeDotted(formOf(request), lists);
  const action = typeof Action === "string" ? Action : "";
  if (!findOperation(options, action)) throw unknownOperation(options.name, action, "InvalidAction");
  return { action, output: await invoke(options, action, input, context, "text") };
}
