/** Reading what several operations take. */
import type { Json } from "../../../asl/json";
import { JsonTextProblem, parseJsonText } from "../../../asl/json-text";
import { pageOf as page, type Page } from "../../core/paging";
import { AwsError } from "../../core/types";
import { constraint, invalidExecutionInput, invalidPageToken, validation } from "./errors";
import type { LoggingConfiguration } from "./store";

const LEVELS: readonly string[] = ["ALL", "ERROR", "FATAL", "OFF"];
/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAXIMUM_INPUT_BYTES = 262_144;

/** Throws AwsError InvalidLoggingConfiguration. */
export function readLogging(given: Partial<LoggingConfiguration> | undefined): LoggingConfiguration {
  const { level = "OFF", includeExecutionData = false, destinations } = given ?? {};
  checkEnum(level, "loggingConfiguration.level", LEVELS);
  if ((destinations?.length ?? 0) > 1) throw new AwsError("InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination.");
  const groupArn = destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn;
  if (level !== "OFF" && groupArn === undefined) throw new AwsError("InvalidLoggingConfiguration", "Invalid Logging Configuration: Must specify exactly one Log Destination.");
  if (groupArn !== undefined && !groupArn.endsWith(":*")) throw new AwsError("InvalidLoggingConfiguration", "Invalid Logging Configuration: Log Destination must end with ':*'.");
  return { level, includeExecutionData, ...(destinations === undefined ? {} : { destinations }) };
}

export const readTracing = (given: { enabled?: boolean } | undefined): { enabled: boolean } => ({ enabled: given?.enabled ?? false });

/** Throws AwsError InvalidExecutionInput for what is too long or no JSON. */
export function readInput(text: string): Json {
  if (Buffer.byteLength(text) > MAXIMUM_INPUT_BYTES) throw validation(`1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAXIMUM_INPUT_BYTES}`);
  if (text.trim() === "") throw invalidExecutionInput("Invalid execution input.");
  try {
    return parseJsonText(text);
  } catch (error) {
    if (error instanceof JsonTextProblem) throw invalidExecutionInput(error.reason);
    throw error;
  }
}

/** Page sizes: 0 and absent mean the default. */
export function readMaxResults(given: number | undefined, fallback = 100, most = 1000): number {
  if (given === undefined || given === 0) return fallback;
  if (given < 0 || given > most) throw constraint(given, "maxResults", `Member must have value ${given < 0 ? "greater than or equal to 0" : `less than or equal to ${most}`}`);
  return given;
}

/** Throws AwsError ValidationException. */
export function checkEnum(given: string | undefined, member: string, values: readonly string[]): void {
  if (given !== undefined && !values.includes(given)) throw constraint(given, member, `Member must satisfy enum value set: [${values.join(", ")}]`);
}

/** Throws AwsError InvalidToken for a page's token that is none of ours. */
export function pageOf<T>(all: readonly T[], limit: number, token: string | undefined): Page<T> {
  return page(all, limit, token, invalidPageToken);
}
