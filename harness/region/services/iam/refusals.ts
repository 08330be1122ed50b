/** IAM's refusals. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and each operation's page */
import { AwsError } from "../../core/types";

export const exists = (message: string): AwsError => new AwsError("EntityAlreadyExists", message, 409);
export const conflict = (message: string): AwsError => new AwsError("DeleteConflict", message, 409);
export const limits = (member: string, value: number, least: number, most: number): AwsError => new AwsError(
  "ValidationError",
  value < least
    ? `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value greater than or equal to ${least}`
    : `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value less than or equal to ${most}`,
);
