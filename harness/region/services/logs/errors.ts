/** CloudWatch Logs' errors: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html */
import { AwsError } from "../../core/types";

export const invalidParameter = (message: string): AwsError => new AwsError("InvalidParameterException", message);
export const groupMissing = (): AwsError => new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
export const streamMissing = (): AwsError => new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
export const queryMissing = (queryId: string): AwsError => new AwsError("ResourceNotFoundException", `The specified query ${queryId} does not exist.`);
export const alreadyExists = (what: string): AwsError => new AwsError("ResourceAlreadyExistsException", `The specified ${what} already exists`);

/** The generic refusal of a member: AWS's wording for constraints of the API model. */
export const constraint = (value: unknown, name: string, rule: string): AwsError =>
  invalidParameter(`1 validation error detected: Value '${String(value)}' at '${name}' failed to satisfy constraint: ${rule}`);
