/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
import { AwsError, type Operation } from "../../../core/types";
import { bufferOf } from "../../../wire/scalars";
import { constraint, notActive, unsupported } from "../errors";
import type { Invocations } from "../invocations";
import { REFUSED } from "../limits";
import type { LambdaStore } from "../store";

const TYPES = ["RequestResponse", "Event", "DryRun"];
const LARGEST_BYTES: Record<string, number> = { RequestResponse: 6_291_456, Event: 1_048_576 };

interface Input { FunctionName: string; Qualifier?: string; InvocationType?: string; LogType?: string; ClientContext?: string; Payload?: Uint8Array | string; DurableExecutionName?: string; TenantId?: string }

export const invoke = (store: LambdaStore, invocations: Invocations): Operation<Input> => async (input, { requestId }) => {
  const { fn, configuration, qualifier } = store.resolve(input.FunctionName, input.Qualifier);
  if (input.DurableExecutionName !== undefined || input.TenantId !== undefined) throw unsupported(REFUSED.durable);
  const type = input.InvocationType || "RequestResponse";
  if (!TYPES.includes(type)) throw constraint(type, "invocationType", `Member must satisfy enum value set: [${TYPES.join(", ")}]`);
  const payload = readPayload(input.Payload, type);
  if (configuration.pending === "Creating") throw notActive("Pending");
  if (type === "DryRun") return { StatusCode: 204 };
  const invocation = { requestId, payload, clientContext: input.ClientContext, invokedArn: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`, ...(qualifier === undefined ? {} : { qualifier }) };
  if (type === "Event") {
    invocations.enqueue(fn, invocation);
    return { StatusCode: 202, Payload: Buffer.alloc(0) };
  }
  const output = await invocations.run(fn, configuration, invocation);
  return {
    StatusCode: 200,
    ...(output.error ? { FunctionError: "Unhandled" } : {}),
    ...(input.LogType === "Tail" ? { LogResult: output.tail } : {}),
    Payload: typeof output.payload === "string" ? Buffer.from(output.payload, "utf8") : output.payload,
    ExecutedVersion: configuration.version,
  };
};

/** The event, which must be JSON; none counts as an empty object. @throws AwsError InvalidRequestContentException, RequestTooLargeException */
function readPayload(given: Input["Payload"], type: string): string {
  const bytes = typeof given === "string" ? Buffer.from(given, "utf8") : bufferOf(given) ?? Buffer.alloc(0);
  const largest = LARGEST_BYTES[type] ?? LARGEST_BYTES["RequestResponse"]!;
  if (bytes.length > largest) throw new AwsError("RequestTooLargeException", `${bytes.length} byte payload is too large for the ${type} invocation type (limit ${largest} bytes)`, 413, { Type: "User" });
  if (bytes.length === 0) return "{}";
  const text = bytes.toString("utf8");
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError("InvalidRequestContentException", `Could not parse request body into json: Could not parse payload into json: ${(error as Error).message}`, 400, { Type: "User" });
  }
  return text;
}
