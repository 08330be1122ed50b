/** Lambda's errors: https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html */
import { AwsError } from "../../core/types";
import { notSupported } from "../../core/unsupported";

export const invalidParameter = (message: string): AwsError => new AwsError("InvalidParameterValueException", message, 400, { Type: "User" });
export const notFound = (message: string): AwsError => new AwsError("ResourceNotFoundException", message, 404, { Type: "User" });
export const conflict = (message: string): AwsError => new AwsError("ResourceConflictException", message, 409, { Type: "User" });
export const functionMissing = (arn: string): AwsError => notFound(`Function not found: ${arn}`);
/** What Lambda has and this region does not. */
export const unsupported = (what: string, given?: string): AwsError => invalidParameter(notSupported(what, given));
export const constraint = (value: unknown, name: string, rule: string): AwsError =>
  new AwsError("ValidationException", `1 validation error detected: Value '${String(value)}' at '${name}' failed to satisfy constraint: ${rule}`);
/** https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
export const notActive = (state: string): AwsError => conflict(`The operation cannot be performed at this time. The function is currently in the following state: ${state}`);
export const beingUpdated = (arn: string): AwsError => conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${arn}`);
/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html */
export const tooManyRequests = (): AwsError => new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded", Type: "User" });
