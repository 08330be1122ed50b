/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html */
import type { Operation } from "../../../core/types";
import { validation } from "../errors";
import { compilePattern } from "../pattern";

const REQUIRED = ["id", "account", "source", "time", "region", "resources", "detail-type"];

export const testEventPattern = (): Operation<{ EventPattern: string; Event: string }> => (input) => {
  const matches = compilePattern(input.EventPattern);
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(input.Event) as Record<string, unknown>;
  } catch {
    throw validation("Parameter Event is not valid.");
  }
  const missing = REQUIRED.find((member) => event?.[member] === undefined);
  if (missing) throw validation(`Parameter Event is not valid. Reason: ${missing} is a required field.`);
  return { Result: matches(event) };
};
