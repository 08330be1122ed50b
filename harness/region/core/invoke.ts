/**
 * The one place where an operation is run, whoever calls and on whichever wire: find it by name, hold the input against its
 * shape, ask the authorizer, run it, and turn whatever it throws into an AwsError.
 */
import { conform, type Scalars } from "../shapes/conform";
import { inputShape } from "../shapes/model";
import { missingMembers, mismatchOf } from "./input-refusals";
import { AwsError, type Authorization, type CallContext, type Operation, type Outcome } from "./types";

/** What an operation belongs to: enough of a Service to run it. */
export interface OperationTable {
  readonly name: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** The operation of that name, or undefined; never something inherited from Object.prototype. */
export function findOperation(service: OperationTable, operation: string): Operation | undefined {
  return Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
}

/** What AWS answers to a call of an operation that the service does not have; the message says that it is this region's limit. */
export function unknownOperation(service: string, operation: string, code = "UnknownOperationException", status = 400): AwsError {
  return new AwsError(code, `The embedded region does not support the operation ${operation || "(none given)"} of ${service}.`, status);
}

/**
 * Runs an operation of a service: checks the input's types, authorizes the call, checks that what is required is there, then calls it.
 * @param scalars how the wire has them; as JSON when not said
 * @throws AwsError always, whatever the operation threw (anything else becomes InternalFailure, status 500, and is
 *   reported to the region).
 */
export async function invoke(service: OperationTable, operation: string, input: unknown, context: CallContext, scalars: Scalars = "typed"): Promise<unknown> {
  const outcome: Outcome = { service: service.name, operation };
  context.outcome = outcome;
  try {
    const run = findOperation(service, operation);
    if (!run) throw unknownOperation(service.name, operation);
    const shape = inputShape(service.name, operation);
    const call: Authorization = { service: service.name, operation, input, context };
    const hold = context.region.meet?.("asked", call);
    if (hold) await hold;
    const missing = shape && conform(shape, input, scalars, mismatchOf(service.name, scalars));
    context.region.injectedErrors?.check(service.name, context.caller);
    const verdict = context.region.authorize?.(call);
    if (verdict) await verdict;
    const refusal = missing && missing.length > 0 ? missingMembers(service.name, missing) : undefined;
    if (refusal) throw refusal;
    const output = await run(input, context);
    const linger = context.region.meet?.("done", call);
    if (linger) await linger;
    return output;
  } catch (error) {
    throw (outcome.error = toAwsError(error, context, `${service.name}:${operation}`));
  }
}

/**
 * The error as AWS would answer it. An AwsError stays what it is; any other one is a defect of the region, answered as
 * InternalFailure with status 500 (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonErrors.html) and reported.
 */
export function toAwsError(error: unknown, context: CallContext, where: string): AwsError {
  if (error instanceof AwsError) return error;
  context.region.reportDefect?.(where, error);
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError("InternalFailure", `The request processing has failed because of an unknown error, exception or failure (${where}: ${message}).`, 500);
}
