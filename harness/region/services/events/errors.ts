/** EventBridge's errors: https://docs.aws.amazon.com/eventbridge/latest/APIReference/CommonErrors.html */
import { AwsError } from "../../core/types";
import { notSupported } from "../../core/unsupported";

export const validation = (message: string): AwsError => new AwsError("ValidationException", message);
export const notFound = (message: string): AwsError => new AwsError("ResourceNotFoundException", message);
export const invalidPattern = (reason: string): AwsError => new AwsError("InvalidEventPatternException", `Event pattern is not valid. Reason: ${reason}`);
/** What the API allows and this region does not model. */
export const unsupported = (what: string, given?: string): AwsError => validation(notSupported(what, given));
export const constraint = (value: unknown, name: string, rule: string): AwsError =>
  validation(`1 validation error detected: Value '${String(value)}' at '${name}' failed to satisfy constraint: ${rule}`);
