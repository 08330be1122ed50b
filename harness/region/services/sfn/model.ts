/**
 * What the API model says of members' lengths, checked before an operation runs, as the service's front does: all that is wrong in one
 * message. Values that the model calls sensitive are not told.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
 */
import type { Operation } from "../../core/types";
import { validation } from "./errors";

interface Length { least: number; most: number; isSensitive?: true }

const ARN: Length = { least: 1, most: 256 };
const LONG_ARN: Length = { least: 1, most: 2000 };
const DATA: Length = { least: 0, most: 262_144, isSensitive: true };

/** By member; the same in every operation but for what follows. */
export const LENGTHS: Readonly<Record<string, Length>> = {
  name: { least: 1, most: 80 },
  stateMachineArn: ARN, executionArn: ARN, resourceArn: ARN, roleArn: ARN, stateMachineAliasArn: ARN,
  stateMachineVersionArn: LONG_ARN, mapRunArn: LONG_ARN,
  definition: { least: 1, most: 1_048_576, isSensitive: true },
  input: DATA, output: DATA,
  error: { least: 0, most: 256, isSensitive: true }, cause: { least: 0, most: 32_768, isSensitive: true },
  taskToken: { least: 1, most: 2048 }, clientToken: { least: 1, most: 64 }, nextToken: { least: 1, most: 1024 }, traceHeader: { least: 0, most: 256 },
  description: { least: 0, most: 256, isSensitive: true }, versionDescription: { least: 0, most: 256, isSensitive: true },
};
const OF_OPERATION: Readonly<Record<string, Readonly<Record<string, Length>>>> = { ListExecutions: { nextToken: { least: 1, most: 3096 } } };

/** The operations, each preceded by the check. */
export const modelled = (operations: Readonly<Record<string, Operation>>): Record<string, Operation> =>
  Object.fromEntries(Object.entries(operations).map(([name, run]): [string, Operation] => {
    const lengths = { ...LENGTHS, ...OF_OPERATION[name] };
    return [name, (input, context) => {
      checkLengths(input as Record<string, unknown>, lengths);
      return run(input, context) as unknown;
    }];
  }));

/** Throws AwsError ValidationException. */
function checkLengths(input: Record<string, unknown>, lengths: Readonly<Record<string, Length>>): void {
  const problems: string[] = [];
  for (const [member, value] of Object.entries(input)) {
    const limits = Object.hasOwn(lengths, member) ? lengths[member] : undefined;
    if (limits === undefined || typeof value !== "string" || (value.length >= limits.least && value.length <= limits.most)) continue;
    const rule = value.length < limits.least ? `greater than or equal to ${limits.least}` : `less than or equal to ${limits.most}`;
    problems.push(`Value ${limits.isSensitive ? "" : `'${value}' `}at '${member}' failed to satisfy constraint: Member must have length ${rule}`);
  }
  if (problems.length > 0) throw validation(`${problems.length} validation error${problems.length > 1 ? "s" : ""} detected: ${problems.join("; ")}`);
}
